"""Uploads in the pages, as a browser sends them: taken once, a stranger's to nobody, and safe whatever they hold."""

import csv
import html
import io
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.browser.hostile_texts import HOSTILE_TEXTS, HostileText
from tests.console.conftest import Visit
from tests.console.headers import weaknesses
from tests.support.giving import (
    customer,
    give,
    given,
    state_owned,
    table,
    uploads_of,
    worked_off,
)
from tests.support.processes import Sandbox
from tests.support.visitor import ADA, CAROL, RAE, Visitor
from vetline.bulk.rows import Row, read_rows
from vetline.console.rendering import STATIC
from vetline.console.uploads.intake import MAX_BYTES, drafts_in
from vetline.desk.uploads import MAX_OPEN, SHOWN

NOWHERE = "/console/uploads/11111111-0000-4000-8000-0000000000ff"


def timeless(page: str) -> str:
    """Return a page without the moment at which it was made."""
    return re.sub('data-now="[^"]*"', "", page)


@pytest.fixture
def ada(visitor: Visitor) -> Visitor:
    """Ada of Contoso, signed in."""
    visitor.sign_in(ADA)
    return visitor


def test_a_file_is_worked_off_and_its_results_taken_away(ada: Visitor) -> None:
    data = table(
        f"{customer(1)},Education,HigherEducation,ox.ac.uk,",
        f"{customer(2)},StateOwnedEntity,,,",
        f"{customer(999)},StateOwnedEntity,,,",
    )
    address = given(ada, data, "Märkte & co.csv")
    page = worked_off(ada, address)
    assert "3 of 3 rows are worked off" in page
    assert "60003 CustomerNotFound" in page
    answer = ada.get(f"{address}/results.csv")
    assert answer.status_code == 200
    assert weaknesses(answer.headers) == []
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"M-rkte-co-results.csv\"; filename*=UTF-8''M%C3%A4rkte-co-results.csv"
    )
    lines = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [line["outcome"] for line in lines][1:] == ["held", "failed"]
    assert give(ada, answer.content).status_code == 303


def test_the_example_can_be_uploaded() -> None:
    drafts = list(drafts_in((STATIC / "uploads-example.csv").read_bytes()))
    assert len({draft.wanted.programme for draft in drafts if draft.wanted}) == 3
    assert [draft.sentence for draft in drafts if draft.sentence] == []


def test_a_file_with_a_bad_row_is_not_sent(ada: Visitor) -> None:
    data = table(f"{customer(3)},StateOwnedEntity,,,", "x,Educaton,,,")
    page = ada.get(given(ada, data)).text
    assert "Nothing of this file was sent" in page
    assert "One of 2 rows needs a change" in page
    assert "customer_id &#39;x&#39; is no GUID" in page
    assert "&#39;Educaton&#39; is not known" in page
    assert "State-owned" in ada.get(f"/console/customers/{customer(3)}").text
    assert "Held" not in ada.get(f"/console/customers/{customer(3)}").text


def test_many_bad_rows_are_paged(ada: Visitor) -> None:
    address = given(ada, table(*(f"x{number},Education,,," for number in range(SHOWN + 1))))
    first = ada.get(address).text
    assert f"{address}?after={SHOWN + 1}" in first
    assert f"x{SHOWN}" not in first
    last = ada.get(f"{address}?after={SHOWN + 1}").text
    assert f"x{SHOWN}" in last
    assert "?after=" not in last.partition("<main")[2].replace("shown=", "")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ["Line", ">1<", "the file is empty"]),
        (b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)), ["save the file as CSV"]),
        (table(f"{customer(1)},Education,K12,\xff,").replace(b"\xc3\xbf", b"\xff"), [">2<", "not UTF-8"]),
        (b"x" * (MAX_BYTES + 1), ["larger than 10 MiB"]),
    ],
    ids=["empty", "spreadsheet", "not UTF-8", "just too large"],
)
def test_what_is_no_table_is_a_page_that_says_which_line(ada: Visitor, data: bytes, words: list[str]) -> None:
    answer = give(ada, data)
    assert (answer.status_code, weaknesses(answer.headers)) == (400, [])
    assert "nothing of it was sent" in answer.text
    assert [word for word in words if word not in answer.text] == []
    assert uploads_of(ada) == []


@pytest.mark.parametrize("mebibytes", [11, 30])
def test_a_file_that_is_far_too_large_hears_why(ada: Visitor, mebibytes: int) -> None:
    """Also a client that reads only when it has sent all; and the next visit is served."""
    answer = give(ada, b"x" * (mebibytes << 20))
    assert (answer.status_code, weaknesses(answer.headers)) == (413, [])
    assert "Divide it" in answer.text
    assert uploads_of(ada) == []


def test_no_file_is_said(ada: Visitor) -> None:
    for fields in ({}, {"file": "text, not a file"}):
        answer = ada.post("/console/uploads", **fields)
        assert answer.status_code == 400
        assert "No file was chosen" in answer.text
    answer = give(ada, b"", name="")
    assert answer.status_code == 400


def test_two_files_at_once_are_none(ada: Visitor) -> None:
    files = [("file", (f"{name}.csv", state_owned(customer(1)), "text/csv")) for name in "ab"]
    answer = ada.http.post("/console/uploads", data={"csrf": ada.word()}, files=files)
    assert answer.status_code == 400
    assert uploads_of(ada) == []


def test_the_same_file_sent_many_times_at_once_is_one_upload(ada: Visitor) -> None:
    """By one form; a fresh form, or another file by the same one, is another upload."""
    form, word = str(uuid.uuid4()), ada.word()
    data = state_owned(*(customer(number) for number in range(1, 9)))

    def send(_: int) -> str:
        return str(give(ada, data, form=form, word=word).headers["location"])

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(send, range(6)))
    assert len(set(found)) == 1
    assert uploads_of(ada) == found[:1]
    other = give(ada, state_owned(customer(9)), form=form).headers["location"]
    fresh = give(ada, data).headers["location"]
    assert len({found[0], other, fresh}) == len(uploads_of(ada)) == 3


def test_a_form_without_its_word_does_nothing(ada: Visitor) -> None:
    address = given(ada, state_owned(customer(1)))
    for word in ("", "x" * 64):
        assert give(ada, state_owned(customer(2)), word=word).status_code == 403
        assert ada.http.post(f"{address}/cancel", data={"csrf": word}).status_code == 403
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    sent = {"csrf": ada.word()}
    assert ada.http.post(f"{address}/cancel", data=sent, headers=elsewhere).status_code == 403
    assert uploads_of(ada) == [address]


def test_a_strangers_upload_is_not_there(ada: Visitor, visit: Visit) -> None:
    """It is answered as one that nobody has; another browser of the same organisation sees it."""
    address = given(ada, state_owned(customer(1)))
    for username, status in ((ADA, 200), (CAROL, 404), (RAE, 403)):
        other = visit()
        other.sign_in(username)
        assert other.get(address).status_code == status
        assert other.get(f"{address}/results.csv").status_code == status
        assert other.get("/console/uploads").status_code == (403 if status == 403 else 200)
        if username != ADA:
            assert other.post(f"{address}/cancel").status_code == (404 if username == CAROL else 403)
        if username == CAROL:
            assert uploads_of(other) == []
            assert timeless(other.get(address).text) == timeless(other.get(NOWHERE).text)


@pytest.mark.parametrize("path", ["x", "..%2f..", "1" * 5_000, "11111111-0000-4000-8000-0000000000ff"])
def test_an_address_that_no_upload_has(ada: Visitor, path: str) -> None:
    for end in ("", "/results.csv"):
        assert ada.get(f"/console/uploads/{path}{end}").status_code == 404
    assert ada.post(f"/console/uploads/{path}/cancel").status_code in (404, 405)


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "٣", "9" * 10, "1 OR 1=1"])
def test_a_place_that_no_file_has(ada: Visitor, after: str) -> None:
    assert ada.http.get(given(ada, state_owned(customer(1))), params={"after": after}).status_code == 404


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS, ids=str)
def test_whatever_a_file_holds_is_shown_as_text(ada: Visitor, hostile: HostileText) -> None:
    """Its name, and the cells that a page repeats; and the results hold no formula, and read as they were given."""
    quoted = '"' + hostile.text.replace('"', '""') + '"'
    name = hostile.text.replace("\r", "").replace("\n", "").replace("\0", "") + ".csv"
    address = given(ada, table(f"{quoted},{quoted},{quoted},{quoted},{quoted}"), name)
    for page in (ada.get(address).text, ada.get("/console/uploads").text):
        assert hostile.text not in page or html.escape(hostile.text) == hostile.text
    answer = ada.get(f"{address}/results.csv")
    assert answer.headers["content-disposition"].isascii()
    assert "evil" not in answer.headers.get("set-cookie", "")
    (row,) = read_rows(io.BytesIO(answer.content))
    assert isinstance(row, Row)
    assert set(row.cells) == {hostile.text}
    for cell in next(iter(csv.DictReader(io.StringIO(answer.text, newline="")))).values():
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))


def test_too_many_open_uploads_are_a_page(visit: Visit) -> None:
    with Sandbox("--vetting", "by-hand", "--log-level", "error") as sandbox, Visitor(sandbox.base) as ada:
        ada.sign_in(ADA)
        rows = state_owned(*(str(uuid.uuid4()) for _ in range(2_000)))
        word = ada.word()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: give(ada, rows, word=word), range(MAX_OPEN + 16)))
        refused = [answer for answer in answers if answer.status_code == 409]
        assert refused, "none was refused"
        assert "Too many uploads are open" in refused[0].text
        assert weaknesses(refused[0].headers) == []


def test_a_cancelled_upload_stays_cancelled(ada: Visitor) -> None:
    """And one that is done stays done."""
    done = given(ada, state_owned(customer(1)))
    worked_off(ada, done)
    assert ada.post(f"{done}/cancel").headers["location"] == done
    assert "Every row is worked off" in ada.get(done).text
    address = given(ada, state_owned(*(str(uuid.uuid4()) for _ in range(5_000))))
    assert ada.post(f"{address}/cancel").headers["location"] == address
    page = ada.get(address).text
    assert "The upload was cancelled" in page
    assert ">Not sent<" in page
    assert "/cancel" not in page


def test_a_script_is_told_when_the_page_says_something_else(ada: Visitor) -> None:
    """While nothing changes it gets the figures alone; a signed out one is led to the sign-in."""
    address = given(ada, state_owned(customer(1)))
    worked_off(ada, address)
    script = {"hx-request": "true"}
    again = ada.http.get(f"{address}?shown=open", headers=script)
    assert (again.headers.get("hx-refresh"), again.content) == ("true", b"")
    part = ada.http.get(f"{address}?shown=done", headers=script)
    assert part.text.lstrip().startswith('<div id="figures"')
    ada.http.cookies.clear()
    assert ada.http.get(f"{address}?shown=open", headers=script).headers["hx-redirect"] == "/console/sign-in"


def test_an_upload_outlives_the_session_and_the_service(tmp_path: object) -> None:
    arguments = ("--data", str(tmp_path), "--vetting", "by-hand", "--log-level", "error")
    with Sandbox(*arguments) as sandbox, Visitor(sandbox.base) as ada:
        ada.sign_in(ADA)
        address = given(ada, state_owned(*(str(uuid.uuid4()) for _ in range(3_000))))
        sandbox.kill()
    with Sandbox(*arguments) as sandbox, Visitor(sandbox.base) as ada:
        ada.sign_in(ADA)
        assert uploads_of(ada) == [address]
        assert "of 3,000 rows are worked off" in ada.get(address).text
