"""Production services for the tests of the interface, trusting an issuer in the test's hand."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.api.service import Service
from tests.support.authority import Authority

Serve = Callable[..., Service]


@pytest.fixture
def serve(authority: Authority, tmp_path: Path) -> Iterator[Serve]:
    """Start services on one database, each with its own settings."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(Service(authority, tmp_path / "vetline.db", settings))
