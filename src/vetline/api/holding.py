"""Holds an answer back for a client that prefers to wait: for how long, and until it hangs up.

Ours, beside the wire: Partner Center ignores the preference, and so may every server.
Source: https://www.rfc-editor.org/rfc/rfc7240#section-4.3
"""

import asyncio
from collections.abc import Coroutine
from time import perf_counter
from typing import Any, TypeVar

from msgspec.structs import replace

from vetline.api.call import Answer, Call
from vetline.api.reading import ClientGoneError
from vetline.wire import headers
from vetline.wire.preferences import wait_of

T = TypeVar("T")

# Below the patience of every proxy and client that we know of: thirty seconds and more.
MAX_WAIT_SECONDS = 20


def wait_wanted(call: Call) -> int | None:
    """Return how many seconds a client is willing to wait; `None` when it does not say.

    Behind a body that is still to come a hang-up could not be seen, so such a request is not held.
    """
    return wait_of(call.headers[headers.PREFER], MAX_WAIT_SECONDS) if call.intake.ended else None


async def unless_gone(call: Call, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work returns, and end it when the client hangs up.

    Raises:
        ClientGoneError: it has hung up.
    """
    begun = perf_counter()
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(call.intake.gone())
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGoneError
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)
        call.held = perf_counter() - begun


def applied(answer: Answer, seconds: int) -> Answer:
    """Return an answer that says what was done: https://www.rfc-editor.org/rfc/rfc7240#section-3."""
    return replace(answer, headers=(*answer.headers, (headers.PREFERENCE_APPLIED, b"wait=%d" % seconds)))
