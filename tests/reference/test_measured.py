"""The figures that the documentation quotes hold, and the example customers show every outcome."""

import csv
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from vetline.reference.library import ReferenceLibrary
from vetline.vetting.applicant import Applicant, Claim, PostalAddress
from vetline.vetting.evidence import Outcome, Verdict
from vetline.vetting.triage import triage
from vetline.vetting.words import Segment

ROOT = Path(__file__).parents[2]
SEGMENTS = {"K12": Segment.K12, "HigherEducation": Segment.HIGHER, "": None}


@pytest.fixture(scope="module")
def figures() -> str:
    command = [sys.executable, "-m", "bench.triage"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_no_labelled_or_hostile_case_is_decided_wrongly(figures: str) -> None:
    assert "0 wrong automatic decisions on the labelled and hostile sets: passed." in figures


def test_four_fifths_of_an_independent_list_need_nobody(figures: str) -> None:
    share = re.search(r"([\d.]+)%  approved", figures)
    denied = re.search(r"(\d+)\s+[\d.]+%  wrongly denied", figures)
    assert share is not None
    assert float(share[1]) >= 80
    assert denied is not None
    assert int(denied[1]) <= 1


def test_the_sets_are_as_large_as_promised() -> None:
    for file, least in (("labelled.csv", 150), ("hostile.csv", 60)):
        with (ROOT / "bench" / "data" / file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert len(rows) >= least
        assert all(all(row.values()) for row in rows)


def customers() -> list[dict[str, str]]:
    with (ROOT / "examples" / "customers.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def judged(row: dict[str, str], library: ReferenceLibrary) -> Verdict:
    address = PostalAddress(row["country"], row["region"], row["city"], (row["address_line"],), row["postal_code"])
    applicant = Applicant(row["company_name"], (row["domain"],), address, row["email"])
    claim = Claim(SEGMENTS[row["education_segment"]], row["website"])
    return triage(library.look_up(applicant, claim, date(2026, 6, 1)))


def test_the_example_customers_show_every_outcome(library: ReferenceLibrary) -> None:
    outcomes = Counter(judged(row, library).outcome for row in customers() if row["qualification"] == "Education")
    assert outcomes[Outcome.APPROVE] >= 20
    assert outcomes[Outcome.REFER] >= 15
    assert outcomes[Outcome.DENY] >= 3


def test_the_example_customers_show_nearly_every_doubt(library: ReferenceLibrary) -> None:
    rules = {judged(row, library).rule for row in customers()}
    assert rules >= {
        "suspicious-site",
        "mail-service-of-institution",
        "mail-service",
        "domains-disagree",
        "countries-disagree",
        "address-faulty",
        "segment-contradicted",
        "stop-listed",
        "umbrella",
        "name-differs",
        "listed-institution",
        "reserved-suffix",
        "unlisted",
    }


def test_the_example_customers_are_customers_of_their_own() -> None:
    rows = customers()
    assert len(rows) >= 40
    assert len({row["domain"] for row in rows}) == len(rows)
    assert {row["qualification"] for row in rows} == {"Education", "GovernmentCommunityCloud", "StateOwnedEntity"}


def test_only_an_intended_fault_is_in_the_example_addresses(library: ReferenceLibrary) -> None:
    faulty = [row["note"] for row in customers() if "address-faulty" in [e.rule for e in judged(row, library).evidence]]
    assert faulty == ["a Californian postal code in New York"]
