"""One client in many hands: threads, tasks, copies, an end, an interruption."""

import asyncio
import gc
import signal
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import FrameType

import pytest

from tests.support.network import Heard, Server, answer
from tests.support.processes import Sandbox
from vetline import AsyncPartnerCenter, PartnerCenter, PartnerCenterError
from vetline.sdk.observing import Ended, Event, Paused
from vetline.sdk.retrying import RetryPolicy

THREADS = 32
TASKS = 200
EMPTY = answer("200 OK", b"[]")
BUSY = answer("503 Service Unavailable", b"", "Retry-After: 60")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a running sandbox."""
    with Sandbox("--memory", "--vetting", "by-hand") as running:
        yield running


class Counting:
    """A credential that counts how often it is asked."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)
        self.asked = 0

    def get_token(self, *scopes: str) -> str:
        """Return the next token; the last one for ever."""
        self.asked += 1
        time.sleep(0.02)  # long enough that all others wait for it
        return self._tokens[min(self.asked, len(self._tokens)) - 1]


class Renewing:
    """A service that accepts one token, until it is told to accept another."""

    def __init__(self, accepted: str) -> None:
        self.accepted = accepted
        self.refused = 0

    async def behave(self, heard: Heard, writer: asyncio.StreamWriter) -> None:
        """Answer 401 to any other token."""
        if heard.headers["authorization"] == f"Bearer {self.accepted}":
            writer.write(EMPTY)
        else:
            self.refused += 1
            writer.write(answer("401 Unauthorized", b'{"code":900420}'))


def test_thirty_two_threads_fetch_one_token(sandbox: Sandbox) -> None:
    """All begin at once, all are answered, and the credential was asked once."""
    credential = Counting(sandbox.fresh_token())
    customer = sandbox.info["customers"][0]["id"]
    start = threading.Barrier(THREADS)
    with PartnerCenter(credential, base_url=sandbox.base) as client:

        def work(number: int) -> int:
            start.wait()
            mine = client.with_context(correlation_id=f"00000000-0000-4000-8000-{number:012d}")
            for _ in range(5):
                mine.customers.by_id(customer).qualification.get_qualifications()
            return len(mine.validations.get_validation_codes())

        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(work, range(THREADS)))
    assert found == [2] * THREADS
    assert credential.asked == 1


async def test_two_hundred_tasks_fetch_one_token(sandbox: Sandbox) -> None:
    """The same in one event loop."""
    credential = Counting(sandbox.fresh_token())
    customer = sandbox.info["customers"][0]["id"]
    async with AsyncPartnerCenter(credential, base_url=sandbox.base) as client:
        asking = (client.customers.by_id(customer).qualification.get_qualifications() for _ in range(TASKS))
        found = await asyncio.gather(*asking)
    assert len(found) == TASKS
    assert credential.asked == 1


def test_a_token_that_ends_under_all_threads_is_renewed_once() -> None:
    """Every thread sees 401 at once; one of them renews, and all go on with its token."""
    credential, service = Counting("first", "second"), Renewing("first")
    start = threading.Barrier(THREADS, action=lambda: setattr(service, "accepted", "second"))
    with Server(service.behave) as server, PartnerCenter(credential, base_url=server.base) as client:
        client.validations.get_validation_codes()

        def work(_: int) -> None:
            start.wait()
            client.validations.get_validation_codes()

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, range(THREADS)))
    assert credential.asked == 2
    assert 1 <= service.refused <= THREADS


async def test_a_token_that_ends_under_all_tasks_is_renewed_once() -> None:
    """The same in one event loop."""
    credential, service = Counting("first", "second"), Renewing("first")
    with Server(service.behave) as server:
        async with AsyncPartnerCenter(credential, base_url=server.base) as client:
            await client.validations.get_validation_codes()
            service.accepted = "second"
            await asyncio.gather(*(client.validations.get_validation_codes() for _ in range(TASKS)))
    assert credential.asked == 2
    assert 1 <= service.refused <= TASKS


async def _answers(heard: Heard, writer: asyncio.StreamWriter) -> None:
    writer.write(EMPTY)


def test_a_closed_client_says_so() -> None:
    """A plain error, in every copy; closing twice is no error."""
    with Server(_answers) as server:
        with PartnerCenter("token", base_url=server.base) as client:
            client.validations.get_validation_codes()
            copy = client.with_options(timeout=5)
        client.close()
        for one in (client, copy):
            with pytest.raises(PartnerCenterError, match="This client is closed: make a new one"):
                one.validations.get_validation_codes()


async def test_a_closed_asynchronous_client_says_so() -> None:
    """A plain error, in every copy; closing twice is no error."""
    with Server(_answers) as server:
        async with AsyncPartnerCenter("token", base_url=server.base) as client:
            await client.validations.get_validation_codes()
            copy = client.with_options(timeout=5)
        await client.close()
        for one in (client, copy):
            with pytest.raises(PartnerCenterError, match="This client is closed: make a new one"):
                await one.validations.get_validation_codes()


def test_a_client_closed_under_a_call_says_so() -> None:
    """A thread that is being answered while another closes the client gets the client's own error, soon."""
    arrived = threading.Event()

    async def silent(heard: Heard, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.sleep(3600)

    policy = RetryPolicy(attempts=2, backoff=0.01)
    with Server(silent) as server, ThreadPoolExecutor(1) as pool:
        client = PartnerCenter("token", base_url=server.base, timeout=1, retry=policy)
        asking = pool.submit(client.validations.get_validation_codes)
        assert arrived.wait(10)
        client.close()
        with pytest.raises(PartnerCenterError):
            asking.result(20)


async def test_an_asynchronous_client_closed_under_a_call_says_so() -> None:
    """The same in one event loop."""
    arrived = threading.Event()

    async def silent(heard: Heard, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.sleep(3600)

    policy = RetryPolicy(attempts=2, backoff=0.01)
    with Server(silent) as server:
        client = AsyncPartnerCenter("token", base_url=server.base, timeout=1, retry=policy)
        asking = asyncio.create_task(client.validations.get_validation_codes())
        assert await asyncio.to_thread(arrived.wait, 10)
        await client.close()
        with pytest.raises(PartnerCenterError):
            await asking


async def test_copies_share_the_connection_and_the_token() -> None:
    """Ten copies, one after the other: one connection and one token."""
    ports: set[int] = set()

    async def note(heard: Heard, writer: asyncio.StreamWriter) -> None:
        ports.add(writer.get_extra_info("peername")[1])
        writer.write(EMPTY)

    credential = Counting("token")
    with Server(note) as server:
        with PartnerCenter(credential, base_url=server.base) as client:
            for number in range(10):
                client.with_options(headers={"X-Number": str(number)}).validations.get_validation_codes()
        assert (len(ports), credential.asked) == (1, 1)
        async with AsyncPartnerCenter(credential, base_url=server.base) as async_client:
            for number in range(10):
                await async_client.with_options(headers={"X-Number": str(number)}).validations.get_validation_codes()
    assert (len(ports), credential.asked) == (2, 2)


async def test_nothing_is_left_open() -> None:
    """A closed client leaves no socket behind, whatever happened in between."""

    async def half(heard: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(EMPTY[:-1])
        writer.close()

    once = RetryPolicy(attempts=1)
    failing = partial(pytest.raises, PartnerCenterError)
    with warnings.catch_warnings(), Server(half) as server:
        warnings.simplefilter("error", ResourceWarning)
        with PartnerCenter("token", base_url=server.base, retry=once) as client, failing():
            client.validations.get_validation_codes()
        async with AsyncPartnerCenter("token", base_url=server.base, retry=once) as async_client:
            with failing():
                await async_client.validations.get_validation_codes()
        gc.collect()


class Interrupted:
    """Says 503 once with a long wait, and then answers; notes the events of a client."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._answers = iter([BUSY])

    async def behave(self, heard: Heard, writer: asyncio.StreamWriter) -> None:
        """Answer."""
        writer.write(next(self._answers, EMPTY))

    @property
    def ends(self) -> list[tuple[str, int]]:
        """How the operations ended."""
        return [(event.error, event.attempts) for event in self.events if isinstance(event, Ended)]


def test_control_c_in_a_pause_leaves_the_client_usable() -> None:
    """The interruption arrives at the caller at once, Ended comes, and the next call is answered."""
    service = Interrupted()

    def interrupt(event: Event) -> None:
        service.events.append(event)
        if isinstance(event, Paused):
            signal.setitimer(signal.ITIMER_REAL, 0.1)

    def raise_it(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, raise_it)
    try:
        with Server(service.behave) as server, PartnerCenter("t", base_url=server.base, on_event=interrupt) as client:
            began = time.monotonic()
            with pytest.raises(KeyboardInterrupt) as caught:
                client.validations.get_validation_codes()
            assert time.monotonic() - began < 10
            assert service.ends == [("stopped", 1)], "told while the interruption is still on its way"
            assert caught.type is KeyboardInterrupt
            assert client.validations.get_validation_codes() == []
    finally:
        signal.signal(signal.SIGALRM, before)
    assert service.ends == [("stopped", 1), ("", 1)]


async def test_cancelling_in_a_pause_leaves_the_client_usable() -> None:
    """The same for a task."""
    service = Interrupted()
    paused = asyncio.Event()

    def note(event: Event) -> None:
        service.events.append(event)
        if isinstance(event, Paused):
            paused.set()

    with Server(service.behave) as server:
        async with AsyncPartnerCenter("t", base_url=server.base, on_event=note) as client:
            asking = asyncio.create_task(client.validations.get_validation_codes())
            await asyncio.wait_for(paused.wait(), 10)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert service.ends == [("stopped", 1)]
            assert await client.validations.get_validation_codes() == []
    assert service.ends == [("stopped", 1), ("", 1)]


async def test_cancelling_a_hundred_calls_in_flight_leaves_no_connection_taken() -> None:
    """Each was waiting for its answer; afterwards a hundred others get through."""
    silent = True

    async def behave(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if silent:
            await asyncio.sleep(3600)
        writer.write(EMPTY)

    with Server(behave) as server:
        async with AsyncPartnerCenter("t", base_url=server.base, timeout=20) as client:
            asking = [asyncio.create_task(client.validations.get_validation_codes()) for _ in range(120)]
            while len(server.heard) < 100:  # noqa: ASYNC110 - another thread's list
                await asyncio.sleep(0.01)
            for task in asking:
                task.cancel()
            assert {type(one) for one in await asyncio.gather(*asking, return_exceptions=True)} == {
                asyncio.CancelledError
            }
            silent = False
            found = await asyncio.gather(*(client.validations.get_validation_codes() for _ in range(100)))
    assert found == [[]] * 100
