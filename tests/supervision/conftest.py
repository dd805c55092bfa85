"""Services of several processes, and looks at them from outside."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.supervision.together import Together
from tests.support.authority import Authority

Serve = Callable[..., Together]


@pytest.fixture
def serve(authority: Authority, tmp_path: Path) -> Iterator[Serve]:
    """Start services of several processes on one database, each with its own settings."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(Together(authority, tmp_path / "vetline.db", settings))
