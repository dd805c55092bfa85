"""However much is asked, the journal takes no more than its room, and says what it has forgotten."""

import contextlib
import http.client
from pathlib import Path
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.clock import HandClock
from tests.support.processes import Sandbox
from vetline.sandbox.sight.journal.book import MOST, MOST_BYTES, Book
from vetline.sandbox.sight.journal.criteria import Criteria
from vetline.sandbox.sight.journal.exchange import NOBODY, Exchange
from vetline.sandbox.sight.journal.recording import MOST_OF_A_BODY
from vetline.sandbox.sight.journal.streaming import events

REQUESTS = 11_000
MEBIBYTE = 1024 * 1024


def exchange(number: int, size: int) -> Exchange:
    now = HandClock().now()
    return Exchange(number, now, now, 0.0, "GET", "/v1/customers", "", "", b"", NOBODY, body=b"x" * size)


@given(st.lists(st.integers(0, 4_000), max_size=40), st.integers(1, 12), st.integers(2_000, 20_000))
def test_the_oldest_go_first(sizes: list[int], most: int, most_bytes: int) -> None:
    book = Book(most, most_bytes)
    for size in sizes:
        one = exchange(book.next_number(), size)
        book.begin(one)
        book.end(one)
    kept = [one.number for one in book]
    assert kept == list(range(len(sizes) - len(kept) + 1, len(sizes) + 1))
    assert len(kept) <= most
    assert book.bytes == sum(one.weight for one in book)
    assert book.bytes <= most_bytes or len(kept) == 1
    assert book.forgotten == len(sizes) - len(kept)


@given(st.permutations(range(12)))
def test_they_may_end_in_any_order(order: list[int]) -> None:
    """What is forgotten while it is open is not counted when it ends."""
    book = Book(5, 100_000)
    open_ones = [exchange(book.next_number(), 100) for _ in order]
    for one in open_ones:
        book.begin(one)
    for place in order:
        book.end(open_ones[place])
    assert book.bytes == sum(one.weight for one in book)
    book.clear()
    assert (len(book), book.bytes, book.forgotten) == (0, 0, 0)


def test_ten_thousand_large_requests_leave_memory_as_it_is() -> None:
    """Unbounded they would take some 180 MiB."""
    with Sandbox() as sandbox:
        ask(sandbox, 100)
        before = resident(sandbox)
        ask(sandbox, REQUESTS)
        grown = resident(sandbox) - before
        found = sandbox.http.get("/sandbox/journal", params={"limit": 1}).json()
    assert found["kept"] <= MOST
    assert found["forgotten"] >= REQUESTS - MOST
    assert found["exchanges"][0]["request"]["bodySize"] == 2 * MOST_OF_A_BODY
    assert grown < 3 * MOST_BYTES, f"{grown / MEBIBYTE:.0f} MiB"


def ask(sandbox: Sandbox, times: int) -> None:
    """Send large requests over one connection; nobody is signed in, so the service does no more than refuse them.

    It may refuse before the body has come, and end the connection; then there is another.
    """
    answered = 0
    while answered < times:
        with (
            contextlib.closing(http.client.HTTPConnection(urlsplit(sandbox.base).netloc, timeout=60)) as connection,
            contextlib.suppress(ConnectionError, http.client.BadStatusLine),
        ):
            while answered < times:
                connection.request("POST", "/v1/customers", body=b"x" * (2 * MOST_OF_A_BODY))
                connection.getresponse().read()
                answered += 1


def resident(sandbox: Sandbox) -> int:
    """Return how many bytes the sandbox has in memory. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html"""
    status = Path(f"/proc/{sandbox.process.pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


async def test_whoever_is_too_slow_is_told_that_they_missed_some() -> None:
    book = Book()
    stream = events(book, Criteria([("method", "GET")]))
    assert (await anext(stream)).startswith(": ")
    for _ in range(1_050):
        book.end(exchange(book.next_number(), 0))
    first, second = await anext(stream), await anext(stream)
    assert first == "event: missed\ndata: 50\n\n"
    assert second.startswith("event: exchange\nid: 1\n")
    book.close()
    told = [event async for event in stream]
    assert len(told) == 999
    assert book.followers == 0
