"""What waits together is committed together; what cannot be saved falls alone.

A batch in which anything conflicts is rolled back and saved in two halves, and those again, so that a bad change is
alone at last and takes no other down. A batch whose connection was lost before its commit is saved again, because
nothing of it was; one whose commit was not seen to end is asked after, change by change. All this has a deadline, and
when the database is of no use, whoever waits is told at once instead of one batch after the other.
"""

import asyncio
from collections import deque
from typing import NamedTuple

from vetline.store.changes import CaseMoved, Change
from vetline.store.port import AlreadyAnsweredError, ConflictError, UnavailableError
from vetline.store.postgres.commit import SQL, commit
from vetline.store.postgres.failures import AgainError, LockedError, UncertainError
from vetline.store.postgres.link import ATTEMPTS, USE_SECONDS, Link
from vetline.store.postgres.rows import event_row

# Bounds how long one transaction holds its rows, and how much is done again when one of them conflicts.
MAX_BATCH = 128
# While one transaction waits for the disk another is filled.
TOGETHER = 2


class _Item(NamedTuple):
    change: Change
    future: asyncio.Future[None]


class GroupWriter:
    """Saves changes, together with whatever else waits.

    Parameters:
        link: where to.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._waiting: deque[_Item] = deque()
        self._serving: list[asyncio.Task[None]] = []
        self._closed = False

    async def save(self, change: Change) -> None:
        """Return when a change is committed; see `Store.save`."""
        if self._closed:
            raise UnavailableError("the store is closed")
        loop = asyncio.get_running_loop()
        item = _Item(change, loop.create_future())
        self._waiting.append(item)
        self._serving = [task for task in self._serving if not task.done()]
        if len(self._serving) < TOGETHER:
            self._serving.append(loop.create_task(self._serve()))
        try:
            await item.future
        finally:
            del item  # an exception in it leads back here: a circle that only the collector would find

    async def close(self) -> None:
        """Save what waits."""
        self._closed = True
        await asyncio.gather(*self._serving)

    async def _serve(self) -> None:
        while self._waiting:
            count = min(len(self._waiting), MAX_BATCH)
            batch = [self._waiting.popleft() for _ in range(count)]
            await self._settle(batch, asyncio.get_running_loop().time() + USE_SECONDS)

    async def _settle(self, batch: list[_Item], end: float, attempts: int = ATTEMPTS) -> None:
        """Save a batch and tell each of its callers."""
        error = await self._error(batch, end)
        if error is None:
            _tell(batch, None)
        elif isinstance(error, UncertainError):
            await self._find_out(batch)
        elif len(batch) > 1 and _is_of_one(error):
            middle = len(batch) // 2
            await self._settle(batch[:middle], end)
            await self._settle(batch[middle:], end)
        elif isinstance(error, AgainError) and attempts > 1:
            await self._settle(batch, end, attempts - 1)
        else:
            _tell(batch + self._with_it(error), error)

    async def _error(self, batch: list[_Item], end: float) -> Exception | None:
        if asyncio.get_running_loop().time() > end:
            return LockedError("others were in the way for too long; nothing was saved")
        try:
            await commit(self._link, [item.change for item in batch])
        except AlreadyAnsweredError as answered:
            return answered.with_traceback(None)  # it leads back here: a circle that only the collector would find
        except Exception as error:
            return error
        return None

    def _with_it(self, error: Exception) -> list[_Item]:
        """Return whoever waits behind a batch whose failure is the database's, not its own."""
        if not isinstance(error, UnavailableError) or isinstance(error, LockedError):
            return []
        waiting = list(self._waiting)
        self._waiting.clear()
        return waiting

    async def _find_out(self, batch: list[_Item]) -> None:
        for place, item in enumerate(batch):
            outcome = await self._outcome(item.change)
            if isinstance(outcome, UnavailableError):
                _tell(batch[place:], outcome)
                return
            _tell([item], outcome)

    async def _outcome(self, change: Change) -> Exception | None:
        """Return what became of a change whose commit nobody saw end.

        Saving it again tells: it waits for a transaction that is still under way, meets what that left, or is the
        first one to arrive. Meeting oneself is no conflict.
        """
        try:
            await commit(self._link, [change])
        except AlreadyAnsweredError as found:
            return None if found.answer == change.answer else found
        except ConflictError as conflict:
            return await self._conflict_with_itself(change, conflict)
        except Exception as error:
            return UnavailableError(f"it is not known whether this was saved: {error}")
        return None

    async def _conflict_with_itself(self, change: Change, conflict: Exception) -> Exception | None:
        moved = next((effect for effect in change.effects if isinstance(effect, CaseMoved)), None)
        if moved is None:
            return UnavailableError("it is not known whether this was saved")
        *key, _, detail = event_row(moved.case, moved.event)
        try:
            found = await self._link.fetch(SQL["event"], *key)
        except UnavailableError as error:
            return UnavailableError(f"it is not known whether this was saved: {error}")
        return None if found and found[0][0] == detail else conflict


def _is_of_one(error: Exception) -> bool:
    """Whether it is one change of the batch that conflicts, is in somebody's way, or cannot be kept."""
    return isinstance(error, LockedError) or not isinstance(error, UnavailableError)


def _tell(batch: list[_Item], outcome: Exception | None) -> None:
    for item in batch:
        if item.future.done():  # the caller has gone; its change is saved all the same
            continue
        if outcome is None:
            item.future.set_result(None)
        else:
            item.future.set_exception(outcome)
