"""Who is not signed in gets no page but those for anyone, from no address and by no method; the headers always hold."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.processes import Sandbox
from vetline.console.visit import Needs
from vetline.store.port import Store

from .headers import weaknesses
from .matrix import OPEN, WHOM
from .routes import address, every_page

_CLOSED = [row for row, needs in WHOM.items() if needs is not Needs.ANYONE]
_PATHS = sorted({path for _, path in WHOM})
_FORM = {"content-type": "application/x-www-form-urlencoded"}


async def test_every_page_has_a_row(store: Store) -> None:
    """A new page without a row fails here, and so does one that serves others than it says."""
    assert {(page.method, page.path): page.needs for page in await every_page(store)} == WHOM
    assert set(OPEN) == set(WHOM) - set(_CLOSED)


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_an_open_page_answers(sandbox: Sandbox, method: str, path: str) -> None:
    answer = sandbox.http.request(method, address(path), headers=_FORM)
    assert (answer.status_code, weaknesses(answer.headers)) == (OPEN[method, path], [])


@pytest.mark.parametrize(("method", "path"), _CLOSED)
def test_a_closed_page_leads_to_the_sign_in(sandbox: Sandbox, method: str, path: str) -> None:
    """And from there back; but what a form holds is never sent a second time."""
    answer = sandbox.http.request(method, address(path) + "?q=%26x", headers=_FORM)
    target = urlsplit(answer.headers["location"])
    assert (answer.status_code, target.scheme, target.netloc, target.path) == (303, "", "", "/console/sign-in")
    back = address(path) + "?q=%26x" if method == "GET" else "/console/"
    assert parse_qs(target.query) == {"next": [back]}
    assert (answer.content, weaknesses(answer.headers)) == (b"", [])


@pytest.mark.parametrize(("method", "path"), _CLOSED)
def test_a_script_is_told_to_go_there(sandbox: Sandbox, method: str, path: str) -> None:
    answer = sandbox.http.request(method, address(path), headers={"HX-Request": "true", **_FORM})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/console/sign-in")
    assert (answer.content, weaknesses(answer.headers)) == (b"", [])


@pytest.mark.parametrize("path", _PATHS)
def test_no_other_method_is_answered(sandbox: Sandbox, path: str) -> None:
    has = {method for method, found in WHOM if found == path} | {"HEAD"}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"} - has:
        answer = sandbox.http.request(method, address(path))
        assert (answer.status_code, weaknesses(answer.headers)) == (405, []), method


@pytest.mark.parametrize(
    "path",
    [
        "/console/nothing",
        "/console//customers",
        "/console/customers/",
        "/console/%00",
        "/console/%ff%fe",
        "/console/{{7*191}}",
        "/console/<script>pwned=1</script>",
        "/console/static/",
        "/console/static/nothing.js",
        "/console/static/../app.py",
        "/console/static/..%2fapp.py",
        "/console/static/%2e%2e/app.py",
        "/console/static/%2e%2e%2fapp.py",
        "/console/static/..%5capp.py",
        "/console/static//etc/passwd",
        "/console/static/%00",
        "/console/static/vendor",
        f"/console/static/{'x' * 5_000}",
        f"/console/{'x' * 10_000}",
    ],
    ids=lambda path: path[:40],
)
def test_an_address_without_a_page_is_a_page_that_says_so(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.http.get(path)
    assert (answer.status_code, weaknesses(answer.headers)) == (404, [])
    assert "<script>pwned" not in answer.text
    assert "1337" not in answer.text


def test_a_file_may_be_kept(sandbox: Sandbox) -> None:
    """Its address changes with it, and it holds nobody's data."""
    answer = sandbox.http.get("/console/static/console.js")
    assert (answer.status_code, weaknesses(answer.headers, public=True)) == (200, [])
    assert "immutable" in answer.headers["cache-control"]
