"""Leaves out of an import what a library loads only where it is installed, and what we never use of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def absent(name: str) -> Iterator[None]:
    """Let a library seem not to be installed, unless it is loaded already.

    Source: https://docs.python.org/3/reference/import.html#the-module-cache ("If the value is None ...")
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
