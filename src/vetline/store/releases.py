"""Which releases may run on one database side by side. Pure: both stores keep to it.

The version of a release is how many migrations it knows, that of a database how many it has had. A migration says in a
line ``-- readable by: N`` which is the oldest version whose code can still run on what it leaves; without that line it
is the migration's own. So what is new comes in one release (expand), and what is old goes in a later one (contract).
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from vetline.store.port import SchemaError, UnavailableError

_FOLDER = Path(__file__).parent / "migrations"
_READABLE_BY = re.compile(r"^-- readable by: (\d+)$", re.MULTILINE)


class Version(NamedTuple):
    """What a database is like.

    Parameters:
        number: how many migrations it has had.
        readable_by: the oldest release's version that can run on it.
    """

    number: int
    readable_by: int

    def check(self, known: int) -> None:
        """Return when a release that knows so many migrations can run on it.

        Raises:
            SchemaError: it cannot; the sentence says what to do.
        """
        if self.readable_by > known:
            raise SchemaError(
                f"The database was written by a newer release (schema {self.number}; this release knows {known}). "
                "Install that release or a newer one, or give another --database-url."
            )

    def check_running(self, known: int) -> None:
        """Return while a release that runs may go on.

        Raises:
            UnavailableError: a newer release has changed the database under it.
        """
        try:
            self.check(known)
        except SchemaError as error:
            raise UnavailableError(str(error)) from error


@cache
def migrations(store: str) -> Sequence[str]:
    """Return the numbered migration scripts of ``sqlite`` or ``postgres``, the first one first."""
    return tuple(file.read_text("utf-8") for file in sorted((_FOLDER / store).glob("*.sql")))


def version_after(scripts: Sequence[str]) -> Version:
    """Return what a database is like that has had these migrations."""
    return Version(len(scripts), max(_readable_by(script, number) for number, script in enumerate(scripts, start=1)))


def _readable_by(script: str, number: int) -> int:
    found = _READABLE_BY.search(script)
    return int(found[1]) if found else number
