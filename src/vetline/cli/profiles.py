"""The profiles: whom to call and as whom, by name, in one TOML file of the user's. Never a secret.

The file says where tokens go, so one that others may write is refused.
"""

import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
import platformdirs

from vetline.cli import exits
from vetline.cli.failing import CliError
from vetline.cli.locking import held
from vetline.files import replace_file

SANDBOX: Final = "sandbox"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Kind = Literal["device-code", "client-secret"]
Keeper = Literal["keyring", "file"]


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom to call, and as whom.

    Parameters:
        tenant: the partner's tenant.
        client_id: the application's.
        credential: how it signs in.
        kept_in: where its secret or refresh token is.
        cloud: ``global``, ``china`` or ``us-gov``.
        base_url: where another service answers, such as a Vetline of one's own; empty for the cloud's.
        authority: who signs in; empty for the cloud's.
    """

    tenant: str
    client_id: str
    credential: Kind
    kept_in: Keeper
    cloud: str = "global"
    base_url: str = ""
    authority: str = ""

    def __post_init__(self) -> None:
        """Refuse what would send a token astray."""
        from vetline.sdk.clouds import CLOUDS

        if self.cloud not in CLOUDS:
            raise ValueError(f"cloud must be one of {', '.join(CLOUDS)}")
        for name in ("tenant", "client_id"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is missing")
        for name in ("base_url", "authority"):
            check_url(name, getattr(self, name))

    @property
    def address(self) -> str:
        """Where the service answers."""
        from vetline.sdk.clouds import CLOUDS

        return self.base_url or CLOUDS[self.cloud].base_url

    @property
    def signs_in_at(self) -> str:
        """Where tokens come from."""
        from vetline.sdk.clouds import CLOUDS

        return self.authority or CLOUDS[self.cloud].authority


class _File(msgspec.Struct, forbid_unknown_fields=True):
    profiles: dict[str, Profile] = {}


def check_url(name: str, url: str) -> None:
    """Refuse an address to which a secret would go in the clear.

    Raises:
        ValueError: it is neither https nor on this machine.
    """
    if not url:
        return
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not safe or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"{name} must be an https address, or http on this machine, such as http://127.0.0.1:8080")


def check_name(name: str) -> str:
    """Return a profile's name.

    Raises:
        CliError: it cannot be one.
    """
    if not _NAME.fullmatch(name):
        raise CliError("A profile's name has letters, digits, '.', '_' and '-', 64 at most, and begins with no sign.")
    if name == SANDBOX:
        raise CliError(f"The profile '{SANDBOX}' is there without a login: `--profile sandbox` uses a running sandbox.")
    return name


def folder() -> Path:
    """Return where the profiles are: the user's configuration folder, `$XDG_CONFIG_HOME/vetline` where that is set."""
    return platformdirs.user_config_path("vetline", appauthor=False)


def path() -> Path:
    """Return the profiles' file."""
    return folder() / "profiles.toml"


def all_profiles() -> dict[str, Profile]:
    """Return the profiles by their names.

    Raises:
        CliError: the file cannot be read, is not sound, or others may write it.
    """
    file = path()
    try:
        _check_mode(file)
        given: Mapping[str, Any] = tomllib.loads(file.read_text("utf-8"))
        found = msgspec.convert(given, _File).profiles
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CliError(f"The profiles in {file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise CliError(f"The profiles in {file} are not sound: {error}. Mend the file, or move it away.") from error
    for name in found:
        check_name(name)
    return found


def _check_mode(file: Path) -> None:
    mode = file.stat().st_mode
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise CliError(f"Others may write {file} and send your tokens elsewhere: look at it, then `chmod 600 {file}`.")


def profile_named(name: str) -> Profile:
    """Return a profile.

    Raises:
        CliError: there is none of that name.
    """
    found = all_profiles()
    if name not in found:
        known = f"There are: {', '.join(sorted([*found, SANDBOX]))}."
        raise CliError(f"There is no profile '{name}'. {known} `vetline login --profile NAME` makes one.", exits.LOGIN)
    return found[name]


def put_profile(name: str, profile: Profile) -> None:
    """Keep a profile under a name, instead of the one that was there."""
    with held(path()):
        _write(all_profiles() | {name: profile})


def drop_profile(name: str) -> None:
    """Forget a profile."""
    with held(path()):
        _write({kept: profile for kept, profile in all_profiles().items() if kept != name})


def _write(profiles: Mapping[str, Profile]) -> None:
    import tomli_w

    document = {"profiles": {name: msgspec.to_builtins(profiles[name]) for name in sorted(profiles)}}
    try:
        private_folder(folder())
        replace_file(path(), tomli_w.dumps(document).encode())
    except OSError as error:
        raise CliError(f"The profiles cannot be written to {path()}: {error.strerror}.") from error


def private_folder(where: Path) -> Path:
    """Make a folder that is its owner's alone, unless it is there, and return it."""
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    return where
