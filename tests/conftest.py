"""Fixtures that every test may use."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.processes import Sandbox
from vetline.store.sqlite.store import SqliteStore

# A property holds or does not hold; how long the machine took to find out is no finding.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    """One sandbox for the whole run; use `sandbox`, which is fresh for each test."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """A fresh sandbox in the mode `auto`."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A fresh store."""
    found = SqliteStore(tmp_path / "vetline.db")
    yield found
    await found.close()
