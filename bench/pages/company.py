"""What else a service does while its pages are measured: submissions come and are screened, or somebody else reviews.

Each is a process of its own, so that it takes nothing of the time of whoever measures: ``python -m bench.pages.company
KIND BASE CUSTOMERS``, until it is ended.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import count

import uvloop
from tests.support.visitor import MAX

from bench.openloop import Connection, open_loop
from bench.pages.cases import EACH
from bench.pages.visiting import Person
from bench.processes import LOAD_CORE, BenchError, pinned
from bench.timing import BODY, path_of
from vetline.cli.tokens import token_from

PER_SECOND = 50
KINDS = ("screening", "reviewer")
_AT_ONCE = 5 * PER_SECOND
_KIND = 8  # of customers without a case that no page asks about


@contextlib.contextmanager
def company(kind: str, base: str, customers: int) -> Iterator[None]:
    """Have something else happen meanwhile.

    Parameters:
        kind: one of `KINDS`.
        customers: how many there are.

    Raises:
        BenchError: it ended before it was asked to.
    """
    with pinned(LOAD_CORE):
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.pages.company", kind, base, str(customers)], stdout=subprocess.PIPE, text=True
        )
    try:
        assert process.stdout
        process.stdout.readline()
        yield
        if process.poll() is not None:
            raise BenchError(f"the company ({kind}) went early")
    finally:
        process.terminate()
        process.communicate()


def review(base: str) -> None:
    """Take one case after the other and decide it, without a pause."""
    person = Person(base, MAX, rivals=True)
    print("began", flush=True)
    while True:
        person.get("/queue")
        case = str(person.post("/next", {}).headers["location"]).removeprefix("/console")
        version = person.version_on(case)
        person.post(f"{case}/decide", {"version": version, "outcome": "approve", "note": "As their register says."})


async def submit(base: str, customers: int) -> None:
    """Submit at a steady rate; the worker screens what comes."""
    token = await asyncio.to_thread(token_from, base, "Contoso", app_only=False, reviewer=False)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def one(first: int, connection: Connection, turn: int) -> None:
        number = (first + turn) % (customers // EACH)
        named = {"MS-RequestId": f"33333333-0000-4000-8000-{number:012x}"}
        await connection.ask("POST", path_of(number * EACH + _KIND), headers | named, BODY)

    print("began", flush=True)
    for first in count(0, _AT_ONCE):  # connections that do nothing for long are closed
        await open_loop(base, partial(one, first), PER_SECOND, _AT_ONCE)


def main() -> None:
    """Be the company that is asked for."""
    kind, base, customers = sys.argv[1:]
    if kind == "reviewer":
        review(base)
    else:
        uvloop.run(submit(base, int(customers)))


if __name__ == "__main__":
    main()
