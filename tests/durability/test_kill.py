"""kill -9 under load, twenty times over the same folder: nothing acknowledged is lost, nothing is done twice."""

import asyncio
import os
import random
import sqlite3
import time
from pathlib import Path

from tests.support.load import Ledger, load
from tests.support.partner import Client, case_path
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox
from vetline.worker.screening import LEASE

KILLS, KILLS_ON_POSTGRES = 20, 6
# A domain that the lists decide on, and one that needs a person.
DOMAINS = ("ox.ac.uk", "")
EACH = 60
SETTLED = {"approved", "denied", "reviewing"}


async def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """After each kill the file is sound, what was acknowledged is there once, and what was not is done once by a retry.

    In the end no case is stuck: leases of workers that were killed run out, and every case is decided or with a person.
    """
    await _play(Campaign(tmp_path / "data", _chance()), KILLS)


async def test_kills_lose_nothing_on_postgres(tmp_path: Path, postgres: PostgresServer) -> None:
    """The same when the data are in a database that survives the process."""
    await _play(Campaign(tmp_path / "data", _chance(), postgres.fresh()), KILLS_ON_POSTGRES)


def _chance() -> random.Random:
    seed = int(os.environ.get("VETLINE_TEST_SEED", time.time_ns() % 1_000_000))
    print(f"\nseed {seed}")  # noqa: T201 - to run it again: VETLINE_TEST_SEED
    return random.Random(seed)


async def _play(campaign: "Campaign", kills: int) -> None:
    for _ in range(kills):
        await campaign.round()
    await campaign.end()
    counts = f"{len(campaign.ledger.sent)} submissions, {campaign.retried} of them retried"
    print(f"{kills} kills, {campaign.acknowledged} acknowledged, {counts}")  # noqa: T201


class Campaign:
    """One folder, many lives.

    Parameters:
        folder: where everything is kept.
        chance: when to kill.
        database_url: where the data are instead; empty for a file in the folder.
    """

    def __init__(self, folder: Path, chance: random.Random, database_url: str = "") -> None:
        self._folder = folder
        self._options = ["--data", str(folder), *(["--database-url", database_url] if database_url else [])]
        self._chance = chance
        self.ledger = Ledger()
        self.acknowledged = 0
        self.retried = 0
        self._checked = 0

    async def round(self) -> None:
        """Start, retry what has no answer yet, load, kill at some moment, look at the file."""
        with Sandbox(*self._options) as sandbox:
            async with Client(sandbox) as client, Client(sandbox, "reviewer") as reviewer:
                await self._retry(client)
                await self._check(reviewer, since=self._checked)
                self._checked = len(self.ledger.sent)
                customers = [one for domain in DOMAINS for one in await client.create(EACH, domain)]
                loading = asyncio.create_task(load(self.ledger, client, customers))
                await self._kill(sandbox)
                await loading
        self._check_file()

    async def _kill(self, sandbox: Sandbox) -> None:
        """Kill it after some answers, or some moments after them."""
        enough = len(self.ledger.acknowledged) + self._chance.randrange(2 * EACH)
        deadline = time.monotonic() + 5
        while len(self.ledger.acknowledged) < enough and time.monotonic() < deadline:  # noqa: ASYNC110 - the load runs
            await asyncio.sleep(0)
        sandbox.kill()
        self.acknowledged = len(self.ledger.acknowledged)

    async def _retry(self, client: Client) -> None:
        self.retried += len(self.ledger.unanswered)
        for customer in self.ledger.unanswered:
            assert await self.ledger.submit(client, customer)

    async def _check(self, reviewer: Client, since: int = 0) -> None:
        """Every submission that was ever sent is answered by now, and is there exactly once."""
        assert not self.ledger.unanswered
        for customer in list(self.ledger.sent)[since:]:
            steps = await _steps(reviewer, customer)
            assert steps.count("submit") == 1, (customer, steps)
            assert len(steps) <= 2, (customer, steps)

    def _check_file(self) -> None:
        if len(self._options) > 2:  # PostgreSQL was not killed
            return
        connection = sqlite3.connect(self._folder / "vetline.db")
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()

    async def end(self) -> None:
        """Let the leases end; then no case may wait for the screening, and answers are still what they were."""
        with Sandbox(*self._options) as sandbox:
            async with Client(sandbox) as client, Client(sandbox, "reviewer") as reviewer:
                await self._retry(client)
                seconds = LEASE.total_seconds() + 1
                sandbox.http.post("/sandbox/clock", json={"advanceSeconds": seconds}).raise_for_status()
                await self._check(reviewer)
                stages = {await _stage(reviewer, customer) for customer in self.ledger.sent}
                assert stages <= SETTLED
                await self._check_answers(client)
            assert sandbox.stop() == 0

    async def _check_answers(self, client: Client) -> None:
        for customer, first in list(self.ledger.acknowledged.items())[:: len(self.ledger.sent) // 50 + 1]:
            assert (await client.ask(customer, request_id=self.ledger.sent[customer])).content == first


async def _steps(reviewer: Client, customer: str) -> list[str]:
    answer = await reviewer.http.get(case_path(customer))
    return [event["step"] for event in answer.raise_for_status().json()["history"]]


async def _stage(reviewer: Client, customer: str) -> str:
    answer = await reviewer.http.get(case_path(customer))
    return str(answer.raise_for_status().json()["stage"])
