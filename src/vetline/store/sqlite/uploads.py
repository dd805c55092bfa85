"""The promises about uploads, kept by the SQLite file. What they read may be long, so it is read in the thread."""

import json
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from vetline.store.sqlite import upload_rows
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.rows import Row, blob, micros, partner_blob
from vetline.store.sqlite.writer import GroupWriter
from vetline.store.uploads import RowKind, RowNow, Upload, UploadRow

Read = Callable[[str, Row], Awaitable[list[Row]]]


class SqliteUploads:
    """See `Uploads`.

    Parameters:
        read: returns the rows of a named statement.
        sum_up: the same, for one that looks at very many rows.
        writer: where all that changes goes.
    """

    def __init__(self, read: Read, sum_up: Read, writer: GroupWriter) -> None:
        self._read = read
        self._sum_up = sum_up
        self._writer = writer

    async def recent(self, partner: str, limit: int) -> Sequence[Upload]:
        """See `Uploads.recent`."""
        found = await self._read("uploads_recent", (partner_blob(partner), limit))
        return [upload_rows.upload_of(row) for row in found]

    async def upload(self, partner: str, upload: str) -> Upload | None:
        """See `Uploads.upload`."""
        found = await self._read("upload", (partner_blob(partner), blob(upload)))
        return upload_rows.upload_of(found[0]) if found else None

    async def rows(self, partner: str, upload: str, after: int, limit: int) -> Sequence[RowNow]:
        """See `Uploads.rows`."""
        found = await self._read("upload_rows", (partner_blob(partner), blob(upload), after, limit))
        return [upload_rows.line_now_of(row) for row in found]

    async def failures(self, partner: str, upload: str, after: int, limit: int) -> Sequence[UploadRow]:
        """See `Uploads.failures`."""
        found = await self._read("upload_failures", (partner_blob(partner), blob(upload), after, limit))
        return [upload_rows.line_of(row) for row in found]

    async def kinds(self, partner: str, upload: str) -> Sequence[RowKind]:
        """See `Uploads.kinds`."""
        found = await self._sum_up("upload_kinds", (partner_blob(partner), blob(upload)))
        return [upload_rows.kind_of(row) for row in found]

    async def unfinished(self, partner: str) -> int:
        """See `Uploads.unfinished`."""
        ((count,),) = await self._read("uploads_unfinished", (partner_blob(partner),))
        return int(count)

    async def waiting(self, partner: str, upload: str, limit: int) -> Sequence[UploadRow]:
        """See `Uploads.waiting`."""
        found = await self._read("upload_waiting", (partner_blob(partner), blob(upload), limit))
        return [upload_rows.line_of(row) for row in found]

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Upload]:
        """See `Uploads.claim`."""
        bounds = (micros(now), micros(lease_until), limit)
        found = await self._writer.run(lambda connection: _claim(connection, *bounds))
        return [upload_rows.upload_of(row) for row in found]

    async def release(self, partner: str, upload: str) -> None:
        """See `Uploads.release`."""
        key = (partner_blob(partner), blob(upload))
        await self._writer.run(lambda connection: connection.execute(SQL["release_upload"], key))

    async def forget(self, before: datetime, abandoned: datetime, limit: int) -> int:
        """See `Uploads.forget`."""
        bounds = (micros(before), micros(abandoned), limit)
        return int(await self._writer.run(lambda connection: _forget(connection, *bounds), long=True))


def _claim(connection: sqlite3.Connection, now: int, lease_until: int, limit: int) -> list[Any]:
    bounds = {"now": now, "limit": limit}
    turn = [row for (row,) in connection.execute(SQL["uploads_in_turn"], bounds)]
    return connection.execute(SQL["claim_uploads"], (lease_until, now, json.dumps(turn))).fetchall() if turn else []


def _forget(connection: sqlite3.Connection, before: int, abandoned: int, limit: int) -> int:
    connection.execute(SQL["hide_old_uploads"], (before,))
    gone = connection.execute(SQL["forget_upload_rows"], (abandoned, limit)).rowcount
    connection.execute(SQL["forget_uploads"], (abandoned,))
    return gone
