"""What visitors are shown while the database is gone, or has more to do than a page waits for."""

import asyncio
import time
from collections.abc import Iterator

import asyncpg
import pytest

from tests.support.giving import customer, given, state_owned, worked_off
from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox
from tests.support.visitor import ADA, Visitor

from .headers import weaknesses

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.2


@pytest.fixture(scope="module")
def database() -> Iterator[PostgresServer]:
    """A server of its own, to be killed."""
    with PostgresServer() as found:
        yield found


@pytest.fixture
def place(database: PostgresServer) -> str:
    """Where the data are."""
    return database.fresh()


@pytest.fixture
def ada(place: str) -> Iterator[Visitor]:
    """Ada of Contoso, signed in at a sandbox with its data there."""
    with Sandbox("--database-url", place, "--log-level", "error") as sandbox, Visitor(sandbox.base) as visitor:
        visitor.sign_in(ADA)
        yield visitor


def until(visitor: Visitor, address: str, words: str) -> str:
    """Return a page when it says something."""
    end = time.monotonic() + PATIENCE_SECONDS
    while words not in (page := visitor.get(address).text):
        assert time.monotonic() < end, page
        time.sleep(LOOK_SECONDS)  # another process does it
    return str(page)


def test_a_database_that_is_gone_is_a_page_that_says_so(database: PostgresServer, ada: Visitor) -> None:
    """What to do is on it, nothing about the database is; when that is back, so is the visitor's session."""
    assert ada.get("/console/customers").status_code == 200
    database.kill()
    for address in ("/console/customers", f"/console/customers/{customer(1)}", "/console/uploads"):
        answer = ada.get(address)
        assert (answer.status_code, weaknesses(answer.headers)) == (503, [])
        assert answer.headers["retry-after"] == "5"
        assert "The service cannot answer now" in answer.text
        assert "try again in some seconds" in answer.text
        assert "postgres" not in answer.text.casefold()
    assert ada.get("/console/nothing").status_code == 404
    database.start()
    until(ada, "/console/customers", "Sign out")
    assert ada.get("/console/customers").status_code == 200


def test_an_upload_is_shown_before_its_rows_are_counted(place: str, ada: Visitor) -> None:
    """Whoever holds the cases keeps the count waiting, and no visitor."""
    address = given(ada, state_owned(*(customer(number) for number in range(1, 6))))

    async def while_nobody_reads_a_case() -> str:
        connection = await asyncpg.connect(place)
        try:
            async with connection.transaction():
                await connection.execute("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE")
                return ada.get(address).raise_for_status().text
        finally:
            await connection.close()

    page = asyncio.run(while_nobody_reads_a_case())
    assert "of 5 rows are worked off" in page
    assert "being counted" in page
    worked_off(ada, address)
    assert "being counted" not in until(ada, address, ">Held<")
