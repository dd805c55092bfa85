"""Opening a journal: begun anew, or continued where a kill left it; locked, and never of another input."""

import fcntl
import os
import uuid
from datetime import datetime
from pathlib import Path

import msgspec

from vetline.cli.bulk.disk import sync_folder
from vetline.cli.bulk.journal import Journal
from vetline.cli.bulk.lines import MAX_LINE, VERSION, AnyLine, Header, JournalError, Overview

_BEGINNING = b'{"vetline_bulk":'


def open_journal(path: Path, sha256: str, rows: int, now: datetime, fresh: uuid.UUID) -> Journal:
    """Return the journal at a path, begun or continued.

    Parameters:
        path: where it is or shall be.
        sha256, rows: of the input.
        now: the moment, for a new header.
        fresh: the run's id, for a new header.

    Raises:
        JournalError: it belongs to another input, to another process, or is damaged.
        OSError: it cannot be opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    try:
        _lock(descriptor, path)
        header = read_header(path)
        if header is None:
            header = Header(VERSION, fresh, sha256, rows, now)
            return _begun(descriptor, header, path)
        _same_input(header, sha256, path)
        return _continued(descriptor, header, path)
    except BaseException:
        os.close(descriptor)
        raise


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise JournalError(
            f"Another process is running this submission ({path} is locked): wait until it ends."
        ) from error


def read_header(path: Path) -> Header | None:
    """Return the header of a journal; `None` when there is none, or nothing behind it: then nothing was sent.

    Raises:
        JournalError: it is no journal.
        OSError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            first, second = file.readline(MAX_LINE), file.readline(MAX_LINE)
    except FileNotFoundError:
        return None
    torn = not first.endswith(b"\n") and _BEGINNING.startswith(first[: len(_BEGINNING)])
    header = None if torn else _header_in(first, path)
    return header if second.endswith(b"\n") else None


def _header_in(raw: bytes, path: Path) -> Header:
    try:
        header = msgspec.json.decode(raw, type=Header)
    except msgspec.MsgspecError as error:
        raise JournalError(
            f"{path} is no journal of `vetline bulk`: move it away, or give another --results."
        ) from error
    if header.vetline_bulk != VERSION:
        raise JournalError(f"{path} was written by another version of Vetline: finish that run with that version.")
    return header


def _same_input(header: Header, sha256: str, path: Path) -> None:
    if header.sha256 != sha256:
        raise JournalError(
            f"{path} belongs to another input: the file is not the one that the run of {header.begun:%Y-%m-%d %H:%M} "
            "began with. Resume with that file, or give another --results to submit this one."
        )


def _begun(descriptor: int, header: Header, path: Path) -> Journal:
    os.ftruncate(descriptor, 0)  # the header of a run that sent nothing
    journal = Journal(descriptor, header, Overview.of(header.rows), 0)
    journal.append(header)
    journal.sync()
    sync_folder(path.parent)
    return journal


def _continued(descriptor: int, header: Header, path: Path) -> Journal:
    overview, length = Overview.of(header.rows), 0
    decoder = msgspec.json.Decoder(AnyLine)
    with path.open("rb") as file:
        for number, raw in enumerate(iter(lambda: file.readline(MAX_LINE), b""), 1):
            if not raw.endswith(b"\n") and len(raw) < MAX_LINE:
                break  # the last line, torn by a kill
            if number > 1:
                _take(overview, decoder, raw, length, f"{path}, line {number}")
            length += len(raw)
    os.ftruncate(descriptor, length)
    return Journal(descriptor, header, overview, length)


def _take(overview: Overview, decoder: "msgspec.json.Decoder[AnyLine]", raw: bytes, place: int, where: str) -> None:
    try:
        line = decoder.decode(raw)
        if line.reserved:
            overview.reserved = max(overview.reserved, line.reserved)
        elif line.written:
            overview.written = True
        else:
            overview.note(line, place)
    except (msgspec.MsgspecError, IndexError) as error:
        raise JournalError(
            f"{where}, is damaged ({error}): restore the journal from a copy; without it a row could be sent twice."
        ) from error
