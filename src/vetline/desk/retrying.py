"""Deciding again when something changed between loading and saving."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from vetline.store.port import ConflictError, UnavailableError

T = TypeVar("T")

# Each round that loses means that another save won, so many lost rounds are a storm, not bad luck.
MAX_ROUNDS = 50


async def until_saved(attempt: Callable[[], Awaitable[T]]) -> T:
    """Return what an attempt to load, decide and save returned, trying anew when its save conflicts.

    Raises:
        UnavailableError: too many attempts lost.
    """
    for _ in range(MAX_ROUNDS):
        try:
            return await attempt()
        except ConflictError:
            continue
    raise UnavailableError("too many requests change the same thing at once")
