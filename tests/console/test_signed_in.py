"""Whoever is signed in gets the pages of their role, of their own organisation, and no hint of anybody else's."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest

from tests.support.processes import Sandbox
from tests.support.visitor import ADA, CAROL, MAX, RAE, Visitor
from vetline.console.visit import Needs

from .headers import weaknesses
from .matrix import ANSWERS, WHOM
from .routes import NOWHERE, address
from .wares import CONTOSO, FABRIKAM, Wares

_PEOPLE = {"contoso": ADA, "fabrikam": CAROL, "reviewer": RAE, "administrator": MAX}
_OF_CUSTOMERS = [row for row in WHOM if "{customer}" in row[1] and WHOM[row] is Needs.PARTNER]
_OF_PARTNERS = [path for (method, path), needs in WHOM.items() if method == "GET" and needs is Needs.PARTNER]
# A form that asks for something, so that only whose customer it is stands against it.
_FORM = {"segment": "k12", "website": "www.stranger.example"}


@pytest.fixture(scope="module")
def stocked(running_sandbox: Sandbox) -> Sandbox:
    """A sandbox in which each partner has a case; what is tried here changes nothing of what is looked at."""
    running_sandbox.reset()
    for wares in (CONTOSO, FABRIKAM):
        wares.put_into(running_sandbox)
    return running_sandbox


@pytest.fixture(scope="module")
def people(stocked: Sandbox) -> Iterator[dict[str, Visitor]]:
    """Everybody, signed in."""
    with ExitStack() as stack:
        found = {who: stack.enter_context(Visitor(stocked.base)) for who in _PEOPLE}
        for who, visitor in found.items():
            visitor.sign_in(_PEOPLE[who])
        yield found


def test_every_page_has_its_answers() -> None:
    """A new page without a row fails here; `WHOM` is held against the pages themselves."""
    assert set(ANSWERS) == set(WHOM)


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_each_page_answers_to_whom_it_serves(stocked: Sandbox, method: str, path: str) -> None:
    """And the headers hold for everybody. Each comes with a session of their own, for one of the pages ends it."""
    for who, username in _PEOPLE.items():
        with Visitor(stocked.base) as visitor:
            visitor.sign_in(username)
            answer = _head_of(visitor, method, address(path, **CONTOSO.place))
            expected = getattr(ANSWERS[method, path], who)
            assert (answer.status_code, weaknesses(answer.headers)) == (expected, []), who


@pytest.mark.parametrize(("method", "path"), _OF_CUSTOMERS)
def test_a_strangers_customer_is_one_that_does_not_exist(people: dict[str, Visitor], method: str, path: str) -> None:
    """To the letter, whatever is sent."""
    visitor = people["contoso"]
    programmes = ("education", "government", "state-owned")
    for programme in programmes:
        place = {"programme": programme}
        told = {
            _timeless(_asked(visitor, method, address(path, customer=customer, **place), **_FORM))
            for customer in (FABRIKAM.customer, FABRIKAM.customer.upper(), NOWHERE["customer"])
        }
        assert len(told) == 1
        ((status, _),) = told
        assert status == 404


@pytest.mark.parametrize(
    "search", ["Proseware", "prose", FABRIKAM.customer, f"{{{FABRIKAM.customer}}}", "Toronto", "%"]
)
def test_a_search_finds_no_strangers(people: dict[str, Visitor], search: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = people["contoso"].get("/console/customers", params={"q": search}, headers=headers)
        assert (answer.status_code, "<table" in answer.text) == (200, False)


@pytest.mark.parametrize(("mine", "theirs"), [(CONTOSO, FABRIKAM), (FABRIKAM, CONTOSO)], ids=["Contoso", "Fabrikam"])
def test_nothing_of_another_partner_is_on_any_page(stocked: Sandbox, mine: Wares, theirs: Wares) -> None:
    """Not on those in the table, and not on those that they lead to."""
    with Visitor(stocked.base) as visitor:
        visitor.sign_in(mine.username)
        seen: dict[str, str] = {}
        ahead = [address(path, **mine.place) for path in _OF_PARTNERS]
        ahead += [f"/console/customers?{way}={theirs.customer}&of=" for way in ("after", "before")]
        while ahead:
            page = ahead.pop()
            seen[page] = visitor.get(page).text
            links = re.findall(r'(?:href|hx-get)="(/console/[^"#]*)"', seen[page])
            ahead += [link for link in set(links) - set(seen) - set(ahead) if "/static/" not in link]
        assert {page: mark for page, text in seen.items() for mark in theirs.marks if mark in text} == {}
        assert all(any(mark in text for text in seen.values()) for mark in mine.marks[:6]), "the marks are on no page"


def test_a_code_of_another_partner_is_worth_nothing(people: dict[str, Visitor]) -> None:
    """And it is told like one that there is not."""
    form = f"/console/customers/{CONTOSO.customer}/requests/government/check"
    asked = {"id": "11111111-0000-4000-8000-000000000001"}
    answers = {code: people["contoso"].get(form, params=asked | {"code": code}) for code in ("24680", "24681")}
    told = {_timeless(answer)[1].replace(code, "") for code, answer in answers.items()}
    assert len(told) == 1


def test_nobody_without_a_case_is_told_of_one(people: dict[str, Visitor]) -> None:
    """To a reviewer a case that was never asked for is not there, whosever the customer is."""
    for partner, customer in ((CONTOSO.partner, FABRIKAM.customer), (FABRIKAM.partner, CONTOSO.customer)):
        place = address("/cases/{partner}/{customer}/{programme}", partner=partner, customer=customer)
        assert people["reviewer"].get(place).status_code == 404


@pytest.mark.parametrize("path", ["/nothing", "/customers/", "/queue/x", "/static/nothing.js"])
def test_where_nothing_is_everybody_finds_on(people: dict[str, Visitor], path: str) -> None:
    """With the way to the pages of their role; also where a page does not take what was sent."""
    for who, tab in (("contoso", "/console/customers"), ("reviewer", "/console/queue")):
        answer = people[who].get(f"/console{path}")
        assert (answer.status_code, weaknesses(answer.headers)) == (404, [])
        assert f'<a href="{tab}"' in answer.text
    answer = people["contoso"].http.put("/console/customers")
    assert answer.status_code == 405
    assert '<a href="/console/customers"' in answer.text


def _head_of(visitor: Visitor, method: str, page: str) -> httpx2.Response:
    """Return an answer without waiting for its end: the dashboard's news have none."""
    form = {"csrf": visitor.word()} if method == "POST" else None
    with visitor.http.stream(method, page, data=form) as answer:
        return answer


def _asked(visitor: Visitor, method: str, page: str, **form: str) -> httpx2.Response:
    return visitor.get(page) if method == "GET" else visitor.post(page, **form)


def _timeless(answer: httpx2.Response) -> tuple[int, str]:
    """Return an answer without what is another each time."""
    return answer.status_code, re.sub(r'data-now="[^"]*"|value="[-0-9a-f]{36}"', "", answer.text)
