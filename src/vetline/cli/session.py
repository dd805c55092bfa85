"""From a profile's name and the environment to a client: whom to call, and as whom. Every command begins here.

What the command line names counts before the environment. Nothing is guessed: where two of them contradict each other,
a token could go to the wrong service, so the command stops with a sentence.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from vetline.cli import exits
from vetline.cli.failing import CliError
from vetline.cli.output import note
from vetline.cli.profiles import SANDBOX, Profile, all_profiles, profile_named

if TYPE_CHECKING:
    from vetline import AsyncPartnerCenter, PartnerCenter
    from vetline.sdk.observing import Event

APPLICATION = "Vetline CLI"
LOCAL = "http://127.0.0.1:8080"
_LONG_PAUSE = 3.0

_NOBODY = (
    "Nobody is signed in. `vetline login` signs in to Partner Center; `--profile sandbox` uses a running sandbox; "
    "VETLINE_BASE_URL with VETLINE_ACCESS_TOKEN need no login."
)


class Target(msgspec.Struct, frozen=True):
    """Whom to call, and as whom.

    Parameters:
        base_url: where the service answers.
        credential: as the client takes it.
    """

    base_url: str
    credential: Any


def open_client(profile: str | None = None, *, as_reviewer: bool = False) -> "PartnerCenter":
    """Return a client; close it.

    Parameters:
        profile: the profile's name; `None` leaves it to the environment.
        as_reviewer: in a sandbox, as the reviewer instead of a partner.

    Raises:
        CliError: it is not clear whom to call, or nobody is signed in.
    """
    from vetline import PartnerCenter

    found = target(profile, os.environ, as_reviewer=as_reviewer)
    return PartnerCenter(found.credential, base_url=found.base_url, application_name=APPLICATION, on_event=tell_pause)


def open_async(profile: str | None = None) -> "AsyncPartnerCenter":
    """Return an asynchronous client; close it.

    Parameters:
        profile: the profile's name; `None` leaves it to the environment.

    Raises:
        CliError: it is not clear whom to call, or nobody is signed in.
    """
    from vetline import AsyncPartnerCenter

    found = target(profile, os.environ)
    return AsyncPartnerCenter(found.credential, base_url=found.base_url, application_name=APPLICATION)


def tell_pause(event: "Event") -> None:
    """Say that the service asks to wait, when it is long enough to be wondered at."""
    from vetline.sdk.observing import Paused

    if isinstance(event, Paused) and event.told and event.seconds >= _LONG_PAUSE:
        note(f"vetline: the service is busy ({event.status}); trying again in {event.seconds:.0f} s.")


def target(profile: str | None, environment: Mapping[str, str], *, as_reviewer: bool = False) -> Target:
    """Return whom to call, and as whom.

    Parameters:
        profile: what `--profile` named.
        environment: the process's variables.
        as_reviewer: in a sandbox, as the reviewer.

    Raises:
        CliError: it is not clear, or nobody is signed in.
    """
    token = environment.get("VETLINE_ACCESS_TOKEN", "").strip()
    if token and not profile:
        return Target(_address_for(token, environment), token)
    name = profile or environment.get("VETLINE_PROFILE", "").strip() or _only_profile(environment)
    if name == SANDBOX:
        return _sandbox(environment, as_reviewer=as_reviewer)
    return _signed_in(name, profile_named(name), environment)


def _address_for(token: str, environment: Mapping[str, str]) -> str:
    base_url = _base_url(environment)
    name = environment.get("VETLINE_PROFILE", "").strip()
    if base_url or not name:
        return base_url or _stop("VETLINE_ACCESS_TOKEN needs VETLINE_BASE_URL: it says to whom the token may be shown.")
    return LOCAL if name == SANDBOX else profile_named(name).address


def _only_profile(environment: Mapping[str, str]) -> str:
    if base_url := _base_url(environment):
        _stop(
            f"VETLINE_BASE_URL names {base_url}, but nobody is signed in there: add VETLINE_ACCESS_TOKEN, or "
            "`--profile sandbox` if it is a sandbox.",
            exits.LOGIN,
        )
    found = list(all_profiles())
    if not found:
        _stop(_NOBODY, exits.LOGIN)
    if len(found) > 1:
        _stop(f"There are several profiles: choose with --profile or VETLINE_PROFILE: {', '.join(sorted(found))}.")
    return found[0]


def _sandbox(environment: Mapping[str, str], *, as_reviewer: bool) -> Target:
    from vetline.cli.sandboxes import SandboxPerson

    base_url = _base_url(environment) or LOCAL
    return Target(base_url, SandboxPerson(base_url, reviewer=as_reviewer))


def _signed_in(name: str, profile: Profile, environment: Mapping[str, str]) -> Target:
    from vetline.cli.signing_in import tokens_of

    base_url = _base_url(environment)
    if base_url and base_url != profile.address.rstrip("/"):
        _stop(
            f"The profile '{name}' is for {profile.address}, but VETLINE_BASE_URL names {base_url}: unset one of them."
        )
    return Target(profile.address, tokens_of(name, profile))


def _base_url(environment: Mapping[str, str]) -> str:
    return environment.get("VETLINE_BASE_URL", "").strip().rstrip("/")


def _stop(sentence: str, code: int = exits.USAGE) -> str:
    raise CliError(sentence, code)
