"""The check before the first request: every row is looked at, and the file is recognised again afterwards.

What is kept for each row is one number of eight bytes, so that the length of the file does not matter.
"""

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import BinaryIO, Final, Literal, Protocol

from vetline.bulk.asking import Asked, asked, problems
from vetline.bulk.rows import InputError, Row, read_rows
from vetline.wire import words

SHOWN: Final = 20

# A customer holds Education or GCC, never both: docs/wire.md. In parallel the one that came first would win by chance.
_EXCLUSIVE = frozenset({words.EDUCATION, words.GOVERNMENT})


class File(Protocol):
    """Bytes that can be read again and again: a path is one."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Return them, from the beginning."""
        ...


@dataclass(slots=True)
class Findings:
    """What is wrong with a file: the first sentences, and how many there are.

    Parameters:
        kept: how many sentences are kept.
        first: those.
        count: how many problems there are.
        broken: the problem that made the file no table of rows, or behind which it could not be read any further.
    """

    kept: int = SHOWN
    first: list[InputError] = field(default_factory=list)
    count: int = 0
    broken: InputError | None = None

    def add(self, line: int, sentence: str) -> None:
        """Note a problem."""
        self.count += 1
        if len(self.first) < self.kept:
            self.first.append(InputError(line, sentence))

    def add_broken(self, problem: InputError) -> None:
        """Note the problem that concerns the whole file."""
        self.broken = problem
        self.add(problem.line, problem.sentence)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked at.

    Parameters:
        file: which one.
        sha256: of its bytes, in hexadecimal.
        fingerprints: one for each row, in order.
        findings: what is wrong with it; nothing may be sent unless there is none.
    """

    file: File
    sha256: str
    fingerprints: "array[int]"
    findings: Findings

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.fingerprints)

    def again(self) -> Iterator[Row]:
        """Yield the rows in another pass.

        Raises:
            InputError: the file is not the one that was checked any more.
        """
        number = 0
        with self.file.open("rb") as file:
            for row in read_rows(file):
                number += 1
                if isinstance(row, InputError) or not self._is(row):
                    raise InputError(row.line, "the file was changed after it was checked: put the checked one back.")
                yield row
        if number != self.rows:
            raise InputError(1, "the file was cut short after it was checked: put the checked one back.")

    def _is(self, row: Row) -> bool:
        return row.number <= self.rows and self.fingerprints[row.number - 1] == row.fingerprint()


def check(file: File, *, max_rows: int | None = None, kept: int = SHOWN) -> Checked:
    """Look at every row of a file and return what was found.

    Parameters:
        file: the input.
        max_rows: how many rows it may have; nothing behind them is looked at. `None` for any number.
        kept: of how many problems the sentences are kept.

    Raises:
        OSError: the file cannot be read.
    """
    digest, findings = hashlib.sha256(), Findings(kept)
    fingerprints, keys = array("Q"), array("Q")
    with file.open("rb") as opened:
        try:
            for number, row in enumerate(read_rows(opened, digest.update), 1):
                _refuse_more(number, row.line, max_rows)
                if isinstance(row, InputError):
                    findings.add(row.line, row.sentence)
                    continue
                _look_at(row, findings)
                fingerprints.append(row.fingerprint())
                keys.append(_key(asked(row)))
        except InputError as error:
            findings.add_broken(error)
    if not findings.count and not fingerprints:
        findings.add_broken(InputError(1, "there is a header and no row: add a row for each customer."))
    _look_for_repetitions(file, keys, findings)
    return Checked(file, digest.hexdigest(), fingerprints, findings)


def _refuse_more(number: int, line: int, max_rows: int | None) -> None:
    if max_rows is not None and number > max_rows:
        raise InputError(line, f"there are more than {max_rows:,} rows: divide the file.")


def _look_at(row: Row, findings: Findings) -> None:
    for sentence in problems(row):
        findings.add(row.line, sentence)


def _key(wanted: Asked) -> int:
    """Return a number that is equal for rows that cannot both be done."""
    text = f"{wanted.customer} {_group(wanted)}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _group(wanted: Asked) -> str:
    return "either" if wanted.qualification in _EXCLUSIVE else wanted.qualification


def _look_for_repetitions(file: File, keys: "array[int]", findings: Findings) -> None:
    """Find rows that repeat an earlier one; the file is read again only when there are some."""
    ordered = sorted(keys)
    repeated = {one for one, other in pairwise(ordered) if one == other}
    if repeated:
        _name_repetitions(file, repeated, findings)


def _name_repetitions(file: File, repeated: set[int], findings: Findings) -> None:
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for row in _readable(file):
        wanted = asked(row)
        if _key(wanted) not in repeated or not wanted.customer or not wanted.qualification:
            continue
        line, qualification = seen.setdefault((wanted.customer, _group(wanted)), (row.line, wanted.qualification))
        if line != row.line:
            findings.add(row.line, _repetition(wanted, line, qualification))


def _readable(file: File) -> Iterator[Row]:
    with file.open("rb") as opened:
        try:
            yield from (row for row in read_rows(opened) if isinstance(row, Row))
        except InputError:
            return


def _repetition(wanted: Asked, line: int, qualification: str) -> str:
    if wanted.qualification == qualification:
        return f"this customer and qualification stand already on line {line}: keep one of the two."
    return f"line {line} asks for {qualification} for this customer, and both cannot be held: keep one of the two."
