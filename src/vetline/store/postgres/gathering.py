"""Reads that arrive together are one query. Whoever asks while a query is under way is answered by the next.

So nobody reads too old a state: a query always begins after everything that it answers was asked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

MAX_TOGETHER = 256


class Gathering(Generic[K, V]):
    """One kind of read.

    Parameters:
        fetch: returns what belongs to each key, in the order of the keys.
    """

    def __init__(self, fetch: Callable[[Sequence[K]], Awaitable[Sequence[V]]]) -> None:
        self._fetch = fetch
        self._waiting: list[tuple[K, asyncio.Future[V]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def ask(self, key: K) -> V:
        """Return what belongs to a key.

        Raises:
            UnavailableError: the query failed.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[V] = loop.create_future()
        self._waiting.append((key, future))
        if self._serving is None or self._serving.done():
            self._serving = loop.create_task(self._serve())
        return await future

    async def close(self) -> None:
        """Answer what was asked."""
        if self._serving is not None:
            await self._serving

    async def _serve(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting[:MAX_TOGETHER], self._waiting[MAX_TOGETHER:]
            try:
                found = await self._fetch([key for key, _ in asked])
            except Exception as error:  # whoever waits for the same database is told at once, not one after the other
                asked, self._waiting = asked + self._waiting, []
                _fail(asked, error)
            else:
                _tell(asked, found)


def _tell(asked: Sequence[tuple[K, asyncio.Future[V]]], found: Sequence[V]) -> None:
    for (_, future), value in zip(asked, found, strict=True):
        if not future.done():
            future.set_result(value)


def _fail(asked: Sequence[tuple[K, asyncio.Future[V]]], error: Exception) -> None:
    for _, future in asked:
        if not future.done():
            future.set_exception(error)
