"""Ctrl-C and SIGTERM: nothing new begins, what is in flight may still be answered, a second one ends that too."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, Final, Self

from vetline.cli.bulk.halting import Halt, Why
from vetline.cli.output import note

# Requests in flight get so long after the first signal. What is not answered then is asked again by a resumed run.
GRACE_SECONDS: Final = 10.0

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Signals:
    """Turns signals into the end of a run while the block lasts.

    Parameters:
        halt: called by the first signal.
    """

    def __init__(self, halt: Halt) -> None:
        self._halt = halt
        self._again = asyncio.Event()

    def __enter__(self) -> Self:
        for each in _SIGNALS:
            asyncio.get_running_loop().add_signal_handler(each, self._signalled)
        return self

    def __exit__(self, *error: object) -> None:
        for each in _SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(each)

    def _signalled(self) -> None:
        if self._halt.why is Why.INTERRUPTED:
            self._again.set()
            return
        self._halt.call(Why.INTERRUPTED, "Interrupted.")
        note(f"Finishing what is in flight, {GRACE_SECONDS:.0f} s at most; a second Ctrl-C does not wait.")

    async def obeyed(self, work: Coroutine[Any, Any, None]) -> None:
        """Carry work out, which begins nothing new after a halt, and cut it off when it takes too long to end."""
        working = asyncio.create_task(work)
        halted = asyncio.create_task(self._halt.wait())
        try:
            await asyncio.wait({working, halted}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done() and self._halt.why is Why.INTERRUPTED:
                await self._let_end(working)
            await working
        except asyncio.CancelledError:
            if not working.cancelled():
                raise
        finally:
            halted.cancel()

    async def _let_end(self, working: "asyncio.Task[None]") -> None:
        again = asyncio.create_task(self._again.wait())
        await asyncio.wait({working, again}, timeout=GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        again.cancel()
        working.cancel()
