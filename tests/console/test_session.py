"""What browsers keep for us: sealed, for one purpose, and over when its time is."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey
from starlette.responses import Response

from tests.sandbox.clock import HandClock
from vetline.console.entrance import EntranceChoices
from vetline.console.pending import LIVES as PENDING_LIVES
from vetline.console.pending import PendingKeeper
from vetline.console.person import Person
from vetline.console.seal import LONGEST, Seal, key_for
from vetline.console.session import LIVES, SessionKeeper
from vetline.desk.sessions import SessionDesk
from vetline.identity.caller import ADMINISTRATOR, REVIEWER
from vetline.store.sqlite.store import SqliteStore

SECRET = "a secret that all processes share"
TENANT = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"
ADA = Person(TENANT, "6f3ad6f0-0000-4000-8000-000000000002", "Ada Öz", frozenset({"DirectoryReaders"}))


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """Something to be sealed."""

    text: str
    number: int = 0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[SessionDesk]:
    """A desk over a fresh store."""
    store = SqliteStore(tmp_path / "vetline.db")
    yield SessionDesk(store)
    await store.close()


def _cookie(response: Response) -> str:
    return response.headers["set-cookie"].partition("=")[2].partition(";")[0]


def _given(keeper: SessionKeeper, person: Person = ADA) -> dict[str, str]:
    response = Response()
    keeper.give(response, keeper.begin(person))
    return {keeper.cookie: _cookie(response)}


async def test_session_is_found_again_until_its_end(desk: SessionDesk) -> None:
    """Eight hours after the sign-in it is over, whatever was done meanwhile."""
    clock = HandClock()
    keeper = SessionKeeper(SECRET, clock, desk, secure=True)
    cookies = _given(keeper)
    clock.advance(seconds=(LIVES - timedelta(seconds=1)).total_seconds())
    found = await keeper.find(cookies)
    assert found is not None
    assert (found.person, found.ends_at - clock.now()) == (ADA, timedelta(seconds=1))
    clock.advance(seconds=1)
    assert await keeper.find(cookies) is None


async def test_every_process_with_the_secret_knows_the_session(desk: SessionDesk) -> None:
    """Its id and its forms' word are the same there; with another secret it is nobody's."""
    clock = HandClock()
    one, other, stranger = (
        SessionKeeper(secret, clock, desk, secure=True) for secret in (SECRET, SECRET, SECRET.upper())
    )
    cookies = _given(one)
    assert await one.find(cookies) == await other.find(cookies)
    assert await other.find(cookies) is not None
    assert await stranger.find(cookies) is None


async def test_ended_session_is_over_everywhere(desk: SessionDesk) -> None:
    """And only that one: the same person's other browser stays signed in."""
    keeper = SessionKeeper(SECRET, HandClock(), desk, secure=False)
    one, other = _given(keeper), _given(keeper)
    found = await keeper.find(one)
    assert found is not None
    await keeper.end(found)
    assert await keeper.find(one) is None
    assert await keeper.find(other) is not None


def test_no_two_sessions_are_alike(desk: SessionDesk) -> None:
    """Nor are their words, and neither tells the other."""
    keeper = SessionKeeper(SECRET, HandClock(), desk, secure=False)
    one, other = keeper.begin(ADA), keeper.begin(ADA)
    assert len({one.id, other.id, one.csrf, other.csrf}) == 4


def test_longest_person_fits_into_a_cookie(desk: SessionDesk) -> None:
    """As long as an id token may make them, in letters that take the most bytes."""
    roles = frozenset({REVIEWER, ADMINISTRATOR, "DirectoryReaders", "DirectoryWriters", "LicenseAdministrator"})
    assert len(
        _given(SessionKeeper(SECRET, HandClock(), desk, secure=True), Person(TENANT, "🎓" * 256, "🎓" * 100, roles))
    )


def test_sign_in_that_was_begun_is_over_after_a_while() -> None:
    """The time to find a telephone, not more."""
    clock, response = HandClock(), Response()
    keeper = PendingKeeper(SECRET, clock, secure=True)
    pending = keeper.begin("/console/codes")
    keeper.give(response, pending)
    cookies = {keeper.cookie: _cookie(response)}
    assert keeper.find(cookies) == pending
    clock.advance(seconds=PENDING_LIVES.total_seconds())
    assert keeper.find(cookies) is None


@given(st.text(max_size=500), st.integers(-(2**63), 2**63 - 1))
def test_what_is_sealed_can_be_opened_with_the_same_seal_alone(text: str, number: int) -> None:
    """Another purpose, another version or another secret opens nothing."""
    seal, value = Seal(SECRET, "one 1", Kept), Kept(text.encode("utf-8", "replace").decode(), number)
    sealed = seal.close(value)
    assert seal.open(sealed) == value
    for other in (Seal(SECRET, "one 2", Kept), Seal(SECRET, "two 1", Kept), Seal(f"{SECRET}!", "one 1", Kept)):
        assert other.open(sealed) is None


@given(st.text(max_size=200) | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,60}", fullmatch=True))
def test_nothing_made_up_is_opened(text: str) -> None:
    """And nothing fails."""
    assert Seal(SECRET, "one 1", Kept).open(text) is None


def test_header_does_not_choose_the_algorithm() -> None:
    """Neither none at all nor another one, though the key is the right one."""
    key = OctKey.import_key(key_for(SECRET, "one 1") * 2)
    other = jws.serialize_compact({"alg": "HS512"}, b'["x",0]', key, ["HS512"])
    for forged in ("eyJhbGciOiJub25lIn0.WyJ4Il0.", other):
        assert Seal(SECRET, "one 1", Kept).open(forged) is None


def test_content_of_another_kind_is_not_opened() -> None:
    """A seal of an earlier release, whose version somebody forgot to count up, is no failure."""
    text, number = Seal(SECRET, "one 1", str), Seal(SECRET, "one 1", Kept)
    assert number.open(text.close("x")) is None


def test_too_much_is_not_sealed() -> None:
    """A browser would drop it without a word."""
    with pytest.raises(ValueError, match=f"more than {LONGEST}"):
        Seal(SECRET, "one 1", Kept).close(Kept("x" * LONGEST))


def test_short_secret_is_refused() -> None:
    """Somebody could guess it."""
    with pytest.raises(ValueError, match="at least 32"):
        Seal("short", "one 1", Kept)


def test_choices_do_not_tell_their_secrets() -> None:
    """Not even to a traceback."""
    told = repr(EntranceChoices("u", "a", "c", "client-secret", "cookie-secret", frozenset(), frozenset()))
    assert "client-secret" not in told
    assert "cookie-secret" not in told
