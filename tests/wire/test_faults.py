"""The catalogue of errors is complete, sourced and used; each refusal of the rules has its fault."""

import ast
import json
import re
from pathlib import Path

import pytest

import vetline
from vetline.api.translate import FAULTS
from vetline.vetting.refusals import Refusal
from vetline.wire import faults
from vetline.wire.fault_bodies import fault_body, throttled_body
from vetline.wire.faults import CATALOGUE, Fault, FaultError

SOURCE = Path(vetline.__file__).parent
CONTRACT = Path(__file__).parents[1] / "contract"

# Statuses that the reference lists, and 410, 413 and 415, which are ours.
# https://learn.microsoft.com/partner-center/developer/error-codes
STATUSES = {400, 401, 403, 404, 405, 406, 408, 409, 410, 413, 415, 500, 503}

# What only a setting, a failure or a very slow client brings about; each is tried where the comment says.
NOT_BY_FILE = {
    "NotInThisEnvironment",  # tests/api/test_production.py
    "EducationSegmentRequired",  # tests/api/test_production.py
    "Retired",  # tests/contract/variants/sdk-3.4
    "RequestTimeout",  # tests/api/test_uploads.py
    "SandboxLimitReached",  # tests/sandbox/test_limits.py
    "Unexpected",  # tests/api/test_failures.py
    "Unavailable",  # tests/api/test_failures.py
    # A setting or the pages' undo come before these: tests/vetting/test_proposals.py, tests/api/test_production.py
    "DecisionPending",
    "NothingProposed",
    "ProposalDiffers",
    "SecondPersonNeeded",
}


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda fault: fault.name)
def test_fault(fault: Fault) -> None:
    """It has a status that is listed, a numeric code, a text, and a source that can be looked up."""
    assert fault.status in STATUSES
    assert re.fullmatch(r"\d{3,6}", fault.code)
    assert 0 < len(fault.text) <= faults.MAX_DESCRIPTION
    assert fault.source == "docs/wire.md" or fault.source.startswith("https://")
    assert fault.retryable is (fault.status in (408, 503))


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda fault: fault.name)
def test_body(fault: Fault) -> None:
    """On the wire it is the documented shape, whatever the request puts into its text."""
    error = FaultError(fault, '"\\\u0000\u2028' + "x" * 5000)
    found = json.loads(fault_body(error)[0])
    assert (found["code"], found["errorName"]) == (fault.code, fault.name)
    assert len(found["description"]) == faults.MAX_DESCRIPTION
    assert found["data"] == []


def test_names_are_distinct() -> None:
    """`errorName` tells which case it is."""
    names = [fault.name for fault in CATALOGUE]
    assert sorted(set(names)) == sorted(names)


def test_every_fault_is_used() -> None:
    """A fault that nothing raises is no part of the contract."""
    by_constant = {name: value for name, value in vars(faults).items() if isinstance(value, Fault)}
    assert set(by_constant) - _constants_used() == set()


def test_every_fault_is_shown_by_a_contract_file() -> None:
    """Each fault is met over HTTP, by its name or, where it has one to itself, by its code."""
    expected = "".join(file.read_text("utf-8") for file in CONTRACT.glob("*.json"))
    codes = [fault.code for fault in CATALOGUE]
    missing = {
        fault.name
        for fault in CATALOGUE
        if f'"{fault.name}"' not in expected and not (codes.count(fault.code) == 1 and f'"{fault.code}"' in expected)
    }
    assert missing == NOT_BY_FILE


def test_every_refusal_has_a_fault() -> None:
    """The rules can say no in these ways only, and each has its own fault."""
    assert FAULTS.keys() == set(Refusal)
    assert len(set(FAULTS.values())) == len(Refusal)


@pytest.mark.parametrize("seconds", [1, 57, 60])
def test_the_429_is_no_fault(seconds: int) -> None:
    """The sample's shape, of which the .NET client must not think that it is a fault."""
    message = f"Rate limit is exceeded. Try again in {seconds} seconds."
    assert json.loads(throttled_body(seconds)) == {"statusCode": 429, "message": message}


def _constants_used() -> set[str]:
    trees = [ast.parse(file.read_text("utf-8")) for file in SOURCE.rglob("*.py") if file.name != "faults.py"]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "faults"
    }
