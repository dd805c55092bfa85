"""The bar on stderr, for people only: where stderr is no terminal nothing is written."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

REFRESH_SECONDS = 0.25


class Stand(NamedTuple):
    """How far a run is.

    Parameters:
        done: how many rows are done, of `total`.
        note: what else there is to say.
    """

    done: int
    total: int
    note: str = ""


@asynccontextmanager
async def shown(what: str, stand: Callable[[], Stand]) -> AsyncIterator[None]:
    """Show progress while the block runs.

    Parameters:
        what: is being done.
        stand: says how far it is.
    """
    if not sys.stderr.isatty():
        yield
        return
    with _bar() as bar:
        task = bar.add_task(what, total=stand().total, rate="", note="")
        ticking = asyncio.create_task(_tick(bar, task, stand))
        try:
            yield
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            _update(bar, task, stand(), "")  # the last figures, not those of a moment before


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    return Progress(*columns, console=Console(stderr=True), refresh_per_second=4)


async def _tick(bar: Progress, task: TaskID, stand: Callable[[], Stand]) -> None:
    loop = asyncio.get_running_loop()
    begun, before = loop.time(), stand().done
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        now = stand()
        rate = (now.done - before) / (loop.time() - begun)
        _update(bar, task, now, f"{rate:,.1f} rows/s")


def _update(bar: Progress, task: TaskID, stand: Stand, rate: str) -> None:
    bar.update(task, completed=stand.done, total=stand.total, note=stand.note, rate=rate)
