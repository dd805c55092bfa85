"""The form by which a file is given: the file, and by what a second sending of the same one is recognised."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID, uuid4

from vetline.console.uploads.intake import drafts_in
from vetline.console.visit import Visit
from vetline.desk.uploads import Draft


@dataclass(frozen=True, slots=True)
class Given:
    """A file as somebody sent it.

    Parameters:
        name: the file's, as the browser says it.
        data: its bytes.
        id: a GUID that is the same however often the form is sent.
    """

    name: str
    data: bytes
    id: str

    def key(self) -> bytes:
        """Return the 16 bytes by which this file is recognised; another one, sent by the same form, has others."""
        return blake2b(self.data, digest_size=16, key=UUID(self.id).bytes, person=b"upload").digest()

    async def read(self) -> tuple[Iterator[Draft], bytes]:
        """Return the file's rows, each checked, and its key. A long file takes a while, and holds up nobody else.

        Raises:
            InputError: see `drafts_in`.
        """
        return await asyncio.to_thread(lambda: (drafts_in(self.data), self.key()))


def fresh_id() -> str:
    """Return what a fresh form carries."""
    return str(uuid4())


async def given_in(visit: Visit) -> Given | None:
    """Return the file that a form holds, `None` for none; a form without a sound id stands for itself."""
    file = visit.files.get("file")
    if file is None or not (file.filename or file.size):
        return None
    try:
        name = str(UUID(visit.form.get("id", "")))
    except ValueError:
        name = fresh_id()
    return Given(file.filename or "", await file.read(), name)
