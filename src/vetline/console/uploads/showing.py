"""An upload as its page shows it: figures, outcomes and rows that failed, as values."""

from collections.abc import Iterator
from dataclasses import dataclass

from vetline.bulk.outcomes import Entry, Outcome
from vetline.console.uploads.results import entry_of, tally_of
from vetline.desk.counting import RowCount
from vetline.desk.uploads import Progress
from vetline.store.uploads import RowNow, RowState, Trouble, Upload, UploadState, Why
from vetline.vetting.refusals import Refusal

_SHOWN_OF_A_CELL = 60
# Rows are sent or counted meanwhile; cases are decided by people, and now and then.
_SOON, _LATER = 2, 15


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows have an outcome, and for which reason."""

    outcome: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that failed.

    Parameters:
        line: where it stands in the file.
        customer: what it says of whom it is about.
        text: the name of the text that says why, and what to do; empty where the check's sentence does.
        sentence: why, in the words of the check or of the wire.
        code: the wire's.
    """

    line: int
    customer: str
    text: str
    sentence: str
    code: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An upload at one moment.

    Parameters:
        progress: how it stands.
        after: the line behind which the rows that failed begin; 0 for the first ones.
    """

    progress: Progress
    after: int

    @property
    def upload(self) -> Upload:
        """The upload itself."""
        return self.progress.upload

    @property
    def count(self) -> RowCount | None:
        """How many rows stand how; `None` while they are being counted."""
        return self.progress.count

    @property
    def settled(self) -> int:
        """How many rows are sent, or failed; counted as `counts` are, so that both say one thing."""
        if self.count is None:
            return self.upload.rows - self.upload.waiting
        return sum(kind.count for kind in self.count.kinds if kind.state is not RowState.WAITING)

    @property
    def failed(self) -> int:
        """How many rows failed, as of the moment of `failures`."""
        return self.upload.failed

    @property
    def counts(self) -> list[Count]:
        """How many rows have which outcome; none while they are being counted."""
        tally = tally_of(self.count.kinds if self.count else ())
        return [Count(outcome.word, reason, count) for (outcome, reason), count in sorted(tally.items())]

    @property
    def failures(self) -> list[Failure]:
        """A page of the rows that failed."""
        return list(self._failures())

    def _failures(self) -> Iterator[Failure]:
        for row in self.progress.failures:
            entry = entry_of(RowNow(row, None, None))
            yield Failure(row.line, row.cells[0][:_SHOWN_OF_A_CELL], _text(row.why), entry.error, _code(entry))

    @property
    def next_after(self) -> int | None:
        """The line behind which the next page begins, `None` on the last one."""
        return self.progress.failures[-1].line if self.progress.more else None

    @property
    def looks_again_in(self) -> int | None:
        """After how many seconds something may have changed; `None` when nothing will by itself."""
        if self.upload.state is UploadState.REFUSED:
            return None
        if self.upload.state is UploadState.OPEN or self.count is None or not self.count.is_fresh:
            return _SOON
        return _LATER if any(one.outcome == Outcome.IN_REVIEW.word for one in self.counts) else None


def _text(why: Why | None) -> str:
    match why:
        case Refusal():
            return f"partner.refusal.{why.value}"
        case None | Trouble.NOT_VALID:
            return ""
        case _:
            return f"uploads.trouble.{why.value}"


def _code(entry: Entry) -> str:
    return " ".join(part for part in (entry.code, entry.name) if part)
