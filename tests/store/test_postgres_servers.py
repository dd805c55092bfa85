"""Which of several servers is connected to: one that can be written, and none that is silent holds the others up."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.store.records import A, customer, guid, with_customers
from tests.support.postgres import PostgresServer
from vetline.store.port import UnavailableError
from vetline.store.postgres.link import CONNECT_SECONDS
from vetline.store.postgres.servers import connect, servers
from vetline.store.postgres.store import PostgresStore

READ_ONLY = "&default_transaction_read_only=on"


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """A place that takes connections and never answers."""
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    for writer in held:
        writer.transport.abort()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://db/x", ["postgresql://db/x"]),
        ("postgresql:///x?host=/run", ["postgresql:///x?host=/run"]),
        (
            "postgresql://u:p%40,@a:1,[::1]:2/x",
            [
                "postgresql://u:p%40,@a:1/x?target_session_attrs=read-write",
                "postgresql://u:p%40,@[::1]:2/x?target_session_attrs=read-write",
            ],
        ),
        (
            "postgres://a,b/x?target_session_attrs=primary&search_path=s",
            [
                "postgres://a/x?target_session_attrs=primary&search_path=s",
                "postgres://b/x?target_session_attrs=primary&search_path=s",
            ],
        ),
    ],
)
def test_each_server_has_an_address(url: str, expected: list[str]) -> None:
    """Commas in a password separate nothing; of several servers one that can be written is meant."""
    assert servers(url) == expected


async def test_silent_server_holds_nobody_up(postgres: PostgresServer, silent: str) -> None:
    """Whichever stands first: a machine that has vanished answers nothing, not even that it is gone."""
    fresh = postgres.fresh()
    begun = time.monotonic()
    for places in (f"{silent},{postgres.place}", f"{postgres.place},{silent}"):
        store = await PostgresStore.open(fresh.replace(postgres.place, places))
        await with_customers(store, customer(len(places)))
        assert await store.customer(A, guid(len(places))) == customer(len(places))
        await store.close()
        fresh = postgres.fresh()
    assert time.monotonic() - begun < CONNECT_SECONDS


async def test_all_of_several_servers_silent_is_unavailable_in_time(silent: str) -> None:
    """No more time for two than for one."""
    begun = time.monotonic()
    with pytest.raises(UnavailableError):
        await PostgresStore.open(f"postgresql://vetline@{silent},{silent}/x")
    assert time.monotonic() - begun < 2 * CONNECT_SECONDS


async def test_most_telling_error_is_raised(postgres: PostgresServer) -> None:
    """A server that is not there says less than one that says why not."""
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await connect(f"postgresql://vetline@127.0.0.1:1,{postgres.place}/nothing")


async def test_server_that_cannot_be_written_is_none_of_several(postgres: PostgresServer) -> None:
    """So a standby that answers first is not taken for the database."""
    url = f"{postgres.fresh()}{READ_ONLY}"
    with pytest.raises(UnavailableError, match="read-write"):
        await PostgresStore.open(url.replace(postgres.place, f"127.0.0.1:1,{postgres.place}"))


async def test_database_that_became_read_only_is_read_and_says_so(postgres: PostgresServer) -> None:
    """One server that only reads still answers reads; every change is told to come again."""
    url = postgres.fresh()
    store = await PostgresStore.open(url)
    await with_customers(store, customer(1))
    await store.close()
    store = await PostgresStore.open(f"{url}{READ_ONLY}")
    assert await store.customer(A, guid(1)) == customer(1)
    with pytest.raises(UnavailableError, match="read-only"):
        await with_customers(store, customer(2))
    with pytest.raises(UnavailableError, match="read-only"):
        await store.ping()
    await store.close()
