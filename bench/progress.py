"""What is being done, for whoever sits and waits; a file or a pipe gets the tables alone."""

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")

console = Console(width=None if sys.stdout.isatty() else 140)


def progress(sentence: str) -> None:
    """Say what is being done."""
    if console.is_terminal:
        console.print(sentence, style="dim")


def progressing(items: Sequence[T], what: str) -> Iterator[T]:
    """Yield the items, and show how many of them are done."""
    yield from track(items, what, console=console, transient=True, disable=not console.is_terminal)
