"""What goes wrong in a PostgreSQL that runs, provoked for real and seen from HTTP: a 503 that says when to come again,
never a 500, nothing half done; and when it is over all is well without anybody's help.
"""

import asyncio
import contextlib
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import asyncpg
import httpx2
import pytest

from tests.api.service import Service
from tests.support.authority import Authority
from tests.support.partner import EDUCATION, Client, at_once, government, new_customer, qualifications
from tests.support.postgres import PostgresServer
from tests.support.small_disk import small_disk

IN_TIME = 20.0
LOOK_SECONDS = 0.05
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vetline' AND wait_event_type = 'Lock'"


class Place:
    """A service on a place of its own in the database, and somebody else's connection to that.

    Parameters:
        service: the service.
        url: the place.
        other: the connection.
    """

    def __init__(self, service: Service, url: str, other: Any) -> None:
        self.service, self.url, self.other = service, url, other

    async def until_it_waits(self) -> None:
        """Return when a transaction of the service waits for a lock."""
        await until(lambda: self.other.fetchval(_WAITING), "nobody waits")

    @contextlib.asynccontextmanager
    async def holding(self, statement: str) -> AsyncIterator[None]:
        """Hold the locks that a statement takes."""
        transaction = self.other.transaction()
        await transaction.start()
        await self.other.execute(statement)
        yield
        await transaction.rollback()


async def until(condition: Callable[[], Any], what: str) -> None:
    """Return when something has come to be so."""
    deadline = time.monotonic() + IN_TIME
    while not await condition():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(LOOK_SECONDS)


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """A fresh place."""
    return postgres.fresh()


@pytest.fixture
async def place(authority: Authority, url: str) -> AsyncIterator[Place]:
    """A service on it, that alone has this place."""
    other = await asyncpg.connect(url)
    with Service(authority, url, {"requests_per_minute": "0"}) as service:
        yield Place(service, url, other)
    await other.close()


@pytest.fixture
async def client(place: Place) -> AsyncIterator[Client]:
    """A partner."""
    async with Client(place.service) as found:
        yield found


@pytest.fixture
def disk(postgres: PostgresServer) -> Iterator[Any]:
    """A disk of a few megabytes, for the tables alone: a full disk under its log ends a PostgreSQL."""
    with contextlib.ExitStack() as mounts:
        try:
            yield mounts.enter_context(small_disk(postgres.folder / "disk", 16))
        except (PermissionError, FileNotFoundError) as error:
            pytest.skip(f"no disk can be mounted here ({error})")


def assert_unavailable(answer: httpx2.Response) -> None:
    """Come again, and nothing of what it was."""
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["isRetryable"]
    assert "SELECT" not in answer.text


async def assert_well_again(client: Client, customer: str) -> None:
    """The same request, sent again, is saved once; the service is ready."""
    assert (await client.ask(customer, EDUCATION, customer)).status_code == 201
    assert len(await client.standing(customer)) == 1
    assert (await client.http.get("/readyz")).status_code == 200


async def test_lock_that_does_not_come(place: Place, client: Client) -> None:
    """Somebody's open transaction holds a table: changes are told to come again in time, reads go on."""
    (customer,) = await client.create(1)
    async with place.holding("LOCK TABLE answers IN SHARE MODE"):
        begun = time.monotonic()
        assert_unavailable(await client.ask(customer, EDUCATION, customer))
        assert time.monotonic() - begun < 10
        assert await client.standing(customer) == []
    await assert_well_again(client, customer)


async def test_statement_that_takes_too_long(place: Place, client: Client) -> None:
    """It is ended by the server's own limit."""
    (customer,) = await client.create(1)
    await place.other.execute(
        "CREATE FUNCTION slow() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END' "
        "LANGUAGE plpgsql; "
        "CREATE TRIGGER slow BEFORE INSERT ON answers FOR EACH ROW EXECUTE FUNCTION slow()"
    )
    begun = time.monotonic()
    assert_unavailable(await client.ask(customer, EDUCATION, customer))
    assert time.monotonic() - begun < 10
    assert "statement timeout" in place.service.log()
    await place.other.execute("DROP TRIGGER slow ON answers")
    await assert_well_again(client, customer)


async def test_deadlock_is_not_noticed(place: Place, client: Client) -> None:
    """Whoever is chosen to give way: the submission is saved by another try."""
    place.service.issue_code(5)
    (customer,) = await client.create(1)
    async with place.holding("SELECT 1 FROM codes FOR UPDATE"):
        asking = asyncio.create_task(client.ask(customer, government("4711"), customer))
        await place.until_it_waits()
        await place.other.execute("LOCK TABLE answers")  # which the submission has in use already
    assert (await asking).status_code == 201
    assert place.service.remaining() == 4
    found = await place.other.fetchval("SELECT count(*) FROM redemptions")
    assert found == 1


@pytest.mark.parametrize("isolation", ["serializable", "repeatable read"])
async def test_serialization_failures(authority: Authority, postgres: PostgresServer, isolation: str) -> None:
    """In a database where every transaction is that strict, nothing is lost and nothing doubled."""
    begun = len((postgres.folder / "log").read_text("utf-8"))
    url = postgres.fresh()
    strict, unlimited = (
        f"{url}&default_transaction_isolation={isolation.replace(' ', '%20')}",
        {"requests_per_minute": "0"},
    )
    with Service(authority, strict, unlimited) as one, Service(authority, strict, unlimited) as two:
        one.issue_code(30)
        async with Client(one) as first, Client(two) as second:
            customers = await first.create(60)
            other = await asyncpg.connect(url)
            async with Place(one, url, other).holding("SELECT 1 FROM codes FOR UPDATE"):
                asking = asyncio.create_task(_all_answered((first, second), customers))
                # One of both processes that wait for the same row changes it first, and the other then cannot.
                await until(lambda: _many_wait(other), "only one waits")
            await other.close()
            statuses = await asking
        assert one.remaining() == 0
    print(f"\n{isolation}: {dict(statuses)}")  # noqa: T201
    assert "could not serialize access" in (postgres.folder / "log").read_text("utf-8")[begun:]
    assert (statuses[201], statuses[400]) == (30, 30)
    assert set(statuses) <= {201, 400, 503}


async def _many_wait(other: Any) -> bool:
    return bool(await other.fetchval(_WAITING) > 1)


async def _all_answered(clients: tuple[Client, Client], customers: list[str]) -> Counter[int]:
    """Ask for every customer, over both services in turn, until none is told to come again."""
    statuses: Counter[int] = Counter()
    while customers:
        send = partial(_ask_either, clients, customers)
        found = await at_once(len(customers), send)
        statuses.update(answer.status_code for answer in found)
        customers = [one for one, answer in zip(customers, found, strict=True) if answer.status_code == 503]
    return statuses


async def _ask_either(clients: tuple[Client, Client], customers: list[str], number: int) -> httpx2.Response:
    customer = customers[number]
    return await clients[number % 2].ask(customer, government("4711"), customer)


async def test_no_connection_left(authority: Authority, postgres: PostgresServer, url: str) -> None:
    """All are lost, and the server has none for us."""
    role, schema = f"few_{time.monotonic_ns()}", url.partition("search_path=")[2]
    postgres.sql(f"CREATE ROLE {role} LOGIN")
    postgres.sql(f"GRANT ALL ON SCHEMA {schema} TO {role}")
    with Service(authority, url.replace("vetline@", f"{role}@"), {}) as service:
        async with Client(service) as client:
            (customer,) = await client.create(1)
            postgres.sql(f"ALTER ROLE {role} CONNECTION LIMIT 0")
            postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")
            assert_unavailable(await client.ask(customer, EDUCATION, customer))
            assert_unavailable(await client.http.get(qualifications(customer)))
            assert (await client.http.get("/readyz")).status_code == 503
            postgres.sql(f"ALTER ROLE {role} CONNECTION LIMIT -1")
            await assert_well_again(client, customer)
        assert "too many connections" in service.log()


async def test_read_only_database(place: Place, client: Client) -> None:
    """An operator, or a provider whose disk is nearly full, makes it read-only: reads go on."""
    (customer,) = await client.create(1)
    role = "ALTER ROLE vetline {} default_transaction_read_only"
    await place.other.execute(role.format("SET") + " = on")
    try:
        await place.other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vetline'"
        )
        assert_unavailable(await client.ask(customer, EDUCATION, customer))
        assert await client.standing(customer) == []
        assert (await client.http.get("/readyz")).status_code == 503
    finally:
        await place.other.execute("SET default_transaction_read_only = off")
        await place.other.execute(role.format("RESET"))
    await assert_well_again(client, customer)


async def test_full_disk(authority: Authority, postgres: PostgresServer, url: str, disk: Any) -> None:
    """No table can grow: changes are told to come again, reads go on."""
    disk.folder.chmod(0o700)
    postgres.own(disk.folder)
    name = f"small_{time.monotonic_ns()}"
    postgres.sql(f"CREATE TABLESPACE {name} LOCATION '{disk.folder}'")
    with Service(authority, f"{url}&default_tablespace={name}", {"requests_per_minute": "0"}) as service:
        async with Client(service) as client:
            (customer,) = await client.create(1)
            disk.take(None)
            statuses = Counter[int]()
            while not statuses[503]:
                created = await client.send("POST", "/v1/customers", new_customer(sum(statuses.values())))
                statuses[created.status_code] += 1
            assert set(statuses) == {201, 503}
            assert await client.standing(customer) == []
            disk.give_back(None)
            await assert_well_again(client, customer)
        assert "No space left on device" in service.log()
    postgres.sql(f"DROP SCHEMA {url.partition('search_path=')[2]} CASCADE")
    postgres.sql(f"DROP TABLESPACE {name}")


async def test_process_that_is_frozen_in_a_transaction_stops_nobody(place: Place, client: Client) -> None:
    """Its machine sleeps: the server ends the transaction, and what it held is free. Awake again, it goes on."""
    (customer,) = await client.create(1)
    async with place.holding("LOCK TABLE cases IN SHARE MODE"):
        asking = asyncio.create_task(client.ask(customer, EDUCATION, customer))
        await place.until_it_waits()
        place.service.process.send_signal(signal.SIGSTOP)
    await place.other.execute("SET lock_timeout = '20s'")
    begun = time.monotonic()
    async with place.holding("LOCK TABLE answers"):
        waited = time.monotonic() - begun
    place.service.process.send_signal(signal.SIGCONT)
    assert 5 < waited < 15
    assert (await asking).status_code in (201, 503)
    await assert_well_again(client, customer)
