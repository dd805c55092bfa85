"""The journal beside the results: append-only, one line for each outcome, so that a run that is killed can be resumed.

Three laws. The header with the run's id is on disk before the first request. A row is reserved, on disk, before it is
sent: whatever is not reserved was certainly not sent. A row's MS-RequestId follows from the run, the row's number and
its attempt: a row whose line was lost is sent again under the same id, and the service answers as before.
"""

import os
import uuid
from collections.abc import Iterator

import msgspec

from vetline.bulk.outcomes import Entry, Outcome
from vetline.cli.bulk.lines import MAX_LINE, Header, JournalError, Overview, Reserved, Written


class Journal:
    """An open journal, locked against other processes.

    Parameters:
        descriptor: the open file.
        header: its first line.
        overview: what its lines say.
        length: where the next line goes.
    """

    def __init__(self, descriptor: int, header: Header, overview: Overview, length: int) -> None:
        self._descriptor = descriptor
        self._length = length
        self._overview = overview
        self.header = header
        self._broken = False
        # What was reserved when this process began was possibly sent by an earlier one.
        self.inherited = overview.reserved

    @property
    def rows(self) -> int:
        """How many rows the input has."""
        return self.header.rows

    def outcome(self, row: int) -> Outcome:
        """Return what became of a row."""
        return Outcome(self._overview.outcomes[row])

    def count(self, outcome: Outcome) -> int:
        """Return how many rows have an outcome."""
        return self._overview.outcomes.count(outcome) - (outcome is Outcome.NOT_SENT)

    def is_open(self, row: int) -> bool:
        """Return whether a row is still to be sent, or to be tried again."""
        return self._overview.outcomes[row] in (Outcome.NOT_SENT, Outcome.FAILED)

    def attempt(self, row: int) -> int:
        """Return the number of a row's attempt to come.

        A refusal is remembered by the service, so another try needs another id. Where it is not known whether the row
        was done, only the same id is safe.
        """
        return max(self._overview.attempts[row], 1) + self.was_refused(row)

    def was_refused(self, row: int) -> bool:
        """Return whether the service refused a row for good reason, so that it was certainly not done."""
        return self._overview.outcomes[row] == Outcome.FAILED and not self._overview.lost[row]

    def request_id(self, row: int, attempt: int) -> str:
        """Return the MS-RequestId of an attempt."""
        return str(uuid.uuid5(self.header.run, f"{row}/{attempt}"))

    def reserve(self, through: int) -> None:
        """Note, on disk, that the rows up to a number may be sent from now on.

        Raises:
            JournalError: the disk does not take it.
        """
        if through > self._overview.reserved:
            self.append(Reserved(min(through, self.rows)))
            self._overview.reserved = min(through, self.rows)
            self.sync()

    @property
    def reserved(self) -> int:
        """Up to which row was reserved."""
        return self._overview.reserved

    def record(self, entry: Entry) -> None:
        """Note what became of a row.

        Raises:
            JournalError: the disk does not take it.
        """
        place = self._length
        self.append(entry)
        self._overview.note(entry, place)

    @property
    def is_written(self) -> bool:
        """Whether the results file was written after the last outcome."""
        return self._overview.written

    def note_written(self) -> None:
        """Note that the results file is written.

        Raises:
            JournalError: the disk does not take it.
        """
        self.append(Written())
        self._overview.written = True

    def entry(self, row: int) -> Entry:
        """Return a row's line."""
        if self._overview.outcomes[row] == Outcome.NOT_SENT:
            return Entry(row=row, outcome=Outcome.NOT_SENT)
        raw = os.pread(self._descriptor, MAX_LINE, self._overview.places[row])
        return msgspec.json.decode(raw.partition(b"\n")[0], type=Entry)

    def entries(self) -> Iterator[Entry]:
        """Yield every row's line, in the order of the rows."""
        return (self.entry(row) for row in range(1, self.rows + 1))

    def sync(self) -> None:
        """Have everything on disk.

        Raises:
            JournalError: the disk does not take it.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise _unwritable(error) from error

    def close(self) -> None:
        """Let go of the file and its lock."""
        os.close(self._descriptor)

    def append(self, line: msgspec.Struct) -> None:
        """Write a line after the others.

        Raises:
            JournalError: the disk does not take it.
        """
        raw = msgspec.json.encode(line) + b"\n"
        if self._broken:  # half a line may stand at the end: nothing may follow it
            raise _unwritable(OSError("an earlier line failed"))
        self._broken = True
        try:
            written = os.write(self._descriptor, raw)
        except OSError as error:
            raise _unwritable(error) from error
        if written != len(raw):
            raise _unwritable(OSError("the disk is full"))
        self._broken = False
        self._length += written


def _unwritable(error: OSError) -> JournalError:
    return JournalError(f"The journal cannot be written ({error.strerror or error}): make room, then resume.")
