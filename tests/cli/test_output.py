"""Every format is read back, and says the same; hostile names steer neither a terminal nor a spreadsheet."""

import csv
import io
import json
from typing import Any

import pytest

from tests.cli.running import VETLINE, Home
from tests.support.answering import Answering, Said
from tests.support.processes import Sandbox
from tests.support.terminals import shown

CUSTOMER = "11111111-c0c0-4000-8000-000000000006"
HOSTILE = "\x1b]0;owned\x07=HYPERLINK(\x9b31m\u202e[bold]"


def from_csv(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV document."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("command", "count"), [("customers list", 6), ("codes list", 2), ("qualifications get " + CUSTOMER, 2)]
)
def test_every_format_says_the_same(partner: Home, command: str, count: int) -> None:
    """Table, JSON, JSON lines and CSV of the same lists."""
    for asked in ("StateOwnedEntity", "Education"):
        partner.good("qualifications", "set", CUSTOMER, asked)
    words = command.split()
    document: list[dict[str, Any]] = partner.data(*words)
    lines = [json.loads(line) for line in partner.good(*words, "--output", "jsonl").splitlines()]
    rows = from_csv(partner.good(*words, "--output", "csv"))
    table = partner.good(*words).splitlines()
    assert len(document) == count
    assert lines == document
    assert rows == [{name: _text(one.get(name)) for name in rows[0]} for one in document]
    assert table[0].split() == list(rows[0])
    assert len(table) == count + 1


def _text(value: object) -> str:
    return "" if value is None else str(value)


def test_one_record_in_every_format(partner: Home) -> None:
    """A customer: nested in JSON, flat in CSV and table."""
    document = partner.data("customers", "get", CUSTOMER)
    assert document["company_profile"]["address"]["city"] == "Redmond"
    assert {"raw", "id"} & {*document, *document["company_profile"]} == set()
    assert json.loads(partner.good("customers", "get", CUSTOMER, "--output", "jsonl")) == document
    (row,) = from_csv(partner.good("customers", "get", CUSTOMER, "--output", "csv"))
    assert row["company_profile.address.city"] == "Redmond"
    assert "company_profile.address.city" in partner.good("customers", "get", CUSTOMER)


def test_nothing_is_a_document_too(partner: Home) -> None:
    """An empty list is empty in every format; a person is told on stderr."""
    words = ["qualifications", "get", CUSTOMER]
    assert partner.data(*words) == []
    assert partner.good(*words, "--output", "jsonl") == ""
    assert from_csv(partner.good(*words, "--output", "csv")) == []
    done = partner.run(*words)
    assert (done.returncode, done.stdout, "no qualification" in done.stderr) == (0, "", True)


def test_dates_are_iso_8601_in_utc(partner: Home) -> None:
    """As programs sort them."""
    asked = partner.data("qualifications", "set", CUSTOMER, "Education")
    assert asked["vetting_create_date"].endswith("Z")
    assert asked["vetting_create_date"][10] == "T"


@pytest.fixture
def hostile(home: Home) -> Any:
    """A home whose service has a customer with a hostile name."""
    company = {"companyName": HOSTILE, "domain": "ok.example"}
    body = json.dumps({"items": [{"id": CUSTOMER, "companyProfile": company}]}).encode()
    with Answering(lambda asked: Said(200, body)) as service:
        home.environment |= {"VETLINE_BASE_URL": service.base, "VETLINE_ACCESS_TOKEN": "x"}
        yield home


def test_hostile_names_are_harmless_in_every_format(hostile: Home) -> None:
    """Escapes are shown, not obeyed; JSON is the same document still."""
    for form in ("table", "json", "jsonl", "csv"):
        written = hostile.good("customers", "list", "--output", form)
        assert not {"\x1b", "\x07", "\x9b"} & set(written), form
    assert hostile.data("customers", "list")[0]["company_name"] == HOSTILE


def test_hostile_names_do_not_steer_a_terminal(hostile: Home) -> None:
    """At a real terminal the only escapes are the table's own bold header."""
    code, received = shown([*VETLINE, "customers", "list"], hostile.environment, 200)
    assert code == 0
    assert "\x1b]" not in received
    assert "\x07" not in received
    assert "\u202e" not in received
    assert "[bold]" in received
    _, plain = shown([*VETLINE, "customers", "list"], hostile.environment | {"NO_COLOR": "1"}, 200)
    assert "\x1b" not in plain


def test_hostile_errors_do_not_steer_a_terminal(home: Home) -> None:
    """What a service says about a failure is a text from elsewhere, too."""
    body = json.dumps({"code": "1", "description": HOSTILE + "\nvetline: all is well"}).encode()
    with Answering(lambda asked: Said(400, body)) as service:
        done = home.run("codes", "list", VETLINE_BASE_URL=service.base, VETLINE_ACCESS_TOKEN="x")
    assert done.returncode == 1
    assert not {"\x1b", "\x07", "\x9b"} & set(done.stderr)
    assert len(done.stderr.splitlines()) == 1


def test_formulas_are_no_formulas_in_csv(home: Home) -> None:
    """An apostrophe stands before them."""
    body = json.dumps([{"validationId": "1", "organizationName": "=1+1", "remainingCreates": -1}]).encode()
    with Answering(lambda asked: Said(200, body)) as service:
        given = {"VETLINE_BASE_URL": service.base, "VETLINE_ACCESS_TOKEN": "x"}
        (row,) = from_csv(home.good("codes", "list", "--output", "csv", **given))
    assert (row["organization_name"], row["remaining_creates"]) == ("'=1+1", "-1")


@pytest.mark.parametrize("width", [20, 40, 80])
def test_identifiers_are_never_cut(partner: Home, width: int) -> None:
    """However narrow the terminal, an id can be copied whole."""
    _, received = shown([*VETLINE, "customers", "list"], partner.environment, width)
    assert CUSTOMER in received
    assert "…" not in received


def test_a_terminal_that_knows_only_ascii_stops_nothing(home: Home) -> None:
    """Tables show escapes then; JSON is UTF-8 always."""
    body = json.dumps([{"validationId": "1", "organizationName": "Ünïversität 学校"}]).encode()
    with Answering(lambda asked: Said(200, body)) as service:
        given = {"VETLINE_BASE_URL": service.base, "VETLINE_ACCESS_TOKEN": "x", "PYTHONIOENCODING": "ascii"}
        assert "versit" in home.good("codes", "list", **given)
        assert home.data("codes", "list", **given)[0]["organization_name"] == "Ünïversität 学校"


def test_lists_are_written_while_they_are_fetched(home: Home) -> None:
    """The first page is out before the second is asked for."""
    first = {"items": [{"id": CUSTOMER}], "links": {"next": {"uri": "/customers?page=2"}}}

    def answer(asked: Any) -> Said:
        return Said(500) if "page=2" in asked.path else Said(200, json.dumps(first).encode())

    with Answering(answer) as service:
        given = {"VETLINE_BASE_URL": service.base, "VETLINE_ACCESS_TOKEN": "x"}
        done = home.run("customers", "list", "--output", "jsonl", **given)
    assert done.returncode == 6
    assert json.loads(done.stdout)["customer_id"] == CUSTOMER


def test_a_reader_that_goes_away_is_no_failure_to_tell_of(partner: Home, sandbox: Sandbox) -> None:
    """`vetline ... | head -0` says nothing."""
    lists = (["customers", "list", "--output", form] for form in ("table", "json", "jsonl", "csv"))
    for arguments in (["--help"], ["version"], *lists):
        process = partner.start(*arguments)
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, said = process.communicate(timeout=30)
        assert said == ""
