"""The submissions of a run: a few workers over one stream of rows, never a task for each row."""

import asyncio
from collections.abc import Iterator
from typing import Final

from vetline.bulk.outcomes import Entry, Outcome
from vetline.bulk.rows import InputError, Row
from vetline.cli.bulk.halting import Halt, Why
from vetline.cli.bulk.journal import Journal
from vetline.cli.bulk.lines import JournalError
from vetline.cli.bulk.persistence import HaltedError
from vetline.cli.bulk.submitting import Submitter

# Rows are reserved in blocks: one wait for the disk for so many rows, and as many to look at first after a kill.
BLOCK: Final = 64
# So many rows in a row without an answer: the service is away, and more rows would only fail too.
_AWAY: Final = 2


class Campaign:
    """Submits what is still to be submitted.

    Parameters:
        submitter: does one row.
        journal: knows what is done.
        halt: called when the run is to end early.
        workers: how many rows at once.
        max_failures: ends the run after so many failed rows; `None` for never.
    """

    def __init__(
        self, submitter: Submitter, journal: Journal, halt: Halt, workers: int, max_failures: int | None
    ) -> None:
        self._submitter = submitter
        self._journal = journal
        self._halt = halt
        self._workers = workers
        self._max_failures = max_failures
        self._failed = 0
        self._unanswered = 0
        # How many rows need nothing more, the done ones of earlier runs included.
        self.done = journal.rows - journal.count(Outcome.NOT_SENT) - journal.count(Outcome.FAILED)

    async def run(self, rows: Iterator[Row]) -> None:
        """Submit until all rows are done or the run is halted; what is in flight is finished.

        Parameters:
            rows: all rows of the input; those that are done are passed over.
        """
        todo = (row for row in rows if self._journal.is_open(row.number))
        async with asyncio.TaskGroup() as workers:
            for _ in range(self._workers):
                workers.create_task(self._work(todo))

    async def _work(self, todo: Iterator[Row]) -> None:
        try:
            while not self._halt.called and (row := next(todo, None)):
                self._reserve(row.number)
                self._judge(await self._submitter.submit(row))
        except HaltedError:
            return
        except JournalError as error:
            self._halt.call(Why.JOURNAL, str(error))
        except (InputError, OSError) as error:
            self._halt.call(Why.INPUT, f"The input: {error}")

    def _reserve(self, number: int) -> None:
        if number > self._journal.reserved:
            self._journal.reserve(number + BLOCK - 1)

    def _judge(self, entry: Entry) -> None:
        """End the run when too much has failed."""
        self.done += 1
        if entry.outcome is not Outcome.FAILED:
            self._unanswered = 0
            return
        self._failed += 1
        self._unanswered = self._unanswered + 1 if entry.lost else 0
        if self._unanswered >= _AWAY * self._workers:
            self._halt.call(Why.UNANSWERED, f"The service does not answer: {entry.error}")
        if self._failed == self._max_failures:
            self._halt.call(Why.FAILURES, f"{self._failed} rows have failed, as many as --max-failures allows.")
