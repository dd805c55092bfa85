"""The paced hello world keeps the load of a baseline at a rate."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from bench.hello import PacedHello


async def test_answers_are_so_far_apart_however_many_ask_at_once() -> None:
    """Twenty at a hundred a second take a fifth of one."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    app, clock = PacedHello(0.01), asyncio.get_running_loop().time
    begun = clock()
    await asyncio.gather(*(app({}, receive, send) for _ in range(20)))
    assert clock() - begun >= 0.18
    assert sum(message.get("body") == b"hello" for message in sent) == 20
