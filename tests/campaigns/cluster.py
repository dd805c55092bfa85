"""Two processes that answer and two that screen, on one PostgreSQL: each by its name, to be killed, frozen and started.

Each is a role of its own in the database, which shows whose connections are whose.
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import asyncpg

from tests.api.service import Service
from tests.campaigns.scale import LEASES_ARE_WAITED_FOR
from tests.support.authority import Authority
from tests.support.postgres import PostgresServer
from vetline.worker.screening import LEASE

ROLES = {"api_1": "api", "api_2": "api", "worker_1": "worker", "worker_2": "worker"}
ANSWERING = ("api_1", "api_2")
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.01

_UNCLAIMED = "SELECT count(*) FROM cases WHERE stage = 'screening' AND lease_until IS NULL"
_UNSETTLED = "SELECT count(*) FROM cases WHERE stage = 'screening'"
# What a minute does, at once: nothing that was claimed before is anybody's any more.
_TIME_PASSES = "UPDATE cases SET lease_until = lease_until - $1::interval WHERE lease_until IS NOT NULL"


class Cluster:
    """Four processes, each with its own settings and its own connections.

    Parameters:
        authority: whom they trust.
        postgres: where their data is, in a place that nobody else uses.
    """

    def __init__(self, authority: Authority, postgres: PostgresServer) -> None:
        self.postgres = postgres
        self.url = postgres.fresh()
        self._authority = authority
        self._ports: dict[str, int] = {}
        self.processes: dict[str, Service] = {}
        for name in ROLES:
            postgres.sql(f"CREATE ROLE {self.role(name)} SUPERUSER LOGIN")
        self.start(*ROLES)

    def role(self, name: str) -> str:
        """Return as whom a process is known to the database."""
        return f"{self.url.rpartition('=')[2]}_{name}"

    @property
    def answering(self) -> list[Service]:
        """The two processes that answer, as they run now."""
        return [self.processes[name] for name in ANSWERING]

    def start(self, *names: str) -> None:
        """Start processes side by side, each where it was before, and return when they answer."""
        with ThreadPoolExecutor() as pool:
            for name, service in zip(names, pool.map(self._started, names), strict=True):
                self.processes[name] = service
                self._ports[name] = int(service.base.rpartition(":")[2])

    def _started(self, name: str) -> Service:
        url = self.url.replace("vetline@", f"{self.role(name)}@")
        return Service(
            self._authority, url, {"roles": ROLES[name], "requests_per_minute": "0"}, self._ports.get(name, 0)
        )

    def kill(self, *names: str) -> None:
        """Kill processes without warning."""
        for name in names:
            with self.processes.pop(name) as service:
                service.kill()

    def freeze(self, name: str) -> None:
        """Let a process do nothing any more, as on a machine that sleeps."""
        self.processes[name].process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.processes[name].process.pid, os.WSTOPPED)

    def thaw(self, name: str) -> None:
        """Let a process go on as if nothing had been."""
        self.processes[name].process.send_signal(signal.SIGCONT)

    def restore(self) -> None:
        """Let all of them run again."""
        for name in self.processes:
            self.thaw(name)
        self.start(*(name for name in ROLES if name not in self.processes))

    async def sql(self, statement: str, *values: object) -> Any:
        """Return the one value that a statement returns."""
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetchval(statement, *values, timeout=PATIENCE_SECONDS)
        finally:
            await connection.close()

    async def until(self, statement: str, wanted: object, *values: object) -> None:
        """Return when a statement returns what is wanted."""
        connection = await asyncpg.connect(self.url)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS + LEASE.total_seconds() * LEASES_ARE_WAITED_FOR):
                while await connection.fetchval(statement, *values) != wanted:  # noqa: ASYNC110 - it is other processes' doing
                    await asyncio.sleep(LOOK_SECONDS)
        finally:
            await connection.close()

    async def until_screened(self) -> None:
        """Return when no case waits for the screening; the claims of whoever was killed run out."""
        await self.until(_UNCLAIMED, 0)
        await self.end_leases()
        await self.until(_UNSETTLED, 0)

    async def end_leases(self) -> None:
        """Let the time of every lease pass, unless it is to be waited for."""
        if not LEASES_ARE_WAITED_FOR:
            await self.sql(_TIME_PASSES, LEASE)

    async def until_ready(self, names: Sequence[str] = tuple(ROLES)) -> None:
        """Return when so many of the processes say that they can be sent requests."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not all([await asyncio.to_thread(self._is_ready, name) for name in names]):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)

    def _is_ready(self, name: str) -> bool:
        return self.processes[name].http.get("/readyz").status_code == 200

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.kill(*list(self.processes))
