"""Ends the connection of a request, as a network does: the one place that reaches below HTTP.

The server gives no way to do so, but its sockets are this process's own: the connection is found among the open files
by its two addresses. All that is on the connection ends with it, with HTTP/2 the other requests too.
"""

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Iterator

from vetline.api.app import Scope
from vetline.api.reading import Intake, discard

# How long the server may take to see that its connection is gone.
_PATIENCE = 5.0


def hang_up(scope: Scope) -> None:
    """End a request's connection in order: the client sees its end, and not one byte more."""
    with _connection(scope) as plug:
        plug.shutdown(socket.SHUT_RDWR)


async def reset(scope: Scope, intake: Intake) -> None:
    """Reset a request's connection: once the request has come, the client gets a TCP RST.

    Without time to linger, closing is a reset (https://man7.org/linux/man-pages/man7/socket.7.html, SO_LINGER). The
    server closes when it reads the connection's end, which shutting down our reading side makes it see. Returns when it
    has: what is answered before that would still be sent.
    """
    await discard(intake)
    with _connection(scope) as plug:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        plug.shutdown(socket.SHUT_RD)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await intake.gone()


@contextlib.contextmanager
def _connection(scope: Scope) -> Iterator[socket.socket]:
    """Yield our end of a request's connection; where the client has ended it before, a socket that leads nowhere."""
    plug = next((found for found in _sockets() if _is_of(found, scope)), None) or socket.socket()
    with plug, contextlib.suppress(OSError):
        yield plug


def _is_of(plug: socket.socket, scope: Scope) -> bool:
    """Return whether a socket is a request's connection; close it when it is not."""
    with contextlib.suppress(OSError):
        (host, port), here = scope["client"], scope["server"][1]
        if plug.getpeername()[:2] == (host, int(port)) and plug.getsockname()[1] == int(here):
            return True
    plug.close()
    return False


def _sockets() -> Iterator[socket.socket]:
    """Yield a second handle on each Internet socket of this process."""
    for name in os.listdir("/dev/fd"):
        plug = _socket(int(name))
        if plug and plug.family in (socket.AF_INET, socket.AF_INET6):
            yield plug
        elif plug:
            plug.close()


def _socket(file: int) -> socket.socket | None:
    """Return a second handle on a socket; `None` for another kind of file, or one that was closed meanwhile."""
    try:
        copy = os.dup(file)
    except OSError:
        return None
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        return None
