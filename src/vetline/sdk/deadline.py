"""A total time limit for blocking calls.

httpx2 limits each read, not their sum: an answer whose headers drip in byte by byte would never end. Here every read
and write of a call gets only what is left of its time. The asynchronous client has `asyncio.timeout` for that.
"""

import math
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2


class Deadline(threading.local):
    """Until when the call that runs in this thread may take, on the monotonic clock."""

    until: float = math.inf

    def capped(self, timeout: float | None) -> float | None:
        """Return a timeout, or what is left where that is less.

        Raises:
            httpcore2.ReadTimeout: nothing is left.
        """
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time is over")
        return timeout if left == math.inf else min(left, left if timeout is None else timeout)


def bounded(http: httpx2.Client) -> Deadline:
    """Make every connection of a client keep to a deadline, and return it.

    httpx2 hands no network backend to the pools that it builds, so it is put in afterwards, where one is found.

    Parameters:
        http: a client that was not used yet.
    """
    deadline = Deadline()
    for transport in [http._transport, *http._mounts.values()]:
        pool = getattr(transport, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if backend is not None:
            pool._network_backend = _Backend(backend, deadline)  # type: ignore[union-attr]
    return deadline


class _Stream(httpcore2.NetworkStream):
    """A connection that keeps to the deadline."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.capped(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.capped(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.capped(timeout))
        return _Stream(secured, self._deadline)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Makes such connections."""

    def __init__(self, inner: httpcore2.NetworkBackend, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        capped = self._deadline.capped(timeout)
        return _Stream(self._inner.connect_tcp(host, port, capped, local_address, socket_options), self._deadline)
