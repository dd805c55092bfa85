"""Where the time of one request goes, by room: `python -m bench.profile`. In one process, without the HTTP server.

The process has the first processor, a PostgreSQL of our own the second. What a request is bound by shows without the
profiler: an event loop that never waits is bound by its processor, one that does waits for the disk or the database.
The profiler itself slows everything down, calls most of all; the shares are what counts.
"""

import argparse
import asyncio
import cProfile
import pstats
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from bench.postgres import postgres
from bench.processes import SERVER_CORE, pinned
from bench.seeding import add_customers, customer_id
from vetline.api.app import Api
from vetline.choices import Choices
from vetline.clock import SystemClock
from vetline.identity.issuer import TokenIssuer
from vetline.identity.verifier import TokenVerifier
from vetline.logs import configure_logs
from vetline.reference.library import ReferenceLibrary
from vetline.sandbox.contents.seeds import CONTOSO_TENANT
from vetline.vetting.pacing import Pacing
from vetline.wiring import furnish, http, open_store

REQUESTS = 10_000
CLIENTS = 64
BODY = b'{"qualification":"Education","educationSegment":"K12","website":"example.edu"}'

Request = Callable[[], Awaitable[None]]


async def main(title: str, url: str) -> None:
    """Print the shares of a read and of a durable submission on one database."""
    store, clock = await open_store(url), SystemClock()
    issuer = TokenIssuer("http://bench")
    choices = Choices(pacing=Pacing(delay=timedelta(days=1)))
    rooms = furnish(store, clock, ReferenceLibrary(), choices)
    app, _ = http(rooms, choices, TokenVerifier(issuer.trusted()))
    asker = _Asker(app, _token(issuer, clock.now().timestamp()))
    await report(f"durable POST qualifications on {title}", asker.submit)
    await report(f"GET qualifications on {title}", asker.read)
    await store.close()


def _token(issuer: TokenIssuer, now: float) -> bytes:
    claims = {
        "aud": "https://api.partnercenter.microsoft.com",
        "iss": issuer.name(CONTOSO_TENANT, v2=False),
        "tid": CONTOSO_TENANT,
        "exp": int(now + 3_600),
        "nbf": int(now),
        "appid": "bench",
        "oid": "bench",
        "scp": "user_impersonation",
        "amr": ["pwd", "mfa"],
    }
    return issuer.sign(claims).encode()


class _Asker:
    """Sends requests straight into the application."""

    def __init__(self, app: Api, token: bytes) -> None:
        self._app = app
        self._headers = [(b"authorization", b"Bearer " + token), (b"accept", b"application/json")]
        self._numbers = count(1)

    async def read(self) -> None:
        """Read one customer's qualifications."""
        await self._send("GET", 1, b"", [(b"ms-requestid", b"037db222-6d8e-4d7f-ba78-df3dca33fb68")])

    async def submit(self) -> None:
        """Submit another customer's qualification."""
        number = next(self._numbers)
        given = [(b"ms-requestid", b"11111111-0000-4000-8000-%012x" % number), (b"content-length", b"%d" % len(BODY))]
        await self._send("POST", number, BODY, given)

    async def _send(self, method: str, number: int, body: bytes, given: list[tuple[bytes, bytes]]) -> None:
        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message.get("status", 200) not in (200, 201):
                raise SystemExit(f"answered {message}")

        scope = {"type": "http", "method": method, "query_string": b"", "headers": [*self._headers, *given]}
        await self._app(scope | {"path": f"/v1/customers/{customer_id(number)}/qualifications"}, receive, send)


async def report(title: str, request: Request) -> None:
    """Time requests without the profiler, then profile them and print the shares by room."""
    await _many(request, 1_000)
    spent = await _spent(request)
    profile = cProfile.Profile()
    profile.enable()
    await _many(request, REQUESTS)
    profile.disable()
    shares = _by_room(pstats.Stats(profile))
    print(f"\n{title}: {spent.wall:.0f} us each in the application, {CLIENTS} at once")
    print(f"  {spent}")
    for share, room in shares[:14]:
        print(f"  {share:6.1%}  {room}")


class Spent(NamedTuple):
    """What a request takes, in microseconds.

    Parameters:
        wall: the time until the next is through, with many at once.
        process: the processor's time, in all threads of this process.
        loop: the processor's time, in the thread of the event loop alone.
        queued: how long that thread was ready to go on and had no processor.
    """

    wall: float
    process: float
    loop: float
    queued: float

    def __str__(self) -> str:
        """Say where it went: what is left is the time that the event loop waits for the disk or the database."""
        waits = max(0.0, self.wall - self.loop - self.queued)
        return (
            f"processor {self.process:.0f} us, of which the event loop {self.loop:.0f} us; the event loop "
            f"is kept from the processor by others for {self.queued:.0f} us, and waits for {waits:.0f} us"
        )


async def _spent(request: Request) -> Spent:
    before = _used()
    await _many(request, REQUESTS)
    return Spent(*(1e6 / REQUESTS * (after - begun) for begun, after in zip(before, _used(), strict=True)))


def _used() -> Spent:
    """Return the seconds so far. Source: https://docs.kernel.org/scheduler/sched-stats.html, /proc/<pid>/schedstat"""
    queued = int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1]) / 1e9
    return Spent(time.perf_counter(), time.process_time(), time.thread_time(), queued)


async def _many(request: Request, number: int) -> None:
    async def client() -> None:
        for _ in range(number // CLIENTS):
            await request()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


def _by_room(stats: pstats.Stats) -> list[tuple[float, str]]:
    found: dict[str, float] = defaultdict(float)
    rows: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = stats.stats  # type: ignore[attr-defined]
    for (file, _, function), (_, _, own, _, _) in rows.items():
        found[_room(file, function)] += own
    total = sum(found.values())
    return sorted(((own / total, room) for room, own in found.items()), reverse=True)


def _room(file: str, function: str) -> str:
    if "/vetline/" in file:
        return "vetline." + file.rpartition("/vetline/")[2].split("/")[0].removesuffix(".py")
    if "sqlite3" in function:
        return "SQLite"
    if "/asyncpg/" in file or "asyncpg" in function:
        return "PostgreSQL's driver"
    if "poll" in function:
        return "waiting for the disk or the database"
    return "Python: built-in functions" if file == "~" else "Python: library"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database instead of our own")
    return parser.parse_args()


def run(database_url: str) -> None:
    """Profile on SQLite, then on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="vetline-profile-") as name:
        _profile("SQLite", f"sqlite:///{name}/vetline.db")
    with postgres(database_url) as url:
        _profile("PostgreSQL", url)


def _profile(title: str, url: str) -> None:
    add_customers(url, 0, 5 * REQUESTS)
    with pinned(SERVER_CORE):
        asyncio.run(main(title, url))


if __name__ == "__main__":
    configure_logs("error")
    run(_arguments().database_url)
