"""A sandbox that fails when it is told to."""

from collections.abc import Iterator

import pytest

from .scenario import FaultySandbox


@pytest.fixture(scope="session")
def running_faulty() -> Iterator[FaultySandbox]:
    """One for the whole run; use `faulty`, which is fresh for each test."""
    with FaultySandbox() as sandbox:
        yield sandbox


@pytest.fixture
def faulty(running_faulty: FaultySandbox) -> FaultySandbox:
    """A fresh one."""
    running_faulty.reset()
    return running_faulty
