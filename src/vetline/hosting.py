"""Runs an application as a process: a socket, a worker beside it, and an end that loses nothing."""

import asyncio
import contextlib
import errno
import gc
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server

from vetline.api.app import Asgi
from vetline.api.beside import Health
from vetline.connections import connections_possible
from vetline.ending import Ending
from vetline.logs import get_logger
from vetline.settings import SettingsError
from vetline.worker.loop import Worker

# An orchestrator kills after ten seconds; what was accepted has to be answered before.
STOP_SECONDS = 8

# A client that does not get its request line and headers out in this time is not waited for.
HEADER_MILLISECONDS = 10_000

log = get_logger("vetline.hosting")


@contextlib.contextmanager
def reserved(host: str, port: int) -> Iterator[int]:
    """Yield the port to listen on, 0 picks a free one, and keep strangers off it inside.

    The server shares its port with whoever asks to, which is how several processes serve one. So first it is taken for
    us alone, and only then opened to those of us who ask. Nothing listens here: no connection is lost to this socket.
    Source: https://man7.org/linux/man-pages/man7/socket.7.html, SO_REUSEPORT

    Raises:
        SettingsError: it is taken or may not be used.
    """
    # A free port that the system names may be on its way to somebody else; then there is another.
    with contextlib.ExitStack() as kept:
        found = _taken(host, port, kept, attempts=1 if port else 10)
        yield found


def _taken(host: str, port: int, kept: contextlib.ExitStack, attempts: int) -> int:
    """Return the port that was taken; it is given back with `kept`."""
    place = kept.enter_context(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM))
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind((host, port))
        found = int(place.getsockname()[1])
        _claim(kept.enter_context(socket.socket(socket.AF_UNIX)), f"vetline {host} {found}")
    except OSError as error:
        if attempts > 1:
            return _taken(host, port, kept, attempts - 1)
        sentence = f"Port {port} on {host} {_why(error)}. Give another --port, or --port 0 for a free one."
        raise SettingsError(sentence) from error
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return found


def _claim(claim: socket.socket, name: str) -> None:
    """Make sure of a port between binding and listening: until somebody listens, the system lets others bind it too.

    A restart needs that (SO_REUSEADDR), and two that start at once would both believe that they have it. A name in the
    abstract namespace is one process's, and ends with it: https://man7.org/linux/man-pages/man7/unix.7.html
    """
    if sys.platform == "linux":
        claim.bind(f"\0{name}")


def _why(error: OSError) -> str:
    return "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"


def url_of(host: str, port: int, *, tls: bool = False) -> str:
    """Return the address at which a host and port are reached."""
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class Service(msgspec.Struct, frozen=True):
    """What a process serves.

    Parameters:
        app: answers requests.
        health: told when the end begins, so that a load balancer sends no more.
        let_go: lets everybody go whose answer is held back.
        worker: runs beside it; `None` for a process that only serves.
    """

    app: Asgi
    health: Health
    let_go: Callable[[], None]
    worker: Worker | None


async def run(
    service: Service,
    host: str,
    port: int,
    ready: Callable[[], None],
    *,
    certificate: Path | None = None,
    drain_seconds: float = 0,
    ending: Ending | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; then answer what was accepted, finish the batches at hand, and return.

    Parameters:
        host, port: where; the port is not 0.
        ready: called when requests are answered.
        certificate: a PEM file with a key and its certificate, for TLS; `None` for plain HTTP.
        drain_seconds: how long it still takes requests after it has said that it is not ready any more.
        ending: another way to ask it to end.
    """
    ending = ending or Ending()
    ending.by_signals()
    server = embedded_server(service.app, host, port, certificate)
    serving = asyncio.create_task(server.serve())
    working = asyncio.create_task(service.worker.run()) if service.worker else None
    await listening(host, port, serving)
    _settle_memory()
    ready()
    await _until_drained(service.health, ending, serving, drain_seconds)
    service.let_go()
    server.stop()  # type: ignore[no-untyped-call]
    if service.worker:
        service.worker.stop()
    await ended(*(task for task in (serving, working) if task))
    log.info("stopped")


async def _until_drained(health: Health, ending: Ending, serving: "asyncio.Task[None]", seconds: float) -> None:
    """Return when the end is wanted and nobody should be sending requests any more; or when the server has ended."""
    draining = asyncio.create_task(_drain(health, ending, seconds))
    await asyncio.wait([draining, serving], return_when=asyncio.FIRST_COMPLETED)
    draining.cancel()
    health.stopping = True


async def _drain(health: Health, ending: Ending, seconds: float) -> None:
    """A load balancer looks at our readiness from time to time; until it has, requests come, and are answered."""
    await ending.asked()
    health.stopping = True
    log.info("stopping", drain_seconds=seconds)
    await ending.drained(seconds)


def _settle_memory() -> None:
    """Take the reference data out of the collector's sight: it never becomes garbage, and looking at it costs reads.

    Requests leave no cycles behind, so the collector may also look less often.
    """
    if gc.isenabled():  # whoever stopped it wants a quick start, and can do with the little that imports leave behind
        gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 20)


def embedded_server(app: Asgi, host: str, port: int, certificate: Path | None = None) -> Server:
    """Return the HTTP server that runs in this process's event loop."""
    # Over TLS the server would offer HTTP/2 too, and a client would take it: other words than those without TLS.
    versions = HTTPModes.http1 if certificate else HTTPModes.auto
    server = Server(
        app,
        host,
        port,
        interface=Interfaces.ASGINL,
        websockets=False,
        backlog=1024,
        backpressure=connections_possible(),  # the server counts connections, also those that do nothing
        log_enabled=False,
        http=versions,
        ssl_cert=certificate,
        ssl_key=certificate,
        # The default is 1.3 alone, which shuts out clients that a service of today still takes.
        ssl_protocol_min=SSLProtocols.tls12,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
    )
    server.workers_kill_timeout = STOP_SECONDS
    return server


async def listening(host: str, port: int, serving: "asyncio.Task[None]") -> None:
    """Return when the port accepts connections; raise what the server raised when it does not start."""
    while not serving.done():
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return
        await asyncio.sleep(0.001)
    await serving


async def ended(*tasks: "asyncio.Task[Any]") -> None:
    """Return when all tasks have ended; what has not within `STOP_SECONDS`, counted once for all, is given up."""
    _, hanging = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in hanging:
        log.error("gave up waiting", task=task.get_name())
        task.cancel()
