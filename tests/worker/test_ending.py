"""The end of a process has one patience for everything: an orchestrator counts from its signal."""

import asyncio
import time

import pytest

from vetline import hosting


async def test_all_that_does_not_end_shares_one_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server and a worker that both hang are given up together, not one after the other."""
    monkeypatch.setattr(hosting, "STOP_SECONDS", 0.5)
    begun = time.monotonic()
    hanging = [asyncio.create_task(asyncio.Event().wait()) for _ in range(2)]
    await hosting.ended(*hanging)
    took = time.monotonic() - begun
    await asyncio.gather(*hanging, return_exceptions=True)
    assert took < 2 * 0.5
    assert all(task.cancelled() for task in hanging)
