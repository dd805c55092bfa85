"""Whatever is in an address or a form, each page answers as a page: it never fails, and its headers always hold."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.postgres import PostgresServer
from tests.support.processes import Sandbox
from tests.support.sending import Sent, send_raw
from tests.support.visitor import ADA, MAX, RAE, Visitor
from vetline.console.visit import Needs

from .headers import weaknesses
from .matrix import WHOM
from .routes import NOWHERE
from .wares import CONTOSO, FABRIKAM

_PLACE = f"{CONTOSO.customer},{CONTOSO.partner},education"
_ODD = (
    "",
    "\0",
    "a\0b",
    "%00",
    "\ufffe\uffff",
    "\U0010ffff",
    "\u202e",
    "'\"><script>pwned=1</script>{{7*191}}",
    "../../../../etc/passwd",
    "..",
    ".",
    "//evil.example",
    "https://evil.example/",
    "x" * 300,
    "-1",
    "1e9",
    "9" * 400,
    "½",
    "²",
    "NaN",
    "true",
    "requested",
    "failure.not_here",
    "country=a%00b&rule=%ff&domain=%C0%80",
    f"2026-01-01T00:00:00+00:00,{_PLACE}",
    f"2026-01-01T00:00:00,{_PLACE}",
    f"0001-01-01T00:00:00+23:59,{_PLACE}",
    f"9999-12-31T23:59:59-23:59,{_PLACE}",
    f"{CONTOSO.partner}/{CONTOSO.customer}/education/2",
    f"{CONTOSO.partner}/{CONTOSO.customer}/education/-1/",
    "///",
    FABRIKAM.customer,
    FABRIKAM.partner,
    CONTOSO.customer.upper(),
    f"{{{CONTOSO.customer}}}",
)
_NAMES = (
    *("q", "after", "before", "of", "done", "next", "other", "here", "state", "code", "error", "decided", "left"),
    *("programme", "country", "rule", "domain", "whose", "overdue", "second", "partner", "organization", "most"),
    *(
        "id",
        "shown",
        "segment",
        "website",
        "version",
        "outcome",
        "note",
        "filters",
        "holder",
        "skip",
        "case",
        "_charset_",
    ),
)
_PEOPLE = {Needs.SIGNED_IN: ADA, Needs.PARTNER: ADA, Needs.REVIEWER: RAE, Needs.ADMINISTRATOR: MAX}
_VALUES = {
    "outcome": ("approve", "not-education"),
    "segment": ("k12", "higher"),
    "version": ("1", "2", "999999999"),
    "programme": ("education", "government", "state-owned"),
    "whose": ("mine", "nobody"),
    "second": ("1",),
}
# Forms and queries as bytes are met with in test_a_broken_form_is_a_page; here all is text, which each library sends.
_TEXT = st.one_of(st.sampled_from(_ODD), st.text(max_size=30))


def _pairs() -> st.SearchStrategy[list[tuple[str, str]]]:
    def pair(name: str) -> st.SearchStrategy[tuple[str, str]]:
        return st.tuples(st.just(name), st.one_of(st.sampled_from(_VALUES.get(name, _ODD)), _TEXT))

    named = st.sampled_from(_NAMES).flatmap(pair)
    return st.lists(st.one_of(named, st.tuples(_TEXT, _TEXT)), max_size=6)


def _paths(path: str) -> st.SearchStrategy[str]:
    sound = NOWHERE | CONTOSO.place
    steps = [
        st.one_of(st.just(sound[step[1:-1]]), _TEXT) if step.startswith("{") else st.just(step)
        for step in path.split("/")
    ]
    return st.tuples(*steps).map(lambda parts: "/console" + "/".join(quote(part, safe="") for part in parts))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stocked(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox with a case that waits, over each store."""
    options = []
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        options = ["--database-url", server.fresh()]
    with Sandbox(*options) as found:
        CONTOSO.put_into(found)
        yield found


class Known(NamedTuple):
    """Somebody who is signed in, with the word of their forms."""

    visitor: Visitor
    word: str


@pytest.fixture(scope="module")
def people(stocked: Sandbox) -> Iterator[dict[Needs, Known]]:
    """Whoever may see a page; to those for anyone comes somebody who is not signed in."""
    with ExitStack() as stack:
        found = {Needs.ANYONE: Known(stack.enter_context(Visitor(stocked.base)), "")}
        for needs, username in _PEOPLE.items():
            visitor = stack.enter_context(Visitor(stocked.base))
            visitor.sign_in(username)
            found[needs] = Known(visitor, visitor.word())
        yield found


@pytest.mark.parametrize(("method", "path"), WHOM)
@settings(max_examples=25)
@given(data=st.data())
def test_no_page_ever_fails(
    stocked: Sandbox, people: dict[Needs, Known], method: str, path: str, data: st.DataObject
) -> None:
    visitor, word = people[WHOM[method, path]]
    page, query, form = data.draw(_paths(path)), dict(data.draw(_pairs())), dict(data.draw(_pairs()))
    partial = {"HX-Request": "true"} if data.draw(st.booleans()) else {}
    sent = None if method == "GET" else {"csrf": word} | form
    assert_told(visitor.ask(method, page, params=query, data=sent, headers=partial), stocked)


def assert_told(answer: httpx2.Response, sandbox: Sandbox) -> None:
    """Hold an answer against what every answer has to be.

    Raises:
        AssertionError: it is a failure of the service, or its headers leave something open.
    """
    assert answer.status_code < 500, sandbox.log()[-4_000:]
    if "%0A" in answer.url.raw_path.decode().partition("?")[0] and answer.status_code == 404:
        return  # the pages are not asked: to a router a line ends there
    assert weaknesses(answer.headers) == []
    location = answer.headers.get("location", "/console/")
    assert location.startswith(("/console/", f"{sandbox.base}/organizations/"))


@pytest.mark.parametrize(
    ("needs", "page", "query", "status"),
    [
        (Needs.PARTNER, "/customers", {"q": "a\0b"}, 400),
        (Needs.PARTNER, "/customers", {"after": CONTOSO.customer, "of": "\0"}, 400),
        (Needs.REVIEWER, "/queue", {"country": "\0"}, 400),
        (Needs.REVIEWER, "/domains/%00", {}, 400),
        (Needs.REVIEWER, "/queue", {"after": f"0001-01-01T00:00:00+23:59,{_PLACE}"}, 404),
        (Needs.REVIEWER, "/queue", {"before": f"9999-12-31T23:59:59-23:59,{_PLACE}"}, 404),
        (Needs.REVIEWER, "/queue", {"before": f"2026-01-01T00:00:00,{_PLACE}"}, 404),
        (Needs.REVIEWER, "/queue", {"after": f"0001-01-01T00:00:00+00:00,{_PLACE}"}, 200),
    ],
)
def test_what_no_database_keeps_is_refused(
    people: dict[Needs, Known], needs: Needs, page: str, query: dict[str, str], status: int
) -> None:
    assert people[needs].visitor.get(f"/console{page}", params=query).status_code == status


def test_filters_of_a_form_with_what_no_database_keeps_filter_nothing(people: dict[Needs, Known]) -> None:
    visitor, word = people[Needs.REVIEWER]
    for name in ("country", "rule", "domain"):
        answer = visitor.post("/console/next", csrf=word, filters=f"{name}=a%00b")
        assert (answer.status_code, "%00" in answer.headers["location"]) == (303, False)


def test_the_part_of_a_page_that_a_script_asks_for(people: dict[Needs, Known]) -> None:
    """It stands without the rest of its page."""
    script = {"HX-Request": "true"}
    found = people[Needs.PARTNER].visitor.get("/console/customers?q=fine", headers=script)
    assert (found.status_code, "School of Fine Art" in found.text, "<html" in found.text) == (200, True, False)
    assert people[Needs.REVIEWER].visitor.get("/console/queue", headers=script).status_code == 200


_KINDS = {
    "no boundary": ("multipart/form-data", b"x"),
    "an empty boundary": ("multipart/form-data; boundary=", b"----"),
    "a long boundary": (f"multipart/form-data; boundary={'b' * 5_000}", b"x"),
    "nothing of the boundary": ("multipart/form-data; boundary=b", b"x"),
    "no end": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=csrf\r\n\r\nx"),
    "no name": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    "no headers": ("multipart/form-data; boundary=b", b"--b\r\n\r\nx\r\n--b--\r\n"),
    "long headers": ("multipart/form-data; boundary=b", b"--b\r\n" + b"x: y\r\n" * 9_000 + b"\r\nx\r\n--b--\r\n"),
    "two files": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name=a; filename="a"\r\n\r\nx\r\n' * 2 + b"--b--\r\n",
    ),
    "many fields": ("application/x-www-form-urlencoded", b"a=1&" * 5_000),
    "many names": ("application/x-www-form-urlencoded", "&".join(map(str, range(9_000))).encode()),
    "many parts": (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n" * 1_200 + b"--b--\r\n",
    ),
}


@pytest.mark.parametrize("name", _KINDS)
def test_a_broken_form_is_a_page(stocked: Sandbox, people: dict[Needs, Known], name: str) -> None:
    kind, body = _KINDS[name]
    answer = people[Needs.ADMINISTRATOR].visitor.http.post(
        "/console/partner-codes", content=body, headers={"Content-Type": kind}
    )
    assert (answer.status_code in (400, 403), weaknesses(answer.headers)) == (True, []), answer.status_code


@pytest.mark.parametrize("charset", ["undefined", "punycode", "idna", "unicode_escape", "utf-16", "utf-7", "zlib", "x"])
def test_a_form_in_another_encoding_is_not_read(stocked: Sandbox, people: dict[Needs, Known], charset: str) -> None:
    """Some of these decode to what no database keeps and no page shows, and some fail while they do."""
    visitor = people[Needs.ADMINISTRATOR].visitor
    fields = {"csrf": visitor.word(), "partner": "\\ud800+2AAA-xn--99999999"}
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    )
    told = {
        kind: visitor.http.post(
            "/console/partner-codes", content=f"{parts}--b--\r\n", headers={"Content-Type": f"{kind}{charset}"}
        ).status_code
        for kind in ("multipart/form-data; boundary=b; charset=", "application/x-www-form-urlencoded; charset=")
    }
    assert set(told.values()) == {415}
    plain = {"Content-Type": "multipart/form-data; boundary=b; charset=UTF-8"}
    assert visitor.http.post("/console/partner-codes", content=f"{parts}--b--\r\n", headers=plain).status_code == 400


@pytest.mark.parametrize("path", ["/sign-out", "/next", "/partner-codes"])
def test_more_than_a_form_holds_is_not_read(people: dict[Needs, Known], path: str) -> None:
    """Whether its length was told before or not."""

    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 1_024

    for body in (b"a" * 66_000, chunks()):
        answer = people[Needs.ADMINISTRATOR].visitor.http.post(
            f"/console{path}", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert (answer.status_code, weaknesses(answer.headers)) == (413, [])


@pytest.mark.parametrize(
    "target",
    [
        "/console/customers?q=\xff\xfe",
        "/console/customers?q=%ff%c0%80%ed%a0%80",
        "/console/\xe9",
        "/console/customers/..;/queue",
        "/console/%2e%2e/v1/customers",
        "/console/../sandbox/info",
        "/CONSOLE/customers",
        "//console/customers",
        "/console/customers?" + "a=b&" * 5_000,
        "/console/customers?" + "%",
        "/console/customers;jsessionid=1",
        "/console/queue#x",
    ],
    ids=lambda target: target[:30],
)
def test_an_odd_target_is_answered(stocked: Sandbox, people: dict[Needs, Known], target: str) -> None:
    """As it comes over the wire, where a library would tidy it up; nothing of it is a way around the sign-in."""
    for cookie in ("", f"vetline={people[Needs.PARTNER].visitor.cookie()}"):
        answer = send_raw(stocked.base, Sent("GET", target, {"Cookie": cookie, "Connection": "close"}))
        assert answer.status in (200, 303, 307, 400, 403, 404, 414)
        assert cookie or answer.status != 200 or b"customers" not in answer.body


def test_no_failure_was_logged(stocked: Sandbox) -> None:
    """After all that stands above."""
    assert "unexpected failure" not in stocked.log()
