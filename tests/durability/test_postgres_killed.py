"""PostgreSQL itself is killed under load and started again: nothing acknowledged is lost, and nobody has to help."""

import asyncio

from tests.support.partner import Client, qualifications
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox
from tests.support.submitting import Submitter, assert_each_once
from vetline.worker.screening import LEASE

KILLS, EACH, TOGETHER = 4, 60, 16
# A domain that the lists decide on, and one that needs a person.
DOMAINS = ("ox.ac.uk", "")


async def test_killed_postgres_loses_nothing_and_comes_back() -> None:
    """While it is away requests are told to come again; afterwards everything goes on, each submission is there once.

    In the end no case is stuck.
    """
    with PostgresServer() as postgres, Sandbox("--database-url", postgres.fresh()) as sandbox:
        async with Client(sandbox) as client, Client(sandbox, "reviewer") as reviewer:
            submitter = Submitter(client)
            for _ in range(KILLS):
                await _round(postgres, sandbox, client, submitter)
            sandbox.http.post("/sandbox/clock", json={"advanceSeconds": LEASE.total_seconds() + 1}).raise_for_status()
            assert len(submitter.acknowledged) == KILLS * EACH * len(DOMAINS)
            await assert_each_once(reviewer, submitter.acknowledged, {"approved", "reviewing"})
    print(f"\n{KILLS} kills, answers {dict(submitter.answers)}, the slowest took {submitter.slowest:.1f} s")  # noqa: T201
    assert submitter.answers[503]
    assert submitter.slowest < 15


async def _round(postgres: PostgresServer, sandbox: Sandbox, client: Client, submitter: Submitter) -> None:
    customers = [one for domain in DOMAINS for one in await client.create(EACH, domain)]
    enough = submitter.after(EACH // 2)
    waiting = list(customers)
    loading = [asyncio.create_task(submitter.submit_all(waiting)) for _ in range(TOGETHER)]
    await enough.wait()
    postgres.kill()
    await _is_told(sandbox, client, customers[0])
    await asyncio.to_thread(postgres.start)
    await asyncio.gather(*loading)
    assert (await client.http.get("/readyz")).status_code == 200


async def _is_told(sandbox: Sandbox, client: Client, customer: str) -> None:
    """See what is said while the database is away."""
    alive, ready = await client.http.get("/healthz"), await client.http.get("/readyz")
    assert (alive.status_code, ready.status_code) == (200, 503)
    read = await client.http.get(qualifications(customer))
    assert (read.status_code, int(read.headers["Retry-After"]) > 0) == (503, True)
