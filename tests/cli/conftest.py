"""Fixtures of the command line's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Home
from tests.support.forwarding import Forwarding
from tests.support.processes import Sandbox


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in which nobody ever signed in."""
    return Home(tmp_path)


@pytest.fixture
def partner(tmp_path: Path, sandbox: Sandbox) -> Home:
    """A home from which a fresh sandbox is used."""
    return Home(tmp_path, VETLINE_PROFILE="sandbox", VETLINE_BASE_URL=sandbox.base)


@pytest.fixture
def authority(sandbox: Sandbox) -> Iterator[Forwarding]:
    """The sandbox's authority, counted."""
    with Forwarding(sandbox.base) as forwarding:
        yield forwarding
