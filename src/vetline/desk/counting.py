"""How many rows of an upload stand how, counted beside the requests: of a long file that takes longer than a page may.

All who look share a count. It is shown for some seconds and says from when it is, so a page is never far behind, and
whoever looks again at what stands still sees it as it stands.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from vetline.clock import Clock
from vetline.desk.beside import begin
from vetline.store.uploads import RowKind, Upload, UploadState

# What is counted within this time is waited for: that of nearly every file.
PATIENCE_SECONDS: Final = 0.1
# Nobody is shown an older count. Whoever watches cases that are in review asks a little more often.
SHOWN_SECONDS: Final = 20.0
# While somebody watches, a count stands for so many times as long as it took, but not for longer than this.
_STANDS: Final = 10
_STANDS_SECONDS: Final = 5.0

# Returns how many rows of an upload stand how, by its partner and its id; see `Uploads.kinds`.
Kinds = Callable[[str, str], Awaitable[Sequence[RowKind]]]

_Key = tuple[str, str, UploadState]


class RowCount(msgspec.Struct, frozen=True):
    """How many rows of an upload stand how.

    Parameters:
        kinds: the kinds of rows that there are.
        at: when it was so.
        is_fresh: whether it is not worth while to count them anew now.
    """

    kinds: tuple[RowKind, ...]
    at: datetime
    is_fresh: bool = True


class _Counted(msgspec.Struct, frozen=True):
    """A count, with when it was begun, in seconds of the event loop."""

    count: RowCount
    begun: float
    took: float

    @property
    def is_fresh(self) -> bool:
        return _since(self.begun) <= min(_STANDS * self.took, _STANDS_SECONDS)

    @property
    def is_shown(self) -> bool:
        return _since(self.begun) < SHOWN_SECONDS


class _Counting(msgspec.Struct, frozen=True):
    """A count that is being made."""

    task: asyncio.Task[None]
    begun: float

    @property
    def patience(self) -> float:
        """How long it is still waited for."""
        return max(0.0, PATIENCE_SECONDS - _since(self.begun))


class RowCounting:
    """Counts rows.

    Parameters:
        kinds: looks at all of an upload's rows.
        clock: the time.
    """

    def __init__(self, kinds: Kinds, clock: Clock) -> None:
        self._kinds = kinds
        self._clock = clock
        self._counted: dict[_Key, _Counted] = {}
        self._counting: dict[_Key, _Counting] = {}

    async def of(self, upload: Upload) -> RowCount | None:
        """Return how many rows of an upload stand how, `None` while that is being counted for the first time.

        A count that was made in another state of the upload says nothing about this one.
        """
        key = (upload.partner, upload.id, upload.state)
        known = self._known(key)
        if known is None or not known.is_fresh:
            counting = self._count_on(key)
            was_long = known is not None and known.took > PATIENCE_SECONDS  # and will be so again
            await asyncio.wait({counting.task}, timeout=0 if was_long else counting.patience)
            known = self._known(key)
        return msgspec.structs.replace(known.count, is_fresh=known.is_fresh) if known else None

    def _known(self, key: _Key) -> _Counted | None:
        found = self._counted.get(key)
        return found if found and found.is_shown else None

    def _count_on(self, key: _Key) -> _Counting:
        """Return the counting that goes on."""
        if key not in self._counting:
            task = begin(self._count(key), "rows")
            self._counting[key] = _Counting(task, _now())
            task.add_done_callback(lambda _: self._counting.pop(key))
        return self._counting[key]

    async def _count(self, key: _Key) -> None:
        partner, upload, _ = key
        at, begun = self._clock.now(), _now()
        kinds = tuple(await self._kinds(partner, upload))
        self._counted = {one: found for one, found in self._counted.items() if found.is_shown}
        self._counted[key] = _Counted(RowCount(kinds, at), begun, _since(begun))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _since(moment: float) -> float:
    return _now() - moment
