"""Which releases may run on one database side by side, in both stores: by migrations, and by what a database says."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.records import A, customer, guid, with_customers
from tests.support.postgres import PostgresServer
from vetline.store.port import SchemaError, UnavailableError
from vetline.store.postgres import schema as postgres_schema
from vetline.store.postgres.store import PostgresStore
from vetline.store.releases import Version, migrations, version_after
from vetline.store.sqlite import schema as sqlite_schema
from vetline.store.sqlite.store import SqliteStore

STORES = ["sqlite", "postgres"]
EXPANDING = "-- readable by: {}\nALTER TABLE customers ADD COLUMN tomorrow text;"
BREAKING = "ALTER TABLE customers RENAME COLUMN particulars TO details;"


class Release:
    """A release on a database: what this one knows, and what a coming one might bring."""

    def __init__(self, kind: str, url: str, folder: Path) -> None:
        self.kind, self._url, self._file = kind, url, folder / "vetline.db"
        self.known = len(migrations(kind))

    async def open(self) -> Any:
        """Start this release."""
        return SqliteStore(self._file) if self.kind == "sqlite" else await PostgresStore.open(self._url)

    async def upgrade(self, *coming: str) -> int:
        """Do what a coming release does at its start."""
        scripts = [*migrations(self.kind), *coming]
        if self.kind == "sqlite":
            connection = sqlite_schema.connect(self._file, busy_ms=1_000)
            done = sqlite_schema.migrate(connection, scripts)
            connection.close()
            return done
        other = await asyncpg.connect(self._url)
        done = await postgres_schema.migrate(other, scripts)
        await other.close()
        return done


@pytest.fixture(params=STORES)
def release(request: pytest.FixtureRequest, postgres: PostgresServer, tmp_path: Path) -> Release:
    """A release on a fresh database."""
    return Release(request.param, postgres.fresh(), tmp_path)


@pytest.fixture
async def running(release: Release) -> AsyncIterator[Any]:
    """A process of this release, which runs while others come."""
    store = await release.open()
    await with_customers(store, customer(1))
    yield store
    await store.close()


async def test_older_release_goes_on_and_starts_again_after_an_expansion(release: Release, running: Any) -> None:
    """While the upgrade goes from process to process, one of the older release dies and comes back."""
    await release.upgrade(EXPANDING.format(release.known))
    await with_customers(running, customer(2))
    await running.ping()
    again = await release.open()
    assert await again.customer(A, guid(2)) == customer(2)
    await with_customers(again, customer(3))
    await again.ping()
    await again.close()
    assert await release.upgrade(EXPANDING.format(release.known)) == 0


async def test_older_release_stops_after_a_contraction(release: Release, running: Any) -> None:
    """One that runs says that it is not ready, so that nobody sends it requests; one that starts is refused."""
    await release.upgrade(BREAKING)
    with pytest.raises(UnavailableError, match="newer release"):
        await running.ping()
    with pytest.raises((UnavailableError, sqlite3.Error)):
        await running.customer(A, guid(1))
    with pytest.raises(SchemaError, match="Install that release"):
        await release.open()


async def test_later_expansion_does_not_let_an_older_release_in_again(release: Release, running: Any) -> None:
    """What one migration broke stays broken, whatever the next one says of itself."""
    await release.upgrade(BREAKING, EXPANDING.format(1))
    with pytest.raises(UnavailableError):
        await running.ping()
    with pytest.raises(SchemaError):
        await release.open()


async def test_databases_of_the_first_releases_are_read(release: Release, postgres: PostgresServer) -> None:
    """They do not say who can read them: whoever knows all that they have had."""
    await (await release.open()).close()
    if release.kind == "postgres":
        postgres.sql(f"ALTER TABLE {release._url.partition('search_path=')[2]}.vetline_schema DROP COLUMN readable_by")
    store = await release.open()
    await store.ping()
    await store.close()
    assert await release.upgrade(EXPANDING.format(release.known)) == 1
    await (await release.open()).close()


@pytest.mark.parametrize("kind", STORES)
def test_each_migration_says_who_can_read_it(kind: str) -> None:
    """Forgetting it would stop a rolling upgrade; what breaks older releases is to be said and meant."""
    for number, script in enumerate(migrations(kind)[1:], start=2):
        assert "-- readable by: " in script, f"migration {number} of {kind}"


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_database_is_readable_by_what_can_bear_all_of_its_migrations(oldest: list[int]) -> None:
    """No migration takes back what another demands; none demands more than itself."""
    scripts = [f"-- readable by: {min(one, n)}" for n, one in enumerate(oldest, start=1)]
    version = version_after(scripts)
    assert version.number == len(oldest)
    for known in range(1, 12):
        fits = all(known >= min(one, n) for n, one in enumerate(oldest, start=1))
        assert _accepts(version, known) is fits


def _accepts(version: Version, known: int) -> bool:
    try:
        version.check(known)
    except SchemaError:
        return False
    return True
