"""The primary is killed under load and its standby becomes the primary: nothing acknowledged is lost, nobody helps."""

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest

from tests.supervision.together import Together
from tests.support.authority import Authority
from tests.support.partner import EDUCATION, Client, qualifications
from tests.support.postgres import PostgresServer
from tests.support.submitting import Submitter, assert_each_once
from vetline.store.postgres.link import USE_SECONDS

COUNT, TOGETHER = 240, 16
READY_SECONDS = 20.0
LOOK_SECONDS = 0.05


class Pair:
    """A primary, and a standby that confirms each of its commits."""

    def __init__(self) -> None:
        self.primary = PostgresServer()
        self.standby = PostgresServer(self.primary)
        # Set after the copy was made: the standby would wait for a standby of its own when it becomes the primary.
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.sql("SELECT pg_reload_conf()")

    @property
    def url(self) -> str:
        """The address of both."""
        return (
            f"postgresql://vetline@{self.primary.place},{self.standby.place}/postgres?target_session_attrs=read-write"
        )

    def close(self) -> None:
        """End both."""
        self.standby.close()
        self.primary.kill()
        self.primary.close()


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two servers."""
    found = Pair()
    yield found
    found.close()


@pytest.fixture
def service(authority: Authority, pair: Pair) -> Iterator[Together]:
    """Two processes on them."""
    with Together(authority, pair.url, {"requests_per_minute": "0"}) as found:
        yield found


@pytest.mark.parametrize("lose", [PostgresServer.kill, PostgresServer.freeze])
async def test_failover_loses_nothing_and_needs_nobody(
    pair: Pair, service: Together, lose: Callable[[PostgresServer], None]
) -> None:
    """The primary dies, or falls silent: each submission is there once, and the service is ready again by itself."""
    async with Client(service) as client, Client(service, "reviewer") as reviewer:
        submitter, waiting = Submitter(client), await client.create(COUNT, "ox.ac.uk")
        begun = submitter.after(COUNT // 4)
        loading = [asyncio.create_task(submitter.submit_all(waiting)) for _ in range(TOGETHER)]
        await begun.wait()
        lost = time.monotonic()
        lose(pair.primary)
        assert (await client.http.get("/readyz")).status_code == 503
        promoting = time.monotonic()
        await asyncio.to_thread(pair.standby.promote)
        promoted = time.monotonic()
        await _until_ready(client, promoted + READY_SECONDS)
        ready = time.monotonic()
        await asyncio.gather(*loading)
        assert len(submitter.acknowledged) == COUNT
        await assert_each_once(reviewer, submitter.acknowledged, {"approved", "reviewing", "screening"})
    assert service.stop() == 0
    print(  # noqa: T201
        f"\n{lose.__name__}: not ready after {promoting - lost:.2f} s; promoted in {promoted - promoting:.2f} s; "
        f"ready {ready - promoted:.2f} s later; answers {dict(submitter.answers)}, slowest {submitter.slowest:.1f} s"
    )


async def test_what_only_the_primary_has_is_not_acknowledged(pair: Pair, service: Together) -> None:
    """The standby is away and the primary waits for it: whoever asks is told to come again, never that it is saved.

    Then the primary is lost for good: the standby has all that was acknowledged.
    """
    async with Client(service) as client:
        before, after = await client.create(2)
        assert (await client.ask(before, EDUCATION, before)).status_code == 201
        pair.standby.kill()
        statuses = [(await client.ask(after, EDUCATION, after)).status_code for _ in range(2)]
        assert statuses == [503] * 2
        standing = await client.http.get(qualifications(after))
        assert standing.json() == []  # what is not saved is not shown
        assert (await client.http.get("/readyz")).status_code == 503
        pair.primary.kill()
        await asyncio.to_thread(pair.standby.start)
        await asyncio.to_thread(pair.standby.promote)
        await _until_ready(client, time.monotonic() + READY_SECONDS + USE_SECONDS)
        assert len(await client.standing(before)) == 1
        assert (await client.ask(after, EDUCATION, after)).status_code == 201


async def _until_ready(client: Client, deadline: float) -> None:
    """Both processes may answer, each on connections of its own; one after the other has to be ready."""
    in_a_row = 0
    while in_a_row < TOGETHER:
        answer = await client.http.get("/readyz", headers={"Connection": "close"})
        in_a_row = in_a_row + 1 if answer.status_code == 200 else 0
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(LOOK_SECONDS)
