"""Whatever a test leaves open is its own failure, not that of whichever test runs when it is collected."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Collect what the test left, so that an open socket warns, and the warning fails it."""
    yield
    gc.collect()
