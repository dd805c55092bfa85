"""A form that does not come from a page of the session that it is sent with changes nothing, whichever form it is."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.processes import Sandbox
from tests.support.visitor import ADA, MAX, RAE, Visitor
from vetline.bulk.rows import COLUMNS
from vetline.console.visit import Needs

from .headers import weaknesses
from .matrix import WHOM
from .routes import address
from .wares import CONTOSO

# What makes each of them do something, were it not forged: the case that waits, and a customer that never asked.
_ASKING = {"segment": "k12", "website": "www.forged.example"}
_DENYING = {"outcome": "not-education", "version": "2"}
_UNASKED = "11111111-c0c0-4000-8000-000000000003"
_CASE = "/cases/{partner}/{customer}/{programme}"
_REQUEST = "/customers/{customer}/requests/{programme}"
FORMS: Mapping[str, Mapping[str, str]] = {
    "/sign-out": {},
    _REQUEST: _ASKING,
    "/uploads": {},
    "/uploads/{upload}/cancel": {},
    "/next": {},
    f"{_CASE}/decide": _DENYING,
    f"{_CASE}/withdraw": {"note": "forged"},
    f"{_CASE}/take": {},
    f"{_CASE}/give-back": {},
    "/domains/{domain}": _DENYING | {"case": "{partner}/{customer}/{programme}/2".format(**CONTOSO.place)},
    "/partner-codes": {"partner": CONTOSO.partner, "code": "f", "organization": "f", "most": "9", "left": "9"},
}
_NOTHING_THERE = ("/uploads/{upload}/cancel",)
_FILES = {"/uploads": {"file": ("forged.csv", f"{','.join(COLUMNS)}\n{_UNASKED},StateOwnedEntity,,,\n")}}
_ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-site, same-origin"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://["},
    {"Origin": "null"},
    {"Origin": "null", "Host": ""},
    {"Origin": ""},
)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sandbox keeps its data."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def kept(folder: Path) -> Iterator[Sandbox]:
    """A sandbox whose data can be looked at."""
    with Sandbox("--data", str(folder)) as found:
        yield found


@pytest.fixture
def stocked(kept: Sandbox) -> Sandbox:
    """A fresh sandbox with a case that waits for a person."""
    kept.reset()
    CONTOSO.put_into(kept)
    return kept


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that is in a database; the index of words holds what stands in other tables too."""
    with closing(sqlite3.connect(f"file:{quote(str(folder / 'vetline.db'))}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute(_TABLES)]
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def test_every_form_is_here() -> None:
    """A new form without a row fails here."""
    assert set(FORMS) == {path for method, path in WHOM if method == "POST"}


@pytest.mark.parametrize("path", FORMS)
def test_a_forged_form_changes_nothing(stocked: Sandbox, folder: Path, path: str) -> None:
    username = {Needs.REVIEWER: RAE, Needs.ADMINISTRATOR: MAX}.get(WHOM["POST", path], ADA)
    place = CONTOSO.place | ({"customer": _UNASKED} if path.startswith("/customers") else {})
    page, form = address(path, **place), FORMS[path]
    with Visitor(stocked.base) as visitor, Visitor(stocked.base) as other:
        visitor.sign_in(username)
        other.sign_in(username)
        word, before = visitor.word(), contents(folder)

        def send(form: Mapping[str, str], headers: Mapping[str, str] | None = None, query: str = "") -> int:
            files = _FILES.get(path)
            kind = {} if files else _FORM
            answer = visitor.http.post(page + query, data=form, files=files, headers={**kind, **(headers or {})})
            assert weaknesses(answer.headers) == []
            return answer.status_code

        wordless = [{}, {"csrf": ""}, {"csrf": other.word()}, {"csrf": word[:-1]}, {"csrf": word.upper()}]
        told = [send({**form, **wrong}) for wrong in wordless]
        told += [send(form, query=f"?csrf={word}"), send(form, {"X-CSRF-Token": word})]
        told += [send({**form, "csrf": word}, headers) for headers in _ELSEWHERE]
        assert told == [403] * len(told)
        assert contents(folder) == before
        assert visitor.is_signed_in
        own = send({**form, "csrf": word}, {"Origin": stocked.base})
        assert own in (200, 303, 404 if path in _NOTHING_THERE else 409), "it is the forging that fails"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/json", "", "x", "multipart/mixed; boundary=b", "text/x-www-form-urlencoded"]
)
def test_what_is_no_form_is_not_read(stocked: Sandbox, folder: Path, kind: str) -> None:
    """Pages elsewhere can send some of these without asking, and a reader that guesses would find a form in them."""
    with Visitor(stocked.base) as visitor:
        visitor.sign_in(MAX)
        word, before = visitor.word(), contents(folder)
        for path, form in FORMS.items():
            body = "&".join(f"{name}={value}" for name, value in {**form, "csrf": word}.items())
            answer = visitor.http.post(
                address(path, **CONTOSO.place), content=body, headers={"Content-Type": kind} if kind else {}
            )
            partners = WHOM["POST", path] is Needs.PARTNER
            assert (answer.status_code, weaknesses(answer.headers)) == (403 if partners else 415, []), path
        assert contents(folder) == before
        assert visitor.is_signed_in
