"""Working uploads off: each row is submitted as any request is, exactly once, whatever is killed meanwhile.

A row is settled in the transaction of its submission. So a row that waits was never submitted, and one that does not
was; the answer that is remembered for it tells two workers apart that meet at the same row.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2b
from typing import Final

from vetline.clock import Clock
from vetline.desk.partner import Outcome, PartnerDesk, Submission
from vetline.logs import get_logger
from vetline.store.changes import Change, RowSettled, UploadMoved
from vetline.store.port import (
    AlreadyAnsweredError,
    ConflictError,
    ForeignCustomerError,
    Store,
    StoreError,
    UnknownCustomerError,
)
from vetline.store.records import Remembered
from vetline.store.uploads import RowState, Trouble, Upload, UploadRow, UploadState, Wanted
from vetline.vetting.refusals import Refusal

LEASE: Final = timedelta(seconds=60)
# How many partners are served side by side.
PARTNERS: Final = 8

log = get_logger("vetline.uploads")


class Uploading:
    """Submits the rows that wait.

    Parameters:
        store: durable state.
        clock: the time.
        partner: takes submissions.
    """

    def __init__(self, store: Store, clock: Clock, partner: PartnerDesk) -> None:
        self._store = store
        self._clock = clock
        self._partner = partner

    async def work(self, rows: int) -> bool:
        """Submit some of the rows that wait, of several partners in turn; return whether more may wait.

        Parameters:
            rows: how many in all, at most.

        Raises:
            UnavailableError: the store failed; what was not settled is taken up again when its lease ends.
        """
        now = self._clock.now()
        uploads = await self._store.uploads.claim(now, now + LEASE, min(PARTNERS, rows))
        share = rows // max(1, len(uploads))
        _raise_first(await asyncio.gather(*(self._serve(one, share) for one in uploads), return_exceptions=True))
        return bool(uploads)

    async def _serve(self, upload: Upload, share: int) -> None:
        rows = await self._store.uploads.waiting(upload.partner, upload.id, share)
        _raise_first(await asyncio.gather(*(self._settle(upload, row) for row in rows), return_exceptions=True))
        if len(rows) == share:
            await self._store.uploads.release(upload.partner, upload.id)
            return
        with contextlib.suppress(ConflictError):  # it was cancelled meanwhile
            await self._store.save(
                Change((UploadMoved(upload.partner, upload.id, UploadState.OPEN, UploadState.DONE),))
            )

    async def _settle(self, upload: Upload, row: UploadRow) -> None:
        """Submit a row; what concerns it alone fails it alone."""
        try:
            await self._submit(upload, row)
        except AlreadyAnsweredError:
            return
        except UnknownCustomerError:
            await self._fail(row, Trouble.CUSTOMER_UNKNOWN)
        except ForeignCustomerError:
            await self._fail(row, Trouble.CUSTOMER_FOREIGN)
        except StoreError:
            raise
        except Exception as error:
            log.error("row cannot be submitted", partner=row.partner, upload=row.upload, line=row.line, exc_info=error)
            await self._fail(row, Trouble.UNEXPECTED)

    async def _submit(self, upload: Upload, row: UploadRow) -> None:
        if row.wanted is None:
            raise ValueError("a row that is not valid does not wait")
        answer = Remembered(row.partner, _key(row), bytes(16), 200, b"", self._clock.now())
        submission = _submission(upload, row.wanted)
        await self._partner.submit(submission, lambda _: answer, also=lambda outcome: (_settled(row, outcome),))

    async def _fail(self, row: UploadRow, why: Trouble) -> None:
        with contextlib.suppress(ConflictError):  # another worker was quicker
            await self._store.save(Change((RowSettled(row.partner, row.upload, row.line, RowState.FAILED, why),)))


def _submission(upload: Upload, wanted: Wanted) -> Submission:
    return Submission(upload.partner, wanted.customer, wanted.programme, wanted.claim, wanted.code, upload.by)


def _settled(row: UploadRow, outcome: Outcome) -> RowSettled:
    why = outcome if isinstance(outcome, Refusal) else None
    return RowSettled(row.partner, row.upload, row.line, RowState.FAILED if why else RowState.SENT, why)


def _key(row: UploadRow) -> bytes:
    """Return the 16 bytes by which a second try of a row is recognised."""
    return blake2b(f"upload {row.request_id}".encode(), digest_size=16).digest()


def _raise_first(outcomes: Sequence[object]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
