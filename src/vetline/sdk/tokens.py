"""Access tokens: from whatever the user has as a credential, kept until shortly before they end."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

from vetline.sdk.deciphering import one_line
from vetline.sdk.errors import CredentialError, InvalidArgumentError
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Ask, Conversation

# A token that ends so soon is renewed first: it has to live through the request. The .NET client takes 30 seconds.
# https://github.com/microsoft/partner-center-sdk-for-dotNET AuthenticationToken
SPARE_SECONDS = 60.0


class AccessToken(msgspec.Struct, frozen=True):
    """An access token.

    Parameters:
        token: its text.
        ends: when it ends, in seconds since 1970; `None` when nobody said.
    """

    token: str
    ends: float | None = None

    def __repr__(self) -> str:
        """Return it without its text."""
        return f"AccessToken(ends={self.ends})"


@runtime_checkable
class TokenSource(Protocol):
    """Where tokens come from: one of `vetline.sdk.credentials`, or what the user brought."""

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a fresh token.

        Raises:
            CredentialError: there is none to be had.
        """
        ...


class TokenCache:
    """The token that a client and its copies share. Whoever drives it lets one conversation run at a time.

    Parameters:
        source: where fresh ones come from.
        around: tells the time.
    """

    def __init__(self, source: TokenSource, around: Surroundings) -> None:
        self._source = source
        self._around = around
        self._held: AccessToken | None = None

    def kept(self, refused: str | None) -> str | None:
        """Return the token at hand; `None` when a fresh one is needed.

        Parameters:
            refused: the token that the service did not accept; `None` when there was none.
        """
        held = self._held
        if held is None or held.token == refused:
            return None
        if held.ends is not None and held.ends - SPARE_SECONDS <= self._around.wall():
            return None
        return held.token

    def conversation(self, refused: str | None) -> Conversation[str]:
        """Return the conversation that gets a token.

        Raises:
            CredentialError: there is none to be had.
        """
        kept = self.kept(refused)
        if kept is not None:
            return kept
        self._held = yield from self._source.conversation(self._around)
        return self._held.token


class Brought:
    """A credential that the user brought: a text, a function, or anything with `get_token(*scopes)`.

    Parameters:
        ask: what gives the token.
    """

    def __init__(self, ask: Callable[[], Any]) -> None:
        self._ask = ask

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that asks the user's credential."""
        given = yield Ask(self._ask)
        return token_in(given, around.wall())


def source_of(credential: Any, scope: str) -> TokenSource:
    """Return where tokens come from.

    Parameters:
        credential: a text; a function that returns a token (a text, MSAL's dictionary, or an object with `token`),
            also an asynchronous one; anything with `get_token(*scopes)`, such as the credentials of azure-identity;
            or one of `vetline.sdk.credentials`.
        scope: what the token is for.

    Raises:
        InvalidArgumentError: it is none of these.
    """
    if isinstance(credential, TokenSource):
        return credential
    if isinstance(credential, str):
        return Brought(lambda: credential)
    if hasattr(credential, "get_token"):
        return Brought(lambda: credential.get_token(scope))
    if callable(credential):
        return Brought(credential)
    raise InvalidArgumentError(
        "A credential is a token's text, a function that returns one, or anything with get_token(*scopes), such as "
        f"azure-identity's ClientSecretCredential; this is a {type(credential).__name__}."
    )


def token_in(given: Any, now: float) -> AccessToken:
    """Return the token in what a credential gave.

    Parameters:
        given: a text, MSAL's dictionary, or an object with `token` and perhaps `expires_on`.
        now: the moment, in seconds since 1970.

    Raises:
        CredentialError: there is none in it.
    """
    if isinstance(given, Mapping):
        return _from_msal(given, now)
    text = given if isinstance(given, str) else getattr(given, "token", None)
    return _checked(text, _number(getattr(given, "expires_on", None)))


def _from_msal(given: Mapping[str, Any], now: float) -> AccessToken:
    """Read what MSAL returns. https://msal-python.readthedocs.io: `access_token` and `expires_in`, or `error`."""
    if "access_token" not in given:
        said = one_line(str(given.get("error_description") or given.get("error") or "it holds no access_token"))
        code = one_line(str(given.get("error") or ""))
        raise CredentialError(f"The credential gave no token: {said}", category="Unauthorized", code=code)
    seconds = _number(given.get("expires_in"))
    return _checked(given["access_token"], None if seconds is None else now + seconds)


def _number(value: Any) -> float | None:
    """Return a number, also when it is written as text, as the v1 endpoint does; `None` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _checked(text: Any, ends: float | None) -> AccessToken:
    bare = _without_scheme(text.strip()) if isinstance(text, str) else ""
    if not bare or not bare.isascii() or not bare.isprintable() or " " in bare:
        raise CredentialError("The credential gave no token, or one that cannot be sent.", category="Unauthorized")
    return AccessToken(bare, ends)


def _without_scheme(text: str) -> str:
    scheme, _, rest = text.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else text
