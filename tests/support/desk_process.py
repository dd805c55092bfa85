"""A process of its own at the desk: `python -m tests.support.desk_process URL settle|take NAME`, a line for each deed.

It prints ``open`` when the store is open and begins when a line comes in, so that two can begin together.
"""

import asyncio
import sys

from vetline.clock import SystemClock
from vetline.desk.settling import Settling
from vetline.store.port import Store
from vetline.store.queue import Assignment, QueueFilter
from vetline.wiring import open_store

TOGETHER = 32
BATCH = 8


async def _settle(store: Store) -> None:
    """Carry out what is due, batch after batch."""
    settling = Settling(store, SystemClock())
    while (await settling.settle(BATCH))[0]:
        _say("settled")


async def _take(store: Store, name: str) -> None:
    """Take cases, many at once, until none is left."""
    me = Assignment(name, name, SystemClock().now())
    while taken := [one for one in await asyncio.gather(*(_taken(store, me) for _ in range(TOGETHER))) if one]:
        for customer in taken:
            _say(customer)


async def _taken(store: Store, me: Assignment) -> str | None:
    found = await store.take_next(QueueFilter(), me)
    return found.case.customer if found else None


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def _main(url: str, deed: str, name: str) -> None:
    store = await open_store(url)
    _say("open")
    await asyncio.to_thread(sys.stdin.readline)
    await (_settle(store) if deed == "settle" else _take(store, name))
    await store.close()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:4]))
