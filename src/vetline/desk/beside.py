"""Work that is done beside the requests: whoever wants it waits as long as they like; what fails goes to the log."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from vetline.logs import get_logger
from vetline.store.port import StoreError

log = get_logger("vetline.beside")


def begin(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Begin a piece of work, which nobody has to wait for.

    Parameters:
        work: what is done.
        name: for the log.
    """
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_noticed)
    return task


def _noticed(task: asyncio.Task[None]) -> None:
    """Say what failed; a store that cannot answer now is no fault of the work."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, StoreError):
        log.warning("work is put off", work=task.get_name(), reason=str(error))
    elif error:
        log.error("work failed", work=task.get_name(), exc_info=error)
