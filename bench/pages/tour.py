"""Which pages are asked for, by whom, and with what: each page once, and each in the ways in which people use it.

The n-th turn of a stop asks about other customers than the one before, all over the database, so that a memory of the
last answer helps nobody. What changes a case changes another one in each turn.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final
from urllib.parse import urlencode

from tests.support.visitor import ADA, CAROL, MAX, RAE

from bench.pages import customers, uploads
from bench.pages.cases import EACH, FREQUENT_RULE, RARE_RULE, SHARED_DOMAIN, WAITING_DAYS, programme, version
from bench.pages.visiting import Form, Person, Stop, asking, page
from bench.seeding import customer_id
from vetline.desk.figures import WINDOWS
from vetline.sandbox.contents.seeds import CONTOSO_TENANT

_PRIME: Final = 7_919
_FAR_ON: Final = uploads.ROWS * 9 // 20
_COUNTING: Final = "are being counted"


def tour(size: int, now: datetime) -> list[Stop]:
    """Return every stop, over a database that was filled with so many customers at that moment."""
    partners, reviewers = [*_lists(), *_places(size), *_customer(size)], [*_queue(now), *_filtered(), *_case(size)]
    # The rows of uploads are counted beside the requests: what that costs is not to be charged to other pages.
    return [*partners, *reviewers, *_deciding(size), *_uploads()]


def _lists() -> Iterator[Stop]:
    yield page("customers", ADA, "/customers")
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
        yield page(f"customers: {what}", ADA, asking("/customers", q=text))
    yield page("another partner's customers", CAROL, "/customers")
    yield page("another partner's customers: a frequent word", CAROL, asking("/customers", q=customers.FREQUENT))
    yield page("codes", ADA, "/codes")
    yield page("partner's codes", MAX, asking("/partner-codes", partner=CONTOSO_TENANT))


def _places(size: int) -> Iterator[Stop]:
    def beyond(way: str) -> Callable[[Person, int], object]:
        def ask(person: Person, turn: int) -> object:
            number = turn * _PRIME % size
            place = {way: customer_id(number), "of": customers.company_name(number).casefold()}
            return person.get(asking("/customers", **place))

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
        return asking("/queue", **{way: place})

    yield page("queue", RAE, "/queue")
    yield Stop("queue, counted anew", RAE, lambda person, _: person.get("/queue"), lambda person, _: person.later(11))
    yield Stop("queue: a page after a place", RAE, lambda person, turn: person.get(to("after", turn)))
    yield Stop("queue: a page before a place", RAE, lambda person, turn: person.get(to("before", turn)))
    yield page("queue: the last page", RAE, to("before", 0))
    yield page("decisions not in effect", RAE, "/decisions")
    for days in WINDOWS:
        yield page(f"dashboard, {days} days", RAE, f"/dashboard?days={days}")


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
        yield page(f"queue: {name}", RAE, asking("/queue", **filters))


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
    yield page("domain with many cases", RAE, f"/domains/{SHARED_DOMAIN}")
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


def _uploads() -> Iterator[Stop]:
    yield page("uploads", ADA, "/uploads")
    for given in uploads.GIVEN:
        yield from _upload(f"upload, {given.name}", f"/uploads/{given.id}", given.state.value)


def _upload(name: str, path: str, state: str) -> Iterator[Stop]:
    def counted(person: Person, turn: int) -> None:
        """Let the rows be counted, except for the first one who looks."""
        while turn and _COUNTING in person.get(path).text:
            continue

    again = f"{path}?shown={state}&after=0"
    yield Stop(name, ADA, lambda person, _: person.get(path), counted)
    yield Stop(f"{name}: looked at again", ADA, lambda person, _: person.part(again), counted)
    yield page(f"{name}: rows that failed, far on", ADA, f"{path}?after={_FAR_ON}")
    yield Stop(f"{name}: results, the first piece", ADA, lambda person, _: person.begin(f"{path}/results.csv"))


def _number(size: int, turn: int, kind: int) -> int:
    """Return another customer in each turn, of those whose numbers end alike."""
    return (turn + 1) * _PRIME % (size // EACH) * EACH + kind


def _shared(turn: int) -> int:
    return (20 * turn + 7) * EACH


def _case_of(number: int) -> str:
    return f"/cases/{_name(number)}"


def _name(number: int) -> str:
    return f"{CONTOSO_TENANT}/{customer_id(number)}/{programme(number).value}"
