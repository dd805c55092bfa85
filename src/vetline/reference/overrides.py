"""The operator's own list: domains that the data gets wrong, each with a reason, an owner and a last day.

A row that nobody renews stops counting, so a hurried exception cannot outlive whoever made it.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vetline.vetting.evidence import Outcome
from vetline.vetting.facts import Override, Source

COLUMNS = ("domain", "verdict", "reason", "owner", "expires")


@dataclass(frozen=True, slots=True)
class Overrides:
    """The rows, by domain.

    Parameters:
        rows: at most one row for a domain.
    """

    rows: tuple[Override, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Overrides":
        """Read a CSV file with the columns ``domain,verdict,reason,owner,expires``.

        Parameters:
            path: the file, UTF-8.

        Returns:
            Its rows, the expired ones included.

        Raises:
            OSError: the file cannot be read.
            ValueError: something in it is wrong; the sentence names the line and says how to mend it.
        """
        content = path.read_bytes()
        source = Source("overrides", hashlib.sha256(content).hexdigest()[:12])
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is not UTF-8: save it as UTF-8") from error
        return cls.parse(text, source, str(path))

    @classmethod
    def parse(cls, text: str, source: Source, called: str) -> "Overrides":
        """Read the same from a text.

        Parameters:
            text: the CSV.
            source: how evidence names the list.
            called: how errors name it.

        Raises:
            ValueError: as for `read`.
        """
        rows: dict[str, Override] = {}
        for line, row in _rows(text, called):
            override = _override(row, source, f"{called}, line {line}")
            if override.domain in rows:
                raise ValueError(f"{called}, line {line}: {override.domain} is there twice; keep one row")
            rows[override.domain] = override
        return cls(tuple(rows.values()))

    def find(self, domains: Iterable[str], today: date) -> Override | None:
        """Find the first domain that has a row which still holds.

        Parameters:
            domains: a host and its parents, the host first.
            today: the day that counts.
        """
        valid = {row.domain: row for row in self.rows if row.expires >= today}
        return next((valid[domain] for domain in domains if domain in valid), None)


def _rows(text: str, called: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"{called}, line 1: add the column {', '.join(missing)}")
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise ValueError(f"{called}, line {reader.line_num + 1}: {error}; write the row anew") from error


def _override(row: dict[str, str | None], source: Source, where: str) -> Override:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    empty = [column for column in COLUMNS if not cells[column]]
    if empty:
        raise ValueError(f"{where}: fill in {', '.join(empty)}")
    verdict, expires = _verdict(cells["verdict"], where), _day(cells["expires"], where)
    return Override(_domain(cells["domain"], where), verdict, cells["reason"], cells["owner"], expires, source)


def _domain(text: str, where: str) -> str:
    domain = text.lower()
    if not domain.isascii() or "." not in domain.strip(".") or any(mark in domain for mark in "/:@ "):
        raise ValueError(f"{where}: {text!r} is not a domain; write it as example.edu, in ASCII and without https://")
    return domain


def _verdict(text: str, where: str) -> Outcome:
    try:
        return Outcome(text.lower())
    except ValueError:
        raise ValueError(f"{where}: verdict {text!r} is unknown; write approve, deny or refer") from None


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{where}: expires {text!r} is not a day; write it as 2027-12-31") from None
