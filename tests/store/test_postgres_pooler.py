"""Behind a pooler: one that leaves us our connections is welcome, one that shares them is refused with a sentence."""

import asyncio
import os

import pytest

from tests.store.records import A, answer, customer, guid, moved, save, submitted, with_customers
from tests.support.pgbouncer import BINARY, PgBouncer
from tests.support.postgres import PostgresServer
from vetline.store.port import SchemaError
from vetline.store.postgres.store import PostgresStore

pytestmark = pytest.mark.skipif(BINARY is None and "CI" not in os.environ, reason="no PgBouncer is installed here")


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    """A database of its own."""
    name = f"pooled_{postgres.sql('SELECT count(*) FROM pg_database')}"
    postgres.sql(f"CREATE DATABASE {name}")
    return name


async def test_pooler_in_session_mode_is_as_good_as_the_server(postgres: PostgresServer, database: str) -> None:
    """Everything works through it: settings, prepared statements, and what another process tells."""
    with PgBouncer(postgres, "session") as pooler:
        here, there = [await PostgresStore.open(pooler.url(database)) for _ in range(2)]
        with there.bells.bell(A, guid(1)) as bell:
            await with_customers(here, *(customer(number) for number in range(1, 50)))
            saves = [save(here, *moved(submitted(customer(n))), remember=answer(n)) for n in range(1, 50)]
            await asyncio.gather(*saves)
            await asyncio.wait_for(bell.wait(), 20)
        assert await there.waiting() == (49, 0)
        assert (await here._writers.fetch("SHOW lock_timeout"))[0][0] == "2s"
        await here.close()
        await there.close()


async def test_pooler_in_transaction_mode_is_refused(postgres: PostgresServer, database: str) -> None:
    """Each time, also when nobody else uses it, and without having changed anything."""
    with PgBouncer(postgres, "transaction") as pooler:
        for _ in range(3):
            with pytest.raises(SchemaError, match="pool_mode = session"):
                await PostgresStore.open(pooler.url(database))
    assert postgres.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database) == "0"
