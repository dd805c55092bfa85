"""A file of many rows that a partner gives: kept, shown, and cancelled. `uploading` works it off."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final
from uuid import uuid4

import msgspec

from vetline.clock import Clock
from vetline.desk.counting import RowCount, RowCounting
from vetline.desk.permissions import Permissions
from vetline.store.changes import Change, RowAdded, UploadBegun, UploadMoved
from vetline.store.port import AlreadyAnsweredError, ConflictError, Store
from vetline.store.records import Remembered
from vetline.store.uploads import (
    RowNow,
    RowState,
    Trouble,
    Upload,
    UploadRow,
    UploadState,
    Wanted,
)

MAX_OPEN: Final = 20
SHOWN: Final = 50
LATEST: Final = 50
_CHUNK: Final = 500
_PAGE: Final = 500
_MAX_NAME: Final = 200


class NoSuchUploadError(Exception):
    """This partner has no such upload."""


class TooManyUploadsError(Exception):
    """So many of this partner's uploads are open that no other one is taken."""


class Author(msgspec.Struct, frozen=True):
    """Who gives a file.

    Parameters:
        partner: their tenant.
        actor: who it is, as the audit log says it.
        roles: what they may do.
    """

    partner: str
    actor: str
    roles: frozenset[str]


class Draft(msgspec.Struct, frozen=True):
    """A row as it was read and checked.

    Parameters:
        line: where it stands in the file.
        cells: as they were given.
        wanted: what they ask for; `None` when they are not valid.
        sentence: what is wrong with them then.
    """

    line: int
    cells: tuple[str, ...]
    wanted: Wanted | None
    sentence: str = ""


class Progress(msgspec.Struct, frozen=True):
    """An upload, with how its rows stand now and some of those that failed.

    Parameters:
        upload: the upload.
        count: how many of its rows stand how; `None` while they are being counted, and for an upload that was refused.
        failures: a page of the rows that failed.
        more: whether further ones stand behind them.
    """

    upload: Upload
    count: RowCount | None
    failures: tuple[UploadRow, ...]
    more: bool = False


class UploadDesk:
    """A partner's uploads.

    Parameters:
        store: durable state.
        clock: the time.
        permissions: who may ask for what.
    """

    def __init__(self, store: Store, clock: Clock, permissions: Permissions) -> None:
        self._store = store
        self._clock = clock
        self._permissions = permissions
        self._counting = RowCounting(store.uploads.kinds, clock)

    async def begin(self, author: Author, file: str, drafts: Iterable[Draft], key: bytes = b"") -> Upload:
        """Keep a file and have it worked off; when this returns, all of it is on disk.

        The same file given twice is one upload, whichever of the two is kept first.

        A file with a row that is not valid is kept too, so that it can be shown what is wrong with it, but nothing of
        it is submitted.

        Parameters:
            author: who gives it.
            file: its name.
            drafts: its rows, in their order.
            key: 16 bytes that are the same however often it is given; empty when nobody can tell.

        Raises:
            TooManyUploadsError, UnavailableError.
        """
        known = await self._store.answer(author.partner, key) if key else None
        return await (self._kept(known) if known else self._keep(author, file, drafts, key))

    async def _keep(self, author: Author, file: str, drafts: Iterable[Draft], key: bytes) -> Upload:
        if await self._store.uploads.unfinished(author.partner) >= MAX_OPEN:
            raise TooManyUploadsError
        upload = Upload(author.partner, str(uuid4()), _plain(file), author.actor, self._clock.now())
        await self._store.save(Change((UploadBegun(upload),)))
        is_valid = await self._add(upload, author, iter(drafts))
        after = UploadState.OPEN if is_valid else UploadState.REFUSED
        moved = UploadMoved(upload.partner, upload.id, UploadState.PARTIAL, after)
        try:
            await self._store.save(Change((moved,), self._answer(upload, key) if key else None))
        except AlreadyAnsweredError as error:  # what was added stays partial, and is forgotten
            return await self._kept(error.answer)
        return await self.get(upload.partner, upload.id)

    def _answer(self, upload: Upload, key: bytes) -> Remembered:
        return Remembered(upload.partner, key, bytes(16), 200, upload.id.encode(), self._clock.now())

    async def _kept(self, answer: Remembered) -> Upload:
        return await self.get(answer.partner, answer.body.decode())

    async def latest(self, partner: str) -> Sequence[Upload]:
        """Return a partner's latest uploads, the latest first."""
        return await self._store.uploads.recent(partner, LATEST)

    async def get(self, partner: str, upload: str) -> Upload:
        """Return an upload.

        Raises:
            NoSuchUploadError, UnavailableError.
        """
        found = await self._store.uploads.upload(partner, upload)
        if found is None:
            raise NoSuchUploadError
        return found

    async def open(self, partner: str, upload: str, after: int = 0) -> Progress:
        """Return an upload with how its rows stand, and some of those that failed.

        Parameters:
            after: the line behind which the rows begin that failed.

        Raises:
            NoSuchUploadError, UnavailableError.
        """
        found = await self.get(partner, upload)
        count = None if found.state is UploadState.REFUSED else await self._counting.of(found)
        failures = await self._store.uploads.failures(partner, upload, after, SHOWN + 1)
        return Progress(found, count, tuple(failures[:SHOWN]), len(failures) > SHOWN)

    async def results(self, upload: Upload) -> AsyncIterator[RowNow]:
        """Yield every row with how it stands now, in the order of the file."""
        after = 0
        while page := await self._store.uploads.rows(upload.partner, upload.id, after, _PAGE):
            for row in page:
                yield row
            after = page[-1].row.line

    async def cancel(self, partner: str, upload: str) -> None:
        """Have no further row submitted; an upload that is finished stays as it is.

        Raises:
            NoSuchUploadError, UnavailableError.
        """
        await self.get(partner, upload)
        try:
            await self._store.save(Change((UploadMoved(partner, upload, UploadState.OPEN, UploadState.CANCELLED),)))
        except ConflictError:
            await self.get(partner, upload)

    async def _add(self, upload: Upload, author: Author, drafts: Iterator[Draft]) -> bool:
        """Add the rows, some at a time; return whether all of them are valid."""

        def some() -> list[UploadRow]:
            return [self._row(upload, author, draft) for draft in islice(drafts, _CHUNK)]

        is_valid = True
        while rows := await asyncio.to_thread(some):  # reading a file holds up nobody else
            is_valid = is_valid and not any(row.why is Trouble.NOT_VALID for row in rows)
            await self._store.save(Change(tuple(map(RowAdded, rows))))
        return is_valid

    def _row(self, upload: Upload, author: Author, draft: Draft) -> UploadRow:
        why = self._trouble(author, draft)
        state = RowState.FAILED if why else RowState.WAITING
        return UploadRow(upload.partner, upload.id, draft.line, draft.cells, draft.wanted, state, why, draft.sentence)

    def _trouble(self, author: Author, draft: Draft) -> Trouble | None:
        if draft.wanted is None:
            return Trouble.NOT_VALID
        allowed = self._permissions.allow(draft.wanted.programme, author.roles)
        return None if allowed else Trouble.ROLE_MISSING


def _plain(name: str) -> str:
    """Return a file's name without its folders and without characters that are no text, and not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if unicodedata.category(char)[0] != "C")[:_MAX_NAME]
