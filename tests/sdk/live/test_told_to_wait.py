"""429 and 503 over real sockets: no request comes earlier than the service said, by either client."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from tests.sdk.live.asking import BOTH, Ask, ask_async
from tests.support.network import Behaviour, Heard, Server, answer
from vetline.sdk import errors
from vetline.sdk.observing import Event, Paused
from vetline.sdk.retrying import RetryPolicy

QUICK = RetryPolicy(attempts=3, backoff=0.02)
TEN_YEARS = 10 * 365 * 24 * 3600
GOOD = answer("200 OK", b"[]")
DATE = "Date: Thu, 01 Jan 2026 00:00:00 GMT"

# What the service says, and the seconds that this asks for.
TOLD: dict[str, tuple[list[str], float]] = {
    "nothing": ([], 0.0),
    "0": (["Retry-After: 0"], 0.0),
    "1": (["Retry-After: 1"], 1.0),
    "decimals": (["Retry-After: 0.3"], 0.3),
    "a date": ([DATE, "Retry-After: Thu, 01 Jan 2026 00:00:01 GMT"], 1.0),
    "a date in the old form": ([DATE, "Retry-After: Thursday, 01-Jan-26 00:00:01 GMT"], 1.0),
    "a past date": ([DATE, "Retry-After: Wed, 31 Dec 2025 23:00:00 GMT"], 0.0),
    "less than nothing": (["Retry-After: -5"], 0.0),
    "garbage": (["Retry-After: soon"], 0.0),
    "a date of garbage": (["Retry-After: Thu, 99 Foo 2026 99:99:99 GMT"], 0.0),
    "an empty value": (["Retry-After:"], 0.0),
}


def throttling(status: str, headers: list[str], times: int = 1) -> Behaviour:
    """Return the behaviour that refuses the first requests and then answers."""
    refused = answer(status, b'{"code":"429","description":"Slow down."}', *headers)
    answers: Iterator[bytes] = iter([refused] * times)

    async def behave(heard: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(next(answers, GOOD))

    return behave


@pytest.mark.parametrize("ask", BOTH)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_never_earlier_than_told(status: str, ask: Ask) -> None:
    """The second attempt comes under the same MS-RequestId, after at least the time told, and not for ever after."""

    async def one(name: str) -> tuple[str, Heard, Heard]:
        with Server(throttling(status, TOLD[name][0])) as server:
            assert await ask(server.base, retry=QUICK) == []
        first, second = server.heard
        return name, first, second

    for name, first, second in await asyncio.gather(*map(one, TOLD)):
        told = TOLD[name][1]
        assert told <= second.at - first.at < told * 1.25 + 5, name
        assert first.headers["ms-requestid"] == second.headers["ms-requestid"]


@pytest.mark.parametrize("ask", BOTH)
@pytest.mark.parametrize("header", [f"Retry-After: {TEN_YEARS}", "Retry-After: Fri, 01 Jan 2036 00:00:00 GMT"])
async def test_ten_years_are_not_waited_for(header: str, ask: Ask) -> None:
    """An error at once, which says how long was asked for, and what to do."""
    with Server(throttling("429 Too Many Requests", [DATE, header])) as server:
        began = time.monotonic()
        with pytest.raises(errors.ThrottledError, match=r"Slow down\. The service asks to wait \d+ seconds") as caught:
            await ask(server.base, retry=QUICK)
        assert time.monotonic() - began < 2
    assert len(server.heard) == 1
    assert caught.value.retry_after == pytest.approx(TEN_YEARS, rel=0.01)
    assert "max_retry_after" in str(caught.value)


@pytest.mark.parametrize("ask", BOTH)
async def test_a_service_that_goes_on_refusing_is_left(ask: Ask) -> None:
    """After the attempts of the policy the error says how often it was tried."""
    given_up = pytest.raises(errors.ThrottledError, match="Given up after 3 attempts")
    with Server(throttling("429 Too Many Requests", ["Retry-After: 0"], times=99)) as server, given_up:
        await ask(server.base, retry=QUICK)
    assert len(server.heard) == 3


async def test_fifty_clients_told_the_same_do_not_come_back_together() -> None:
    """Their second attempts spread over at least a quarter of the time they were told, and none is early."""
    pauses: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, Paused):
            pauses.append(event.seconds)

    with Server(throttling("429 Too Many Requests", ["Retry-After: 1"], times=50)) as server:
        await asyncio.gather(*(ask_async(server.base, on_event=note) for _ in range(50)))
    came = _by_request(server.heard)
    waited = [second - first for first, second in came]
    assert len(came) == 50
    assert min(waited) >= 1.0
    assert max(pauses) - min(pauses) >= 0.25
    assert max(second for _, second in came) - min(second for _, second in came) >= 0.25
    assert _fullest(sorted(second for _, second in came), 0.1) <= 35  # of 50; all at once would be 50


def _by_request(heard: list[Heard]) -> list[tuple[float, float]]:
    """Return when the first and the second attempt of each request came."""
    moments: dict[str, list[float]] = {}
    for one in heard:
        moments.setdefault(one.headers["ms-requestid"], []).append(one.at)
    return [(first, second) for first, second in moments.values()]


def _fullest(moments: list[float], width: float) -> int:
    """Return how many moments lie in the fullest window."""
    return max(sum(1 for other in moments if 0 <= other - one < width) for one in moments)
