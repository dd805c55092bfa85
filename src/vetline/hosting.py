"""Runs an application as a process: a socket, a worker beside it, and an end that loses nothing."""

import asyncio
import contextlib
import errno
import gc
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server

from vetline.api.app import Asgi
from vetline.api.beside import Health
from vetline.connections import connections_possible
from vetline.desk.waiting import WaitingRoom
from vetline.settings import SettingsError
from vetline.worker.loop import Worker

# An orchestrator kills after ten seconds; what was accepted has to be answered before.
STOP_SECONDS = 8

# A client that does not get its request line and headers out in this time is not waited for.
HEADER_MILLISECONDS = 10_000

log = structlog.get_logger("vetline.hosting")


def free_port(host: str, port: int) -> int:
    """Return the port to listen on; 0 picks a free one.

    Raises:
        SettingsError: it is taken or may not be used. The server itself would share it with whoever has it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = (
                "is taken by another program"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror})"
            )
            raise SettingsError(
                f"Port {port} on {host} {why}. Give another --port, or --port 0 for a free one."
            ) from error
        return int(probe.getsockname()[1])


def url_of(host: str, port: int, *, tls: bool = False) -> str:
    """Return the address at which a host and port are reached."""
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


async def run(
    app: Asgi,
    host: str,
    port: int,
    ready: Callable[[], None],
    health: Health,
    waiting: WaitingRoom,
    worker: Worker | None,
    certificate: Path | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; then answer what was accepted, finish the batches at hand, and return.

    Parameters:
        app: what is served.
        host, port: where; the port is not 0.
        ready: called when requests are answered.
        health: told when the end begins, so that a load balancer sends no more.
        waiting: told to let go of those whose answers are held back.
        worker: runs beside it; `None` for a process that only serves.
        certificate: a PEM file with a key and its certificate, for TLS; `None` for plain HTTP.
    """
    stopping = _stop_signal()
    server = embedded_server(app, host, port, certificate)
    serving = asyncio.create_task(server.serve())
    working = asyncio.create_task(worker.run()) if worker else None
    await listening(host, port, serving)
    _settle_memory()
    ready()
    await asyncio.wait([asyncio.create_task(stopping.wait()), serving], return_when=asyncio.FIRST_COMPLETED)
    health.stopping = True
    log.info("stopping")
    waiting.close()
    server.stop()  # type: ignore[no-untyped-call]
    if worker:
        worker.stop()
    await ended(*(task for task in (serving, working) if task))
    log.info("stopped")


def _settle_memory() -> None:
    """Take the reference data out of the collector's sight: it never becomes garbage, and looking at it costs reads.

    Requests leave no cycles behind, so the collector may also look less often.
    """
    gc.collect()
    gc.freeze()
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


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


async def listening(host: str, port: int, serving: "asyncio.Task[None]") -> None:
    """Return when the port accepts connections; raise what the server raised when it does not start."""
    while not serving.done():
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return
        await asyncio.sleep(0.01)
    await serving


async def ended(*tasks: "asyncio.Task[Any]") -> None:
    """Return when all tasks have ended; what has not within `STOP_SECONDS`, counted once for all, is given up."""
    _, hanging = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in hanging:
        log.error("gave up waiting", task=task.get_name())
        task.cancel()
