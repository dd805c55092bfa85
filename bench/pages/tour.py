"""Which pages are asked for, by whom, and with what: each page once, and each in the ways in which people use it.

The n-th turn of a stop asks about other customers than the one before, all over the database, so that a memory of the
last answer helps nobody. What changes a case changes another one in each turn.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final, Self
from urllib.parse import urlencode

import httpx2
from tests.support.visitor import ADA, CAROL, MAX, RAE, Visitor

from bench.pages import customers
from bench.pages.cases import EACH, FREQUENT_RULE, RARE_RULE, SHARED_DOMAIN, WAITING_DAYS, programme, version
from bench.processes import BenchError
from bench.seeding import customer_id
from vetline.desk.figures import WINDOWS
from vetline.sandbox.seeds import CONTOSO_TENANT

_PRIME: Final = 7_919
Form = dict[str, str | list[str]]


class Person:
    """Somebody who is signed in.

    Parameters:
        base: where the service is.
        username: whose session it is.
        rivals: somebody else works too, and may be quicker; to be told so is an answer like any other.
    """

    def __init__(self, base: str, username: str, *, rivals: bool = False) -> None:
        self._right = {200, 303, 409} if rivals else {200, 303}
        self.visitor = Visitor(base)
        self.visitor.sign_in(username)
        self._word = self.visitor.word()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.visitor.close()

    def get(self, path: str) -> httpx2.Response:
        """Open a page."""
        return self._good(self.visitor.get(f"/console{path}"))

    def post(self, path: str, form: Form) -> httpx2.Response:
        """Send a form; where it leads to is not followed."""
        return self._good(self.visitor.http.post(f"/console{path}", data={"csrf": self._word} | form))

    def version_on(self, case: str) -> str:
        """Return the version that the form on a case's page carries."""
        found = re.search(r'name="version" value="(\d+)"', self.get(case).text)
        if not found:
            raise BenchError(f"there is no form on {case}")
        return found[1]

    def later(self, seconds: int) -> None:
        """Move the sandbox's clock."""
        self._good(self.visitor.http.post("/sandbox/clock", json={"advanceSeconds": seconds}))

    def _good(self, answer: httpx2.Response) -> httpx2.Response:
        if answer.status_code not in self._right:
            raise BenchError(f"{answer.request.method} {answer.request.url} was answered {answer.status_code}")
        return answer


@dataclass(frozen=True, slots=True)
class Stop:
    """One page, or one thing that a page does, in one of the ways in which people use it.

    Parameters:
        name: for the table.
        who: who asks.
        ask: asks; the turns count from 0, each about something else.
        before: what has to happen first, and is not timed.
    """

    name: str
    who: str
    ask: Callable[[Person, int], object]
    before: Callable[[Person, int], object] | None = None


def tour(size: int, now: datetime) -> list[Stop]:
    """Return every stop, over a database that was filled with so many customers at that moment."""
    return [*_lists(), *_places(size), *_customer(size), *_queue(now), *_filtered(), *_case(size), *_deciding(size)]


def _lists() -> Iterator[Stop]:
    yield _page("customers", ADA, "/customers")
    words = {
        "a frequent word": customers.FREQUENT,
        "a rare word": customers.RARE,
        "an absent word": customers.ABSENT,
        "two frequent words": customers.TWO_FREQUENT,
        "two words, one rare": customers.FREQUENT_AND_RARE,
        "two words, one absent": f"{customers.FREQUENT} {customers.ABSENT}",
        "one letter": "u",
        "the beginning of a name": "museum of m",
        "a number": "4711",
        "an id": customer_id(7),
    }
    for what, text in words.items():
        yield _page(f"customers: {what}", ADA, _asking("/customers", q=text))
    yield _page("another partner's customers", CAROL, "/customers")
    yield _page("another partner's customers: a frequent word", CAROL, _asking("/customers", q=customers.FREQUENT))
    yield _page("codes", ADA, "/codes")
    yield _page("partner's codes", MAX, _asking("/partner-codes", partner=CONTOSO_TENANT))


def _places(size: int) -> Iterator[Stop]:
    def beyond(way: str) -> Callable[[Person, int], object]:
        def ask(person: Person, turn: int) -> object:
            number = turn * _PRIME % size
            place = {way: customer_id(number), "of": customers.company_name(number).casefold()}
            return person.get(_asking("/customers", **place))

        return ask

    yield Stop("customers: a page after a place", ADA, beyond("after"))
    yield Stop("customers: a page before a place", ADA, beyond("before"))


def _customer(size: int) -> Iterator[Stop]:
    def of(turn: int, kind: int) -> str:
        return f"/customers/{customer_id(_number(size, turn, kind))}"

    def asked(turn: int) -> str:
        return programme(_number(size, turn, 1)).value

    education: Form = {"segment": "higher", "website": "https://www.example.edu/"}
    yield Stop("account", ADA, lambda person, turn: person.get(of(turn, 0)))
    yield Stop("account: what happened", ADA, lambda person, turn: person.get(f"{of(turn, 1)}/cases/{asked(turn)}"))
    government: Form = {"code": "12345"}
    yield from _request("education", education, lambda turn: f"{of(turn, 5)}/requests/education")
    yield from _request("government", government, lambda turn: f"{of(turn, 5)}/requests/government")
    yield Stop(
        "request: education, sent",
        ADA,
        lambda person, turn: person.post(f"{of(turn, 6)}/requests/education", education),
    )


def _request(name: str, form: Form, path: Callable[[int], str]) -> Iterator[Stop]:
    yield Stop(f"request: {name}", ADA, lambda person, turn: person.get(path(turn)))
    checked = urlencode(form)
    yield Stop(f"request: {name}, checked", ADA, lambda person, turn: person.get(f"{path(turn)}/check?{checked}"))


def _queue(now: datetime) -> Iterator[Stop]:
    def to(way: str, days: int) -> str:
        at = now - timedelta(days=days % (WAITING_DAYS + 1))
        place = f"{at.isoformat()},{customer_id(1)},{CONTOSO_TENANT},education"
        return _asking("/queue", **{way: place})

    yield _page("queue", RAE, "/queue")
    yield Stop("queue, counted anew", RAE, lambda person, _: person.get("/queue"), lambda person, _: person.later(11))
    yield Stop("queue: a page after a place", RAE, lambda person, turn: person.get(to("after", turn)))
    yield Stop("queue: a page before a place", RAE, lambda person, turn: person.get(to("before", turn)))
    yield _page("queue: the last page", RAE, to("before", 0))
    yield _page("decisions not in effect", RAE, "/decisions")
    for days in WINDOWS:
        yield _page(f"dashboard, {days} days", RAE, f"/dashboard?days={days}")


PAIR: Final = " + "
FILTERS: Final = {
    "programme": ("programme", "education"),
    "a rare programme": ("programme", "government"),
    "country": ("country", "US"),
    "a rare country": ("country", "IS"),
    "rule": ("rule", FREQUENT_RULE),
    "a rare rule": ("rule", RARE_RULE),
    "an absent rule": ("rule", "stop-listed"),
    "domain": ("domain", SHARED_DOMAIN),
    "mine": ("whose", "mine"),
    "nobody's": ("whose", "nobody"),
    "overdue": ("overdue", "1"),
    "for a second person": ("second", "1"),
}


def _filtered() -> Iterator[Stop]:
    for name, filters in filter_sets():
        yield _page(f"queue: {name}", RAE, _asking("/queue", **filters))


def filter_sets() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every filter alone, and every two of them that can be chosen together."""
    for name, (key, value) in FILTERS.items():
        yield name, {key: value}
    for (first, (key, value)), (second, (other, wanted)) in combinations(FILTERS.items(), 2):
        if key != other:
            yield f"{first}{PAIR}{second}", {key: value, other: wanted}


def _case(size: int) -> Iterator[Stop]:
    yield Stop("case", RAE, lambda person, turn: person.get(_case_of(_number(size, turn, 0))))
    yield Stop("case at a domain with many", RAE, lambda person, turn: person.get(_case_of(_shared(turn))))
    yield _page("domain with many cases", RAE, f"/domains/{SHARED_DOMAIN}")
    yield Stop(
        "domain with one case",
        RAE,
        lambda person, turn: person.get(f"/domains/{customers.domain(_number(size, turn, 0))}"),
    )


def _deciding(size: int) -> Iterator[Stop]:
    def one(turn: int, which: int) -> int:
        """A case that nobody has and on which nothing is proposed."""
        return 20 * EACH * (turn * 4 + which) + 2 * EACH

    def decide(person: Person, turn: int, which: int = 0) -> object:
        number = one(turn, which)
        form: Form = {"version": str(version(number)), "outcome": "approve", "note": "As their register says."}
        return person.post(f"{_case_of(number)}/decide", form)

    for name, filters in (("", ""), (", a rare country", "country=IS"), (", an absent rule", "rule=stop-listed")):
        yield _next(f"next{name}", filters)
    yield Stop("take", RAE, lambda person, turn: person.post(f"{_case_of(one(turn, 1))}/take", {}))
    yield Stop("give back", RAE, lambda person, turn: person.post(f"{_case_of(one(turn, 1))}/give-back", {}))
    yield Stop("decide, and the next", RAE, decide)
    yield Stop(
        "undo",
        RAE,
        lambda person, turn: person.post(f"{_case_of(one(turn, 2))}/withdraw", {}),
        lambda person, turn: decide(person, turn, 2),
    )
    yield Stop("decide 100 at a domain", RAE, _together)


def _next(name: str, filters: str) -> Stop:
    return Stop(name, RAE, lambda person, _: person.post("/next", {"filters": filters}))


def _together(person: Person, turn: int) -> object:
    picked = [f"{_name(number)}/{version(number)}" for number in (_shared(turn * 100 + each) for each in range(100))]
    return person.post(f"/domains/{SHARED_DOMAIN}", {"case": picked, "outcome": "approve", "note": ""})


def _page(name: str, who: str, path: str) -> Stop:
    return Stop(name, who, lambda person, _: person.get(path))


def _asking(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query)}"


def _number(size: int, turn: int, kind: int) -> int:
    """Return another customer in each turn, of those whose numbers end alike."""
    return (turn + 1) * _PRIME % (size // EACH) * EACH + kind


def _shared(turn: int) -> int:
    return (20 * turn + 7) * EACH


def _case_of(number: int) -> str:
    return f"/cases/{_name(number)}"


def _name(number: int) -> str:
    return f"{CONTOSO_TENANT}/{customer_id(number)}/{programme(number).value}"
