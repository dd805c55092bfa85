"""A sandbox in which every field that a page shows holds hostile texts, those included that the interface refuses."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.responses import Response

from tests.support.processes import Sandbox
from tests.support.visitor import Visitor
from vetline.clock import SystemClock
from vetline.console.person import Person
from vetline.console.session import SessionKeeper
from vetline.desk.sessions import SessionDesk
from vetline.identity.caller import ADMINISTRATOR, REVIEWER
from vetline.sandbox.contents.seeds import CONTOSO_TENANT, OPERATOR_TENANT
from vetline.store.changes import Change, CodeIssued, CustomerAdded, Effect
from vetline.store.records import Address, Billing, Code, Customer
from vetline.store.sqlite.store import SqliteStore

from .hostile_texts import HOSTILE_TEXTS

_SECRET = "planted" * 6
_TOGETHER = 8
_LINKS = [one.text for one in HOSTILE_TEXTS if one.place == "link"]
_ALL = [one.text for one in HOSTILE_TEXTS]
# Several in one field, for what escapes one escapes the next; what must stand at the beginning of a link stands alone.
TEXTS = (*_LINKS, *(" ".join(_ALL[first : first + _TOGETHER]) for first in range(0, len(_ALL), _TOGETHER)))
NAME = " ".join(one.text for one in HOSTILE_TEXTS if one.place in ("double-quotes", "any-place", "title"))
PEOPLE = {
    "partner": Person(CONTOSO_TENANT, "planted-1", NAME, frozenset({"AdminAgents", "DirectoryReaders"})),
    "reviewer": Person(OPERATOR_TENANT, "planted-2", NAME, frozenset({REVIEWER})),
    "administrator": Person(OPERATOR_TENANT, "planted-3", NAME, frozenset({ADMINISTRATOR})),
}


@dataclass(frozen=True, slots=True)
class Planted:
    """The sandbox, and the cookie of each of the people."""

    sandbox: Sandbox
    cookies: Mapping[str, str]


def customer_id(number: int) -> str:
    """Return the id of the customer that holds the text of that number; the last asks for nothing."""
    return f"33333333-bad0-4000-8000-{number:012}"


def printable(text: str) -> str:
    """Return what of a text a form takes for a website."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:2_000]


@asynccontextmanager
async def planted(folder: Path) -> AsyncIterator[Planted]:
    """Yield the sandbox, with a case for each customer: half of them decided, with a note."""
    (folder / "console.key").write_text(_SECRET)
    store = SqliteStore(folder / "vetline.db")
    now = SystemClock().now()
    await store.save(Change((*_customers(now), *_codes(now))))
    keeper = SessionKeeper(_SECRET, SystemClock(), SessionDesk(store), secure=False)
    cookies = {who: _cookie(keeper, person) for who, person in PEOPLE.items()}
    await store.close()
    with Sandbox("--data", str(folder)) as sandbox:
        _ask(sandbox, cookies["partner"])
        _review(sandbox, cookies["reviewer"])
        yield Planted(sandbox, cookies)


def _customers(now: datetime) -> Sequence[Effect]:
    return [CustomerAdded(_customer(number, text, now)) for number, text in enumerate((*TEXTS, NAME))]


def _customer(number: int, text: str, now: datetime) -> Customer:
    name = customer_id(number)
    address = Address(text, text, text, text, text, text, text, text, text, text)
    billing = Billing(name, text, "en-US", "en", text, address, text, text)
    return Customer(CONTOSO_TENANT, name, name, text, text, text, address, billing, now)


def _codes(now: datetime) -> Sequence[Effect]:
    return [CodeIssued(Code(CONTOSO_TENANT, text[:128], text, 5, 5, now)) for text in TEXTS]


def _cookie(keeper: SessionKeeper, person: Person) -> str:
    response = Response()
    keeper.give(response, keeper.begin(person))
    return response.headers["set-cookie"].partition(";")[0].partition("=")[2]


def _ask(sandbox: Sandbox, cookie: str) -> None:
    with Visitor(sandbox.base) as visitor:
        visitor.keep(cookie)
        word = visitor.word()
        for number, text in enumerate(TEXTS):
            page = f"/console/customers/{customer_id(number)}/requests/education"
            sent = visitor.post(page, csrf=word, segment="k12", website=printable(text))
            assert sent.status_code == 303, sent.text
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 1}).raise_for_status()


def _review(sandbox: Sandbox, cookie: str) -> None:
    with Visitor(sandbox.base) as visitor:
        visitor.keep(cookie)
        word = visitor.word()
        for number, text in enumerate(TEXTS):
            case = f"/console/cases/{CONTOSO_TENANT}/{customer_id(number)}/education"
            visitor.post(f"{case}/take", csrf=word)
            if number % 2:
                form = {"outcome": "not-education", "version": "2", "note": text.replace("\0", "")}
                visitor.post(f"{case}/decide", csrf=word, **form)
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 60}).raise_for_status()
