"""Latencies of our own operations at a fixed rate, from the processor that the server does not use."""

import asyncio
from collections.abc import Callable

import uvloop

from bench.figures import percentile
from bench.openloop import Connection, Operation, open_loop
from bench.processes import LOAD_CORE, pinned
from bench.seeding import customer_id
from bench.servers import Server

PER_SECOND = 200
BODY = b'{"qualification":"Education","educationSegment":"K12","website":"example.edu"}'

# Which customer the n-th request is about.
Choice = Callable[[int], int]


def timed(server: Server, operation: Operation, seconds: int) -> dict[str, float]:
    """Return the median and the 99th percentile of an operation's time, in milliseconds."""
    with pinned(LOAD_CORE), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(open_loop(server.base, operation, PER_SECOND, PER_SECOND * seconds))
    return {"p50, ms": percentile(found, 0.5) * 1000, "p99, ms": percentile(found, 0.99) * 1000}


def read(server: Server, choice: Choice) -> Operation:
    """Return a GET of a customer's qualifications."""
    headers = _headers(server)

    async def operation(connection: Connection, turn: int) -> None:
        await connection.ask("GET", path_of(choice(turn)), headers)

    return operation


def submit(server: Server, choice: Choice) -> Operation:
    """Return a POST of a customer's qualification, until its 201."""
    headers = {**_headers(server), "Content-Type": "application/json"}

    async def operation(connection: Connection, turn: int) -> None:
        number = choice(turn)
        named = {"MS-RequestId": f"22222222-0000-4000-8000-{number:012x}"}
        await connection.ask("POST", path_of(number), headers | named, BODY)

    return operation


def path_of(number: int) -> str:
    """Return the path of the n-th customer's qualifications."""
    return f"/v1/customers/{customer_id(number)}/qualifications"


def _headers(server: Server) -> dict[str, str]:
    return dict(header.split(": ", 1) for header in server.headers)
