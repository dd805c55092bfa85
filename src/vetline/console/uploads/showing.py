"""An upload as its page shows it: figures, outcomes and rows that failed, as values."""

from collections.abc import Iterator
from dataclasses import dataclass

from vetline.bulk.outcomes import Entry, Outcome
from vetline.console.uploads.results import entry_of, tally_of
from vetline.desk.uploads import Progress
from vetline.store.uploads import RowNow, Upload, UploadState

_SHOWN_OF_A_CELL = 60


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
        code, sentence: why, and what to change.
    """

    line: int
    customer: str
    code: str
    sentence: str


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
    def settled(self) -> int:
        """How many rows are sent, or failed."""
        return self.upload.rows - self.upload.waiting

    @property
    def counts(self) -> list[Count]:
        """How many rows have which outcome now."""
        tally = tally_of(self.progress.kinds)
        return [Count(outcome.word, reason, count) for (outcome, reason), count in sorted(tally.items())]

    @property
    def failures(self) -> list[Failure]:
        """A page of the rows that failed."""
        return list(self._failures())

    def _failures(self) -> Iterator[Failure]:
        for row in self.progress.failures:
            entry = entry_of(RowNow(row, None, None))
            yield Failure(row.line, row.cells[0][:_SHOWN_OF_A_CELL], _code(entry), entry.error)

    @property
    def next_after(self) -> int | None:
        """The line behind which the next page begins, `None` on the last one."""
        return self.progress.failures[-1].line if self.progress.more else None

    @property
    def looks_again_in(self) -> int | None:
        """After how many seconds something may have changed; `None` when nothing will by itself."""
        if self.upload.state is UploadState.OPEN:
            return 2
        return 15 if any(one.outcome == Outcome.IN_REVIEW.word for one in self.counts) else None


def _code(entry: Entry) -> str:
    return " ".join(part for part in (entry.code, entry.name) if part)
