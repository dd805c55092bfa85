"""Which of a database's servers is connected to. All are tried at once, so one that has vanished holds nobody up.

Of several only one that can be written counts: a standby would take reads that are too old, and no change at all.
"""

import asyncio
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

Connection = Any

_SERVER = "target_session_attrs"
_WRITABLE = "read-write"


async def connect(url: str, **settings: Any) -> Connection:
    """Return a connection to the server that answers first, of several to one that is as it should be.

    Parameters:
        url: ``postgresql://...``; before the database several hosts may stand, separated by commas.
        settings: further arguments of `asyncpg.connect`.

    Raises:
        Exception: whatever the driver raises, of several servers the most telling.
    """
    # Every server has all the time there is: in turn, the driver's own way, a silent one would use it up.
    attempts = [asyncio.create_task(asyncpg.connect(one, **settings)) for one in servers(url)]
    try:
        return await _first(attempts)
    finally:
        await _end(attempts)


def servers(url: str) -> list[str]:
    """Return the address of each server that a URL names."""
    parts = urlsplit(url)
    login, separator, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return [url]
    query = parts.query if f"{_SERVER}=" in parts.query else f"{parts.query}&{_SERVER}={_WRITABLE}".lstrip("&")
    found = (f"{login}{separator}{host}" for host in hosts.split(","))
    return [urlunsplit(parts._replace(netloc=netloc, query=query)) for netloc in found]


async def _first(attempts: "list[asyncio.Task[Connection]]") -> Connection:
    """Return the first connection, and take it off the list."""
    waiting = set(attempts)
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for attempt in done:
            if attempt.exception() is None:
                attempts.remove(attempt)
                return attempt.result()
    errors = [error for attempt in attempts if (error := attempt.exception())]
    raise max(errors, key=lambda error: not isinstance(error, OSError))


async def _end(attempts: "list[asyncio.Task[Connection]]") -> None:
    for attempt in attempts:
        attempt.cancel()
    for connection in await asyncio.gather(*attempts, return_exceptions=True):
        if not isinstance(connection, BaseException):
            connection.terminate()
