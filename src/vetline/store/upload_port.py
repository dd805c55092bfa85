"""What every store promises of uploads. The conformance suite holds each of them to these sentences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from vetline.store.uploads import RowKind, RowNow, Upload, UploadRow


class Uploads(Protocol):
    """The uploads of a store; they are added and moved by `Store.save`. Any method may raise `UnavailableError`.

    What is partial is shown by none of the reads.
    """

    async def recent(self, partner: str, limit: int) -> Sequence[Upload]:
        """Return a partner's latest uploads, the latest first."""
        ...

    async def upload(self, partner: str, upload: str) -> Upload | None:
        """Return one upload, `None` when this partner has no such one."""
        ...

    async def rows(self, partner: str, upload: str, after: int, limit: int) -> Sequence[RowNow]:
        """Return rows with their cases' present standing, in the order of the file.

        Parameters:
            after: the line behind which they begin; 0 for the first ones.
        """
        ...

    async def failures(self, partner: str, upload: str, after: int, limit: int) -> Sequence[UploadRow]:
        """Return rows that failed, in the order of the file.

        Parameters:
            after: the line behind which they begin; 0 for the first ones.
        """
        ...

    async def kinds(self, partner: str, upload: str) -> Sequence[RowKind]:
        """Return how many rows stand how, with their cases' present standing."""
        ...

    async def unfinished(self, partner: str) -> int:
        """Return how many of a partner's uploads are open or partial."""
        ...

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Upload]:
        """Take open uploads, at most one of each partner; nobody else gets them until the lease ends or is given back.

        Partners take turns, and so do the uploads of a partner: whoever was served longest ago comes first.
        """
        ...

    async def waiting(self, partner: str, upload: str, limit: int) -> Sequence[UploadRow]:
        """Return the first rows that are not submitted, in the order of the file."""
        ...

    async def release(self, partner: str, upload: str) -> None:
        """Give a claim back."""
        ...

    async def forget(self, before: datetime, abandoned: datetime, limit: int) -> int:
        """Forget uploads that are not open and began before a moment; return how many rows went, at most `limit`.

        An upload goes with the last of its rows; from the first one on nobody is shown it.

        Parameters:
            abandoned: what is partial and began before this moment is forgotten too.
        """
        ...
