"""A sandbox where every case stays where the submission put it."""

from collections.abc import Iterator

import pytest

from tests.support.processes import Sandbox


@pytest.fixture(scope="session")
def running_by_hand() -> Iterator[Sandbox]:
    """One for the whole run; use `by_hand`, which is fresh for each test."""
    with Sandbox("--vetting", "by-hand") as sandbox:
        yield sandbox


@pytest.fixture
def by_hand(running_by_hand: Sandbox) -> Sandbox:
    """A fresh sandbox."""
    running_by_hand.reset()
    return running_by_hand
