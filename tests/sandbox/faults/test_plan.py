"""The plan repeats itself: the same seed, plan and requests bring the same faults, whatever happens beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.sandbox.faults.kinds import Kind
from vetline.sandbox.faults.operations import Asked
from vetline.sandbox.faults.plan import Planned

from .requests import LIST, OPERATIONS, PLANS, READ, SEEDS, SEQUENCES, SUBMIT, plan_of, struck


def planned(kind: Kind = Kind.THROTTLED, operation: str = "*", **more: float | None) -> Planned:
    """Return a fault."""
    return Planned(kind, OPERATIONS.target(operation), **more)  # type: ignore[arg-type]


@given(SEEDS, PLANS, SEQUENCES)
def test_the_same_again(seed: int, faults: list[Planned], sequence: list[Asked]) -> None:
    """Another plan, and the same plan begun again, strike the same requests."""
    plan = plan_of(seed, faults)
    first = struck(plan, sequence)
    assert struck(plan_of(seed, faults), sequence) == first
    plan.begin_again(seed)
    assert struck(plan, sequence) == first
    plan.clear()
    plan.add(faults)
    assert struck(plan, sequence) == first


@given(SEEDS, PLANS, st.data())
def test_other_requests_disturb_nothing(seed: int, faults: list[Planned], data: st.DataObject) -> None:
    """However parallel operations mix, each has the sequence that it has alone, with faults for it alone."""
    single = [one for one in faults if one.target.text != "*"]
    mixed = data.draw(SEQUENCES)
    together = struck(plan_of(seed, single), mixed)
    for one in (READ, SUBMIT, LIST):
        alone = struck(plan_of(seed, single), [other for other in mixed if other == one])
        assert alone == [number for number, other in zip(together, mixed, strict=True) if other == one]


@given(SEEDS, PLANS, SEQUENCES)
def test_no_fault_strikes_what_it_is_not_meant_for(seed: int, faults: list[Planned], sequence: list[Asked]) -> None:
    """Each strikes at most `times`, after `after`, only its target; and the first of several strikes."""
    plan = plan_of(seed, faults)
    for one, number in zip(sequence, struck(plan, sequence), strict=True):
        assert not number or plan.entries[number - 1].is_meant_for(one)
    for entry in plan.entries:
        assert entry.seen == sum(1 for one in sequence if entry.is_meant_for(one))
        assert entry.struck <= max(0, entry.seen - entry.planned.after)
        assert entry.planned.times is None or entry.struck <= entry.planned.times
        assert entry.spent is (entry.struck == entry.planned.times)


def test_times_and_after() -> None:
    """Two pass, three are struck, the rest pass."""
    plan = plan_of(1, [planned(times=3, after=2)])
    assert struck(plan, [READ] * 8) == [0, 0, 1, 1, 1, 0, 0, 0]


def test_one_after_another() -> None:
    """Faults for the same requests wait for each other: none is used up where another strikes."""
    plan = plan_of(1, [planned(times=2), planned(Kind.UNEXPECTED, times=1), planned(Kind.SLOW, times=1, after=5)])
    assert struck(plan, [READ] * 7) == [1, 1, 2, 0, 0, 3, 0]


@pytest.mark.parametrize("probability", [0.01, 0.1, 0.5, 0.9, 1.0])
def test_probability(probability: float) -> None:
    """Over ten thousand requests the share is as asked for, within four standard deviations."""
    count = 10_000
    hits = sum(map(bool, struck(plan_of(7, [planned(probability=probability)]), [READ] * count)))
    deviation = (count * probability * (1 - probability)) ** 0.5
    assert abs(hits - count * probability) <= 4 * deviation


def test_faults_draw_by_themselves() -> None:
    """Two faults of equal probability, and two seeds, differ in when they strike."""
    half = [
        planned(operation="list_customers", probability=0.5),
        planned(operation="list_qualifications", probability=0.5),
    ]
    plan = plan_of(1, half)
    first, second = struck(plan, [LIST] * 64), struck(plan, [READ] * 64)
    assert [bool(one) for one in first] != [bool(one) for one in second]
    assert struck(plan_of(2, half), [LIST] * 64) != first


def test_ending_one_changes_no_other() -> None:
    """Numbers and draws of the others stay; what is added later is new."""
    half = planned(probability=0.5)
    plan = plan_of(3, [planned(Kind.SLOW, "list_customers"), half])
    expected = struck(plan_of(3, [planned(Kind.SLOW, "list_customers"), half]), [READ] * 40)
    assert plan.end(1)
    assert not plan.end(1)
    assert struck(plan, [READ] * 40) == expected
    assert [entry.number for entry in plan.add([half])] == [3]
