"""The promises about uploads, kept by PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from vetline.store.postgres import upload_rows
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.link import Link
from vetline.store.postgres.servers import Connection
from vetline.store.uploads import RowKind, RowNow, Upload, UploadRow


class PostgresUploads:
    """See `Uploads`.

    Parameters:
        readers, writers: connections.
    """

    def __init__(self, readers: Link, writers: Link) -> None:
        self._readers, self._writers = readers, writers

    async def recent(self, partner: str, limit: int) -> Sequence[Upload]:
        """See `Uploads.recent`."""
        found = await self._readers.fetch(SQL["uploads_recent"], partner, limit)
        return [upload_rows.upload_of(row) for row in found]

    async def upload(self, partner: str, upload: str) -> Upload | None:
        """See `Uploads.upload`."""
        found = await self._readers.fetch(SQL["upload"], partner, upload)
        return upload_rows.upload_of(found[0]) if found else None

    async def rows(self, partner: str, upload: str, after: int, limit: int) -> Sequence[RowNow]:
        """See `Uploads.rows`."""
        found = await self._readers.fetch(SQL["upload_rows"], partner, upload, after, limit)
        return [upload_rows.line_now_of(row) for row in found]

    async def failures(self, partner: str, upload: str, after: int, limit: int) -> Sequence[UploadRow]:
        """See `Uploads.failures`."""
        found = await self._readers.fetch(SQL["upload_failures"], partner, upload, after, limit)
        return [upload_rows.line_of(row) for row in found]

    async def kinds(self, partner: str, upload: str) -> Sequence[RowKind]:
        """See `Uploads.kinds`."""
        return [upload_rows.kind_of(row) for row in await self._readers.fetch(SQL["upload_kinds"], partner, upload)]

    async def unfinished(self, partner: str) -> int:
        """See `Uploads.unfinished`."""
        ((count,),) = await self._readers.fetch(SQL["uploads_unfinished"], partner)
        return int(count)

    async def waiting(self, partner: str, upload: str, limit: int) -> Sequence[UploadRow]:
        """See `Uploads.waiting`."""
        found = await self._readers.fetch(SQL["upload_waiting"], partner, upload, limit)
        return [upload_rows.line_of(row) for row in found]

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Upload]:
        """See `Uploads.claim`. A claim whose answer was lost ends with its lease, so it may be made again."""
        found = await self._writers.fetch(SQL["claim_uploads"], now, lease_until, limit)
        return [upload_rows.upload_of(row) for row in found]

    async def release(self, partner: str, upload: str) -> None:
        """See `Uploads.release`."""
        await self._writers.fetch(SQL["release_upload"], partner, upload)

    async def forget(self, before: datetime, abandoned: datetime, limit: int) -> int:
        """See `Uploads.forget`. Each step may be the last for now, and may be made again."""

        async def work(connection: Connection) -> int:
            await connection.execute(SQL["hide_old_uploads"], before)
            status: str = await connection.execute(SQL["forget_upload_rows"], abandoned, limit)
            await connection.execute(SQL["forget_uploads"], abandoned)
            return int(status.rpartition(" ")[2])

        return await self._writers.read(work)
