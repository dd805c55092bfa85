"""`--wait`: looking at the rows in review, round after round and ever less often, until each is decided.

The service tells nobody when it has decided, and a vetting takes days: three business days or less is the usual wait
(https://learn.microsoft.com/partner-center/enroll/sell-to-education-customers).
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from vetline.bulk.asking import asked
from vetline.bulk.outcomes import Outcome
from vetline.bulk.rows import InputError, Row
from vetline.cli.bulk.halting import Halt, Why
from vetline.cli.bulk.journal import Journal
from vetline.cli.bulk.lines import JournalError
from vetline.cli.bulk.persistence import Asker, HaltedError, is_transient
from vetline.cli.bulk.submitting import entry_of, standing_in
from vetline.sdk.errors import PartnerCenterError

if TYPE_CHECKING:
    from vetline import AsyncPartnerCenter

FIRST_SECONDS: Final = 1.0
GROWTH: Final = 2.0
LONGEST_SECONDS: Final = 300.0


class Watch:
    """Waits for the decisions of a run.

    Parameters:
        client: the service.
        journal: knows who is in review, and is told of the decisions.
        asker: asks the service, patiently.
        halt: called when the run is to end early.
        workers: how many rows are looked at at once.
    """

    def __init__(self, client: "AsyncPartnerCenter", journal: Journal, asker: Asker, halt: Halt, workers: int) -> None:
        self._client = client
        self._journal = journal
        self._asker = asker
        self._halt = halt
        self._workers = workers
        self.total = journal.count(Outcome.IN_REVIEW)
        # Rows that cannot be looked at any more, such as those of a customer who is gone. One byte for each.
        self._given_up = bytearray(journal.rows + 1)

    @property
    def waiting(self) -> int:
        """How many rows are still waited for."""
        return self._journal.count(Outcome.IN_REVIEW) - self._given_up.count(1)

    @property
    def given_up(self) -> int:
        """How many rows are in review and cannot be looked at any more."""
        return self._given_up.count(1)

    async def run(self, rows: Callable[[], Iterator[Row]]) -> None:
        """Look until every row is decided or the run is halted.

        Parameters:
            rows: begins a pass over all rows of the input.
        """
        rest = FIRST_SECONDS
        while self.waiting and not self._halt.called:
            await self._round(rows())
            if self.waiting:
                await self._halt.called_within(rest * random.uniform(0.75, 1.25))  # noqa: S311 - no secret
                rest = min(rest * GROWTH, LONGEST_SECONDS)

    async def _round(self, rows: Iterator[Row]) -> None:
        todo = (row for row in rows if self._is_waited_for(row.number))
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(self._workers, self.waiting)):
                workers.create_task(self._work(todo))

    def _is_waited_for(self, row: int) -> bool:
        return self._journal.outcome(row) is Outcome.IN_REVIEW and not self._given_up[row]

    async def _work(self, todo: Iterator[Row]) -> None:
        try:
            while not self._halt.called and (row := next(todo, None)):
                await self._look_at(row)
        except HaltedError:
            return
        except JournalError as error:
            self._halt.call(Why.JOURNAL, str(error))
        except (InputError, OSError) as error:
            self._halt.call(Why.INPUT, f"The input: {error}")

    async def _look_at(self, row: Row) -> None:
        """Note a decision. Where there was no answer, the next round asks again; a refusal is final."""
        wanted = asked(row)
        resource = self._client.customers.by_id(wanted.customer).qualification
        try:
            standing = standing_in(await self._asker.ask(resource.get_qualifications), wanted.qualification)
        except PartnerCenterError as error:
            self._given_up[row.number] = not is_transient(error)
            return
        if standing is None:
            self._given_up[row.number] = True
            return
        before = self._journal.entry(row.number)
        entry = entry_of(row.number, standing, before.request_id, before.attempt, found=before.found)
        if entry.outcome is not Outcome.IN_REVIEW:
            self._journal.record(entry)
