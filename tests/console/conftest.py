"""Visitors of a sandbox's pages."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.support.processes import Sandbox
from tests.support.visitor import Visitor

Visit = Callable[[], Visitor]


@pytest.fixture
def visit(sandbox: Sandbox) -> Iterator[Visit]:
    """Open browsers, each with cookies of its own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Visitor(sandbox.base))


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """One browser."""
    return visit()
