"""What every store promises of the sessions that people have ended."""

from tests.store.records import A, B, at
from vetline.store.port import Store

SESSION = "T0o9-_session"


class EndedSessions:
    """`end_session`, `session_ended`, `forget_sessions`."""

    async def test_only_an_ended_session_has_ended(self, store: Store) -> None:
        """By its id and its tenant, letter by letter."""
        await store.end_session(A, SESSION, at(9))
        assert await store.session_ended(A, SESSION)
        assert not await store.session_ended(A, SESSION.lower())
        assert not await store.session_ended(B, SESSION)

    async def test_ending_it_again_is_no_conflict(self, store: Store) -> None:
        """Two clicks, or two tabs."""
        await store.end_session(A, SESSION, at(9))
        await store.end_session(A, SESSION, at(9))
        assert await store.session_ended(A, SESSION)

    async def test_sessions_that_would_be_over_are_forgotten_in_batches(self, store: Store) -> None:
        """The oldest first, at most as many as asked, and the count says how many."""
        for number in (4, 1, 3, 0, 2):
            await store.end_session(A, f"{number}", at(number))
        assert [await store.forget_sessions(at(3), 2) for _ in range(3)] == [2, 1, 0]
        assert [number for number in range(5) if await store.session_ended(A, f"{number}")] == [3, 4]

    async def test_erasing_does_not_bring_a_session_back(self, store: Store) -> None:
        """A sandbox that is made fresh must not sign anybody in again."""
        await store.end_session(A, SESSION, at(9))
        await store.erase()
        assert await store.session_ended(A, SESSION)
