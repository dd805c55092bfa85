"""What the commands do, as a partner and as a reviewer uses them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import VETLINE, Home
from tests.support.answering import Answering, Asked, Said
from tests.support.partner import new_customer
from tests.support.processes import CONTOSO, Sandbox
from tests.support.terminals import shown

OXFORD = "11111111-c0c0-4000-8000-000000000001"
CUSTOMER = "11111111-c0c0-4000-8000-000000000006"
LAKESIDE = (
    "--domain", "lakeside.onmicrosoft.com", "--company-name", "Lakeside College", "--email", "it@lakeside.example",
    "--country", "US", "--state", "WA", "--city", "Seattle", "--address-line1", "1 Lake Way", "--postal-code", "98101",
)  # fmt: skip


def test_a_qualification_from_the_question_to_the_decision(partner: Home) -> None:
    """Asked for and waited for, in one command."""
    asked = ("qualifications", "set", OXFORD, "education", "--segment", "highereducation", "--website", "ox.ac.uk")
    decided = partner.data(*asked, "--wait")
    assert (decided["qualification"], decided["vetting_status"]) == ("Education", "Approved")
    assert partner.data("qualifications", "get", OXFORD) == [decided]
    assert partner.data("qualifications", "wait", OXFORD, "Education") == decided


def test_gcc_uses_up_a_code(partner: Home) -> None:
    """One creation less."""
    asked = ("qualifications", "set", CUSTOMER, "GovernmentCommunityCloud", "--code", "987654")
    assert partner.data(*asked)["vetting_status"] == "Approved"
    left = {code["validation_id"]: code["remaining_creates"] for code in partner.data("codes", "list")}
    assert left == {"12345": 4, "987654": 4}


def test_the_synchronous_operation(partner: Home) -> None:
    """It answers with the value that is held now."""
    assert partner.data("qualifications", "set", OXFORD, "Education", "--sync")["qualification"] == "Education"


def test_a_customers_life(partner: Home) -> None:
    """Created with a password that is told once, found, deleted."""
    created = partner.data("customers", "create", *LAKESIDE)
    assert created["password"]
    customer = created["customer_id"]
    got = partner.data("customers", "get", customer)
    assert got["company_name"] == "Lakeside College"
    assert "password" not in got
    for wanted in (("--filter-name", "lakeside"), ("--filter-domain", "LAKESIDE"), ("--domain", "lakeside")):
        assert [one["customer_id"] for one in partner.data("customers", "list", *wanted)] == [customer]
    assert partner.good("customers", "delete", customer, "--yes") == ""
    assert partner.run("customers", "get", customer).returncode == 4


@pytest.mark.parametrize("stdin", [True, False])
def test_a_customer_from_json(partner: Home, tmp_path: Path, stdin: bool) -> None:
    """In the wire's own form, from a file or from stdin."""
    document = json.dumps(new_customer(7))
    (file := tmp_path / "customer.json").write_text("\ufeff" + document, "utf-8")
    written = partner.good(
        "customers", "create", "--from-json", "-" if stdin else str(file), "--output", "json", stdin=document
    )
    assert json.loads(written)["company_name"] == "Company 7"


@pytest.mark.parametrize("document", ["", "[]", "{", "[" * 10_000])
def test_what_is_no_customer_is_refused(partner: Home, document: str) -> None:
    """Before anything is sent."""
    done = partner.run("customers", "create", "--from-json", "-", stdin=document)
    assert (done.returncode, "JSON" in done.stderr) == (2, True)


def test_deleting_asks_first(partner: Home) -> None:
    """No is an answer."""
    code, said = shown([*VETLINE, "customers", "delete", CUSTOMER], partner.environment, typed=b"n\n", after="[y/N]")
    assert (code, CUSTOMER in said) == (1, True)
    assert partner.data("customers", "get", CUSTOMER)["customer_id"] == CUSTOMER
    code, _ = shown([*VETLINE, "customers", "delete", CUSTOMER], partner.environment, typed=b"y\n", after="[y/N]")
    assert code == 0
    assert partner.run("customers", "get", CUSTOMER).returncode == 4


def test_lists_go_over_all_pages(partner: Home) -> None:
    """Whatever the size of a page."""
    for size in ("1", "4", "500"):
        assert len(partner.data("customers", "list", "--size", size)) == 6


def test_a_reviewers_day(partner: Home) -> None:
    """The queue, a case with its evidence, a decision with a note."""
    partner.good("qualifications", "set", CUSTOMER, "Education")
    (case,) = partner.data("review", "queue")
    assert (case["partner_id"], case["customer_id"]) == (CONTOSO, CUSTOMER)
    seen = partner.data("review", "show", CUSTOMER, "Education")
    assert seen["finding"]["evidence"]
    decided = partner.data("review", "deny", CUSTOMER, "Education", "--reason", "6", "--note", "a shop")
    assert (decided["stage"], decided["reason"]) == ("denied", "Not an eligible Library")
    history = partner.data("review", "show", CUSTOMER, "Education", "--partner", CONTOSO)["history"]
    assert history[-1]["note"] == "a shop"
    assert partner.data("review", "queue", "--all") == []


def test_a_reason_by_its_text_ends_an_approval(partner: Home) -> None:
    """In any casing; a case that is decided needs its partner."""
    partner.good("qualifications", "set", OXFORD, "Education", "--segment", "HigherEducation", "--wait")
    text = "no longer an education customer"
    ended = ("review", "deny", OXFORD, "Education", "--reason", text)
    assert partner.run(*ended).returncode == 4
    assert partner.data(*ended, "--partner", CONTOSO)["reason"] == "No longer an Education Customer"


def test_a_long_queue_is_cut_and_says_so(partner: Home, sandbox: Sandbox) -> None:
    """--all has the rest, over every page."""
    for number in range(52):
        answer = sandbox.call("POST", "/v1/customers", json=new_customer(number)).raise_for_status().json()
        sandbox.call("POST", f"/v1/customers/{answer['id']}/qualifications", json="Education").raise_for_status()
    done = partner.run("review", "queue", "--output", "jsonl")
    assert (len(done.stdout.splitlines()), "--all" in done.stderr) == (50, True)
    assert len(partner.data("review", "queue", "--all")) == 52


def test_progress_is_for_terminals(partner: Home) -> None:
    """A person sees that it goes on; a pipe gets the decision alone."""
    partner.good("qualifications", "set", CUSTOMER, "Education")
    command = [*VETLINE, "qualifications", "wait", CUSTOMER, "--timeout", "3"]
    code, said = shown(command, partner.environment, 120)
    assert (code, "InReview" in said) == (7, True)
    done = partner.run("qualifications", "wait", CUSTOMER, "--timeout", "1")
    assert "InReview" not in done.stderr


def test_token_and_version(home: Home, sandbox: Sandbox) -> None:
    """The older commands are as they were."""
    for options in ([], ["--app-only"], ["--partner", "fabrikam"], ["--reviewer"]):
        assert home.good("token", "--base-url", sandbox.base, *options).count(".") == 2
    assert home.run("token", "--base-url", sandbox.base, "--partner", "nobody").returncode == 2
    assert home.good("version").strip()


@pytest.fixture
def desk(home: Home) -> Iterator[Home]:
    """A home whose service has the same customer's case for two partners, on pages that lead in a circle."""
    items = [
        {"partnerId": partner, "customerId": CUSTOMER, "qualification": "Education", "stage": "reviewing", "version": 7}
        for partner in ("partner-one", "partner-two")
    ]

    def answer(asked: Asked) -> Said:
        queue = {"items": items, "next": "again"}
        return Said(200, json.dumps(queue if "queue" in asked.path else items[1] | {"path": asked.path}).encode())

    with Answering(answer) as service:
        home.environment |= {"VETLINE_BASE_URL": service.base, "VETLINE_ACCESS_TOKEN": "x"}
        yield home


def test_whose_case_it_is_is_never_guessed(desk: Home) -> None:
    """Several partners have it, and nobody is there to ask."""
    done = desk.run("review", "approve", CUSTOMER, "Education")
    assert (done.returncode, "partner-one, partner-two" in done.stderr) == (2, True)


def test_whose_case_it_is_is_asked_for(desk: Home) -> None:
    """At a terminal; an unknown answer decides nothing."""
    command = [*VETLINE, "review", "approve", CUSTOMER, "Education"]
    code, said = shown(command, desk.environment, 200, b"partner-two\n", "Whose")
    assert (code, "partner-two" in said) == (0, True)
    code, _ = shown(command, desk.environment, 200, b"somebody\n", "Whose")
    assert code == 2
