"""One, two, four processes of the service on one PostgreSQL: `vetline serve --workers N`, as an operator starts them.

The processes, PostgreSQL and the load share all processors of the machine. So what is measured is what N processes do
on this machine, not what they could do: with two processors, of which the load and PostgreSQL want one, none can scale.
"""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tests.support.authority import Authority

from bench.durable import Submissions, starts
from bench.figures import Figures, medians
from bench.postgres import postgres, settle
from bench.progress import progress
from bench.reads import Reads
from bench.seeding import add_customers
from bench.servers import Server, begin_one_case
from bench.timing import read, submit, timed
from vetline.sandbox.contents.seeds import CONTOSO_TENANT

PROCESSES = (1, 2, 4)
CUSTOMERS = 500_000
ROUNDS = 3
SECONDS = 4


class Production(Server):
    """`vetline serve`: so many processes on one port.

    Parameters:
        authority: whose tokens it trusts.
        database_url: where the data is.
        processes: how many; each takes requests, and none screens.
    """

    def __init__(self, authority: Authority, database_url: str, processes: int) -> None:
        options = ["--roles", "api", "--port", "0", "--workers", str(processes), "--database-url", database_url]
        settings = {"VETLINE_REQUESTS_PER_MINUTE": "0", "VETLINE_LOG_LEVEL": "error", **authority.settings}
        self._authority = authority
        super().__init__(["-m", "vetline", "serve", *options], os.sched_getaffinity(0), settings)

    @property
    def token(self) -> str:
        """A user's of Contoso."""
        return self._authority.issuer.sign(self._authority.claims(CONTOSO_TENANT))


def measure(folder: Path, customers: int = CUSTOMERS, database_url: str = "") -> Figures:
    """Return the rates and the latencies with each number of processes; rounds are interleaved.

    Parameters:
        database_url: an empty PostgreSQL database; empty for a server of our own.
    """
    begins, backwards = starts(), count(customers - 1, -1)  # the closed loop from one end, the open from the other
    rounds: dict[int, list[dict[str, float]]] = {processes: [] for processes in PROCESSES}
    with Authority() as authority, postgres(database_url, os.sched_getaffinity(0)) as url:
        progress(f"Preparing {customers:,} customers in PostgreSQL ...")
        add_customers(url, 0, customers)
        settle(url)
        for number in range(ROUNDS):
            for processes in PROCESSES:
                progress(f"Round {number + 1} of {ROUNDS}: {processes} of the service ...")
                with Production(authority, url, processes) as service:
                    begin_one_case(service)
                    rounds[processes].append(_round(service, begins, backwards))
    return {_name(processes): medians(found) for processes, found in rounds.items()}


def _name(processes: int) -> str:
    return f"{processes} processes" if processes > 1 else "1 process"


def _round(service: Server, begins: Iterator[int], backwards: Iterator[int]) -> dict[str, float]:
    Reads(service, 1).run()  # warms up
    rates = {"GET per s": Reads(service, SECONDS).run(), "POST per s": Submissions(service, SECONDS, begins).run()}
    reading = timed(service, read(service, lambda _: 0), SECONDS)
    submitting = timed(service, submit(service, lambda _: next(backwards)), SECONDS)
    return {**rates, "GET p99, ms": reading["p99, ms"], "POST p99, ms": submitting["p99, ms"]}
