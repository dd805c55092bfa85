"""A plan that was kept goes on as if nothing had happened; what is no plan is refused."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.sandbox.faults.keeping import KeptFaults, kept, plan_kept_in
from vetline.sandbox.faults.kinds import OF_DELIVERIES
from vetline.sandbox.faults.operations import Asked
from vetline.sandbox.faults.plan import Planned

from .requests import OPERATIONS, PLANS, SEEDS, SEQUENCES, plan_of, struck


@given(SEEDS, PLANS, SEQUENCES, st.data())
def test_what_follows_is_what_would_have_followed(
    seed: int, faults: list[Planned], before: list[Asked], data: st.DataObject
) -> None:
    """Also of chance, through JSON, and with a fault ended in between."""
    faults = [one for one in faults if one.kind not in OF_DELIVERIES and (one.times or one.probability)]
    plan = plan_of(seed, faults)
    struck(plan, before)
    plan.end(data.draw(st.integers(0, 5)))
    written = msgspec.json.encode(kept(plan, {}))
    again = plan_kept_in(msgspec.json.decode(written, type=KeptFaults), OPERATIONS)
    after = data.draw(SEQUENCES)
    assert struck(again, after) == struck(plan, after)
    assert again == plan
    assert [one.number for one in again.add(faults)] == [one.number for one in plan.add(faults)]


@pytest.mark.parametrize(
    "harm",
    [
        {"seed": -1},
        {"numbers": 0},
        {"plan": [{"number": 2, "asked": {"kind": "slow"}, "seen": 0, "struck": 0}]},
        {"plan": [{"number": 1, "asked": {"kind": "sloth"}, "seen": 0, "struck": 0}]},
        {"plan": [{"number": 1, "asked": {"kind": "slow"}, "seen": -1, "struck": 0}]},
        {"plan": 2 * [{"number": 1, "asked": {"kind": "slow"}, "seen": 0, "struck": 0}]},
        {"refused": {"not a digest": 1}},
        {"putOff": None},
    ],
)
def test_what_is_no_plan_is_refused(harm: dict[str, Any]) -> None:
    """With an error of the two that reading a snapshot expects."""
    fit = {"number": 1, "asked": {"kind": "slow", "seconds": 2}, "seen": 3, "struck": 1}
    document = {"seed": 7, "numbers": 1, "plan": [fit], "refused": {"0f" * 32: 1}, "putOff": []}
    plan_kept_in(msgspec.convert(document, KeptFaults), OPERATIONS)
    with pytest.raises((ValueError, msgspec.ValidationError)):
        plan_kept_in(msgspec.convert(document | harm, KeptFaults), OPERATIONS)
