"""A tiny load balancer: it looks at /readyz from time to time, and sends each request once, to a service that is ready.

It keeps connections open, as real ones do, and repeats nothing: a request that fails is a request that failed.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, Self

import httpx2

LOOK_SECONDS = 0.05


class Balancer:
    """Stands before services.

    Parameters:
        bases: their addresses.
    """

    def __init__(self, bases: Sequence[str]) -> None:
        self._services = {base: httpx2.AsyncClient(base_url=base, timeout=30) for base in bases}
        self._turn = 0
        self.ready: set[str] = set()
        self.sent = dict.fromkeys(bases, 0)
        self._looking = asyncio.create_task(self._look())

    async def send(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """Send a request to the next service that is ready."""
        ready = sorted(self.ready)
        assert ready, "no service is ready"
        self._turn += 1
        base = ready[self._turn % len(ready)]
        self.sent[base] += 1
        return await self._services[base].request(method, path, **more)

    async def until_ready(self, count: int) -> None:
        """Return when so many services are ready."""
        async with asyncio.timeout(30):
            while len(self.ready) != count:  # noqa: ASYNC110 - what is looked at is another process
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        while True:
            for base in self._services:
                (self.ready.add if await _is_ready(base) else self.ready.discard)(base)
            await asyncio.sleep(LOOK_SECONDS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self._looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._looking
        for client in self._services.values():
            await client.aclose()


async def _is_ready(base: str) -> bool:
    try:
        async with httpx2.AsyncClient(base_url=base, verify=False) as client:
            return (await client.get("/readyz")).status_code == 200
    except httpx2.TransportError:
        return False
