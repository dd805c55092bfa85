"""Durable submissions: over HTTP, and as the same SQL statements in the same groups without anything around them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path

from msgspec.structs import replace

from bench.beside import LUA
from bench.processes import SERVER_CORE, pinned
from bench.seeding import customer_id, seed_customers
from bench.servers import Server
from bench.wrk import load
from vetline.sandbox.contents.seeds import CONTOSO_TENANT
from vetline.store.changes import CaseMoved, Change
from vetline.store.records import Remembered
from vetline.store.sqlite import rows
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.checkpoint import Checkpointer
from vetline.store.sqlite.rows import Row
from vetline.store.sqlite.schema import connect
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case, Event, Step
from vetline.vetting.words import Programme, Segment, Stage

GROUP = 64  # as many as there are connections
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BODY = b'{"qualification":"Education","vettingStatus":"InReview","vettingCreateDate":"2026-01-01T00:00:00.000Z"}'

Statements = tuple[Row, Row, Row]


def starts() -> Iterator[int]:
    """Yield the customers at which runs begin that submit to one database, so far apart that none meets the next."""
    return count(1, 50_000)


class Submissions:
    """Sixty-four connections that POST, each time for another customer.

    Parameters:
        service: what is submitted to.
        seconds: for how long.
        starts: where runs begin among the customers of a database, see `starts`.
        body: what is submitted, if not the usual.
    """

    def __init__(self, service: Server, seconds: int, starts: Iterator[int], body: str = "") -> None:
        self._service = service
        self._seconds = seconds
        self._starts = starts
        self._environment = {"BODY": body} if body else {}

    def run(self) -> float:
        """Return the acknowledged submissions per second."""
        headers = ["-H", f"Authorization: Bearer {self._service.token}"]
        first = str(next(self._starts))
        return load(
            [f"-d{self._seconds}", "-s", str(LUA), *headers, self._service.base], {"FIRST": first, **self._environment}
        )


class RawCommits:
    """The statements of a submission, prepared beforehand, mostly sixty-four submissions to a commit.

    Parameters:
        folder: where its database is; it holds the same customers.
        seconds: for how long a run lasts.
    """

    def __init__(self, folder: Path, seconds: int) -> None:
        self._seconds = seconds
        seed_customers(folder, 350_000)
        self._connection = connect(folder / "vetline.db", busy_ms=1_000)
        self._checkpointer = Checkpointer(lambda: connect(folder / "vetline.db", busy_ms=1_000))
        self._submissions = _statements()

    def run(self, group: int = GROUP) -> float:
        """Return the durable submissions per second, so many to a commit, on the processor that the server has."""
        prepared = list(islice(self._submissions, 50_000))
        with pinned(SERVER_CORE):
            return self._rate(prepared, group)

    def reads(self) -> float:
        """Return how many customers' standings are read per second, a statement each."""
        key = (rows.blob(CONTOSO_TENANT), rows.blob(customer_id(0)))
        begun, done = time.perf_counter(), 0
        with pinned(SERVER_CORE):
            while time.perf_counter() - begun < self._seconds:
                self._connection.execute(SQL["standing"], key).fetchall()
                done += 1
        return done / self._seconds

    def _rate(self, prepared: list[Statements], group: int) -> float:
        begun, done = time.perf_counter(), 0
        while time.perf_counter() - begun < self._seconds and done < len(prepared):
            self._commit(prepared[done : done + group])
            done += group
        return done / (time.perf_counter() - begun)

    def _commit(self, group: list[Statements]) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        for answer, case, event in group:
            execute(SQL["remember_answer"], answer)
            execute(SQL["add_case"], case)
            execute(SQL["add_event"], event)
        execute("COMMIT")
        self._checkpointer.committed(self._connection)

    def close(self) -> None:
        """Let go of the database."""
        self._checkpointer.close()
        self._connection.close()


def submission(number: int) -> Change:
    """Return the n-th submission, each for a customer of its own."""
    claim = Claim(Segment.K12, "example.edu")
    fresh = Case(CONTOSO_TENANT, customer_id(number), Programme.EDUCATION)
    case = replace(fresh, stage=Stage.SCREENING, attempt=1, claim=claim, submitted_at=NOW, due_at=NOW, version=1)
    event = Event(Step.SUBMIT, Stage.SCREENING, NOW, "partner:bench", 1, claim=claim)
    key = (number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128).to_bytes(16)  # spread, as hashes are
    return Change((CaseMoved(case, event),), Remembered(CONTOSO_TENANT, key, key, 201, BODY, NOW))


def _statements() -> Iterator[Statements]:
    """Yield the parameters of one submission after another, no customer twice."""
    for number in count():
        change = submission(number)
        (moved,) = change.effects
        assert isinstance(moved, CaseMoved)
        assert change.answer
        yield rows.answer_row(change.answer), rows.case_row(moved.case), rows.event_row(moved.case, moved.event)
