"""Every form of credential gives a token or one error, and tokens are renewed in time."""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.driving import BEGIN, World
from vetline.sdk.errors import CredentialError, InvalidArgumentError
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Conversation
from vetline.sdk.tokens import AccessToken, TokenCache, source_of, token_in

SCOPE = "https://api.test/.default"


class AzureLike:
    """As azure-identity's: positional scopes, an object with `token` and `expires_on`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def get_token(self, *scopes: str, **options: Any) -> Any:
        """Return a token that lives for an hour."""
        self.asked.append(scopes)
        return SimpleNamespace(token="azure", expires_on=int(BEGIN) + 3600)

    def __call__(self) -> str:
        """Be a function, too, which is not what is asked."""
        raise AssertionError


def given_by(credential: Any) -> AccessToken:
    """Return the token that a credential gives."""
    world = World()
    return world.run(source_of(credential, SCOPE).conversation(world.around))


MSAL = {"access_token": "msal", "expires_in": 3599, "token_type": "Bearer"}


@pytest.mark.parametrize(
    ("credential", "token", "lives"),
    [
        ("text", "text", None),
        (" Bearer text \n", "text", None),
        (lambda: "given", "given", None),
        (lambda: MSAL, "msal", 3599),
        (lambda: MSAL | {"expires_in": "3599"}, "msal", 3599),
        (lambda: {"access_token": "msal"}, "msal", None),
        (lambda: SimpleNamespace(token="object"), "object", None),
        (lambda: SimpleNamespace(token="object", expires_on=BEGIN + 60), "object", 60),
        (lambda: AccessToken("ours", BEGIN + 5), "ours", None),
        (AzureLike(), "azure", 3600),
    ],
)
def test_every_form_of_credential(credential: Any, token: str, lives: float | None) -> None:
    """A text, a function, MSAL's dictionary, an object, azure-identity's."""
    found = given_by(credential)
    assert found.token == token
    assert found.ends == (None if lives is None else BEGIN + lives)


def test_the_scope_is_what_is_asked_for() -> None:
    """And `get_token` is asked rather than the object called."""
    credential = AzureLike()
    given_by(credential)
    assert credential.asked == [(SCOPE,)]


@pytest.mark.parametrize("credential", [None, 5, b"token", [], {"access_token": "x"}, object()])
def test_what_is_no_credential_is_refused_when_it_is_handed_over(credential: Any) -> None:
    """With the list of what is one."""
    with pytest.raises(InvalidArgumentError, match="get_token"):
        source_of(credential, SCOPE)


HOSTILE = ["", "  ", "Bearer ", "a b", "a\r\nEvil: 1", "a\x00b", "tökén", "Bearer a b", "\u2028"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "form",
    [
        lambda text: text,
        lambda text: lambda: text,
        lambda text: lambda: {"access_token": text},
        lambda text: AzureText(text),
    ],
)
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(form: Callable[[str], Any], text: str) -> None:
    """Neither blank nor of two lines; the error does not repeat it."""
    with pytest.raises(CredentialError) as caught:
        given_by(form(text))
    assert len(text.strip()) < 3 or text not in str(caught.value)


class AzureText:
    """A credential that gives an object with a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_token(self, *scopes: str) -> Any:
        """Return it."""
        return SimpleNamespace(token=self._text, expires_on=0)


@pytest.mark.parametrize("gives", [None, 5, [], {}, object(), {"access_token": None}, {"token": "x"}, b"token"])
def test_what_holds_no_token_is_an_error(gives: Any) -> None:
    """One of the client's own."""
    with pytest.raises(CredentialError):
        given_by(lambda: gives)


def test_what_msal_says_is_handed_on() -> None:
    """Its description, in one line, and its kind as the code."""
    said = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret.\r\nTrace ID: x"}
    with pytest.raises(CredentialError, match="AADSTS7000215: Invalid client secret") as caught:
        given_by(lambda: said)
    assert caught.value.code == "invalid_client"
    assert str(caught.value).isprintable()


JSON_LIKE = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("²") | st.just(10**400)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("access_token", "expires_in", "error", "error_description"), JSON_LIKE)
    )
    | st.builds(SimpleNamespace, token=JSON_LIKE, expires_on=JSON_LIKE)
    | JSON_LIKE
)
def test_whatever_a_credential_gives_is_a_token_or_an_error(gives: Any) -> None:
    """Never an error of another kind, and never a token without an end that can be compared."""
    try:
        found = token_in(gives, BEGIN)
    except CredentialError:
        return
    assert found.token.isprintable()
    assert found.ends is None or math.isfinite(found.ends)


def test_a_token_does_not_show_itself() -> None:
    """In no repr."""
    assert "hush" not in repr(AccessToken("hush", 5.0))


class Hourly:
    """Gives a new token each time, which lives for an hour."""

    def __init__(self) -> None:
        self.count = 0

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation, which asks for nothing."""
        self.count += 1
        return AccessToken(f"token-{self.count}", around.wall() + 3600)
        yield


def token_of(world: World, refused: str | None = None) -> str:
    """Return a token as the drivers do."""
    return world.tokens.kept(refused) or world.run(world.tokens.conversation(refused))


def test_a_token_is_kept_until_a_minute_before_its_end() -> None:
    """It has to live through the request."""
    world = World(source=Hourly())
    assert token_of(world) == "token-1"
    world.elapsed = 3539.0
    assert token_of(world) == "token-1"
    world.elapsed = 3540.0
    assert token_of(world) == "token-2"


def test_a_token_of_unknown_life_is_kept_until_it_is_refused() -> None:
    """Nobody said when it ends."""
    row = iter(["a", "b"])
    world = World(source=source_of(lambda: next(row), SCOPE))
    assert token_of(world) == "a"
    world.elapsed = 1e9
    assert token_of(world) == "a"
    assert token_of(world, refused="a") == "b"


def test_a_refused_token_is_renewed_once_for_all() -> None:
    """Who comes second with the same refusal takes the new one."""
    world = World(source=Hourly())
    first = token_of(world)
    assert token_of(world, refused=first) == "token-2"
    assert token_of(world, refused=first) == "token-2"


def test_a_failed_renewal_leaves_the_next_one_free() -> None:
    """An error is not kept."""
    row = iter([{"error": "temporarily_unavailable"}, "b"])
    around = World().around
    cache = TokenCache(source_of(lambda: next(row), SCOPE), around)
    world = World()
    with pytest.raises(CredentialError):
        world.run(cache.conversation(None))
    assert world.run(cache.conversation(None)) == "b"
