"""What the parent and its processes say to each other: one JSON object a line, over a socket that only they hold.

The parent begins by saying what to serve, the process says when it serves. Whoever is asked for /metrics asks the
parent, who asks everybody. The end of the line is the end of the other side.
"""

import asyncio
from typing import Any

import msgspec

from vetline.api.metrics import Counted
from vetline.settings import Settings

# A process' counts are some ten kilobytes, and there may be hundreds of processes.
LINE_LIMIT = 64 * 1024 * 1024

# A process that is busy longer is left out of /metrics.
COUNT_SECONDS = 2.0


class Begin(msgspec.Struct, frozen=True, tag=True):
    """To a process: what it serves.

    Parameters:
        name: which of the processes it is.
        port: where it listens; not 0.
    """

    name: str
    port: int
    settings: Settings


class Ready(msgspec.Struct, frozen=True, tag=True):
    """From a process: it answers requests."""


class Count(msgspec.Struct, frozen=True, tag=True):
    """To a process: say what you have counted."""

    question: int


class Mine(msgspec.Struct, frozen=True, tag=True):
    """From a process: what it has counted."""

    question: int
    counted: Counted


class CountAll(msgspec.Struct, frozen=True, tag=True):
    """From a process: say what everybody has counted."""

    question: int


class All(msgspec.Struct, frozen=True, tag=True):
    """To a process: what each has counted; of one that does not answer in time there is nothing."""

    question: int
    counted: dict[str, Counted]


FromParent = Begin | Count | All
FromProcess = Ready | Mine | CountAll

_encode = msgspec.json.Encoder().encode
_from_parent = msgspec.json.Decoder(FromParent)
_from_process = msgspec.json.Decoder(FromProcess)


class Line:
    """One end of the socket between the parent and a process.

    Parameters:
        reader, writer: the socket's streams.
        decoder: reads what the other side says.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, decoder: "msgspec.json.Decoder[Any]"
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._decoder = decoder

    def say(self, message: FromParent | FromProcess) -> None:
        """Say something; to a side that has ended it is said in vain."""
        if not self._writer.is_closing():
            self._writer.write(_encode(message) + b"\n")

    async def heard(self) -> Any:
        """Return what the other side says next, `None` when it has ended."""
        try:
            line = await self._reader.readuntil(b"\n")
        except (asyncio.IncompleteReadError, OSError):
            return None
        return self._decoder.decode(line)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def to_process(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Line:
    """Return the parent's end."""
    return Line(reader, writer, _from_process)


def to_parent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Line:
    """Return a process' end."""
    return Line(reader, writer, _from_parent)
