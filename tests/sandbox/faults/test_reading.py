"""Plans are read whole or refused, with a sentence that says what to send."""

import contextlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.sandbox.faults.kinds import Form, Kind
from vetline.sandbox.faults.plan import Planned
from vetline.sandbox.faults.reading import planned_in, seed_in

from .requests import OPERATIONS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
)
MEMBERS = st.sampled_from(
    ["kind", "operation", "times", "probability", "after", "retryAfterSeconds", "retryAfterForm", "seconds", "Kind"]
)
NEARLY = st.dictionaries(MEMBERS, st.sampled_from([*Kind, *Form, "*", "token", 0, 1, 0.5]) | JSON)


def read(value: Any) -> list[Planned]:
    """Return the faults in a value."""
    return planned_in(value, OPERATIONS)


def test_the_least_and_the_most() -> None:
    """Without times and probability a fault strikes once; members may be in any case, null says nothing."""
    assert read({"kind": "lost"}) == [Planned(Kind.LOST, OPERATIONS.target("*"), times=1)]
    assert read([{"Kind": "lost", "Operation": None, "PROBABILITY": 1}]) == [
        Planned(Kind.LOST, OPERATIONS.target("*"), probability=1.0)
    ]
    full = {"kind": "throttled", "operation": "token", "times": 2, "probability": 0.5, "after": 3}
    found = read([full | {"retryAfterSeconds": 0, "retryAfterForm": "date"}, {"kind": "slow", "seconds": 0.25}])
    target = OPERATIONS.target("token")
    assert found[0] == Planned(Kind.THROTTLED, target, 2, 0.5, 3, retry_after_seconds=0, retry_after_form=Form.DATE)
    assert found[1].seconds == 0.25


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "give an object"),
        ([], "1 to 1000"),
        ([{"kind": "lost"}] * 1001, "1 to 1000"),
        ("lost", "give an object"),
        ({}, "kind must be one of throttled, "),
        ({"kind": "LOST"}, "kind must be one of"),
        ({"kind": ["lost"]}, "kind must be one of"),
        ([{"kind": "lost"}, {"kind": "lost", "operation": "nope"}], "fault 2 of 2: 'nope' is no operation"),
        ({"kind": "lost", "operation": 5}, "operation must be text"),
        ({"kind": "lost", "time": 3}, "'time' is nothing that lost has: it has kind, operation, times"),
        ({"kind": "lost", "seconds": 3}, "'seconds' is nothing that lost has"),
        ({"kind": "slow", "retryAfterSeconds": 3}, "'retryAfterSeconds' is nothing that slow has"),
        ({"kind": "lost", "times": 0}, "times must be a whole number from 1"),
        ({"kind": "lost", "times": True}, "times must be"),
        ({"kind": "lost", "times": "3"}, "times must be"),
        ({"kind": "lost", "after": -1}, "after must be"),
        ({"kind": "lost", "probability": 0}, "probability must be a number above 0"),
        ({"kind": "lost", "probability": 1.01}, "probability must be"),
        ({"kind": "lost", "probability": float("nan")}, "probability must be"),
        ({"kind": "slow", "seconds": 301}, "seconds must be a number above 0, at most 300"),
        ({"kind": "slow", "seconds": 0}, "seconds must be"),
        ({"kind": "throttled", "retryAfterSeconds": 1.5}, "retryAfterSeconds must be a whole number from 0"),
        ({"kind": "throttled", "retryAfterForm": "hours"}, "retryAfterForm must be one of seconds, date, none"),
    ],
)
def test_what_is_not_understood_is_refused(value: Any, sentence: str) -> None:
    """The sentence says what there is to give."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read(value)


@given(JSON | NEARLY | st.lists(NEARLY, max_size=3))
def test_any_json_is_a_plan_or_refused(value: Any) -> None:
    """Nothing else happens."""
    with contextlib.suppress(ValueError):
        assert read(value)


@pytest.mark.parametrize("value", [None, True, -1, 1.5, 2**53, "7", [7]])
def test_what_is_no_seed(value: Any) -> None:
    """Only what every JSON reader keeps exact."""
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to 9007199254740991"):
        seed_in(value)
