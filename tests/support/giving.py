"""Files that a visitor of the pages gives, and how their uploads stand."""

import re
import time
import uuid

import httpx2

from tests.support.visitor import Visitor

HEADER = "customer_id,qualification,education_segment,website,validation_code"
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.05


def customer(number: int) -> str:
    """Return one of the sandbox's customers of Contoso."""
    return f"11111111-c0c0-4000-8000-{number:012}"


def table(*rows: str) -> bytes:
    """Return a file with these rows."""
    return "\n".join([HEADER, *rows, ""]).encode()


def state_owned(*customers: str) -> bytes:
    """Return a file that states each customer a state-owned entity."""
    return table(*(f"{one},StateOwnedEntity,,," for one in customers))


def give(
    visitor: Visitor, data: bytes, name: str = "customers.csv", *, form: str = "", word: str | None = None
) -> httpx2.Response:
    """Send a file as the pages would.

    Parameters:
        form: the id of the form, a fresh one unless it is given.
        word: the session's word, unless it is not known.
    """
    fields = {"csrf": visitor.word() if word is None else word, "id": form or str(uuid.uuid4())}
    return visitor.http.post("/console/uploads", data=fields, files={"file": (name, data, "text/csv")})


def given(visitor: Visitor, data: bytes, name: str = "customers.csv") -> str:
    """Send a file that is taken; return the address of its upload."""
    answer = give(visitor, data, name)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def uploads_of(visitor: Visitor) -> list[str]:
    """Return the addresses of the latest uploads."""
    return re.findall(r'href="(/console/uploads/[0-9a-f-]{36})"', visitor.get("/console/uploads").text)


def worked_off(visitor: Visitor, address: str) -> str:
    """Return an upload's page when the upload is done."""
    end = time.monotonic() + PATIENCE_SECONDS
    while "shown=open" in (page := visitor.get(address).raise_for_status().text):
        assert time.monotonic() < end, page
        time.sleep(LOOK_SECONDS)  # another process works it off
    return str(page)
