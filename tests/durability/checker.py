"""Judges a recorded history of concurrent requests against the audit log: could it have happened by the rules?

Every observation is placed on its case's timeline, as early as it can be. It may not lie before anything that had been
observed when it began, nor after anything that only began when it had ended.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

Key = tuple[str, str]

# What may happen to a case, in words of our own: stage, step, stage.
LEGAL = {
    ("new", "submit", "screening"),
    ("new", "redeem", "approved"),
    ("new", "hold", "held"),
    ("screening", "approve", "approved"),
    ("screening", "deny", "denied"),
    ("screening", "refer", "reviewing"),
    ("reviewing", "approve", "approved"),
    ("reviewing", "deny", "denied"),
    ("denied", "submit", "screening"),
    ("denied", "redeem", "approved"),
    ("approved", "revoke", "denied"),
}
ASKING = ("submit", "redeem", "hold")
SHOWN = {"screening": "InReview", "reviewing": "InReview", "approved": "Approved", "denied": "Denied", "held": "Held"}
ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Observation:
    """What one request showed of one case, and when.

    Parameters:
        begun, ended: when it was sent and answered, on one clock.
        key: the customer and the qualification.
        shown: the status it showed.
        asked: whether it is a submission that was accepted.
        date: the date that this was answered with; StateOwnedEntity has none.
        decided: whether it is a reviewer's decision that was accepted.
    """

    begun: float
    ended: float
    key: Key
    shown: str = ""
    asked: bool = False
    date: str = ""
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a case's audit log."""

    step: str
    stage: str
    date: str
    attempt: int
    actor: str = ""


Timelines = dict[Key, list[Step]]


def violations(observed: list[Observation], timelines: Timelines) -> list[str]:
    """Return everything in a history that the rules do not allow."""
    by_key: dict[Key, list[Observation]] = defaultdict(list)
    for one in observed:
        by_key[one.key].append(one)
    found = [text for key, steps in timelines.items() for text in _of_log(key, steps)]
    for key, mine in by_key.items():
        found += _of_counts(key, mine, timelines.get(key, []))
        found += _of_order(key, sorted(mine, key=lambda one: one.begun), timelines.get(key, []))
    return found + list(_together(timelines))


def _of_log(key: Key, steps: list[Step]) -> Iterator[str]:
    stage, attempt, date = "new", 0, ""
    for one in steps:
        if (stage, one.step, one.stage) not in LEGAL:
            yield f"{key}: illegal edge {stage} {one.step} {one.stage}"
        attempt += one.step in ASKING
        if one.attempt != attempt or attempt > 3:
            yield f"{key}: attempt {one.attempt} where {attempt} is due"
        if one.date < date:
            yield f"{key}: {one.step} at {one.date} lies before {date}"
        stage, date = one.stage, one.date


def _of_counts(key: Key, observed: list[Observation], steps: list[Step]) -> Iterator[str]:
    asked = sum(one.asked for one in observed)
    logged = sum(one.step in ASKING for one in steps)
    if asked != logged:
        yield f"{key}: {asked} submissions were acknowledged, {logged} are in the log"
    decided = sum(one.decided for one in observed)
    logged = sum(one.actor.startswith("reviewer:") for one in steps)
    if decided != logged:
        yield f"{key}: {decided} decisions were acknowledged, {logged} are in the log"


def _of_order(key: Key, observed: list[Observation], steps: list[Step]) -> Iterator[str]:
    placed: list[tuple[Observation, int]] = []
    for one in observed:
        floor = max((place for other, place in placed if other.ended < one.begun), default=0)
        place = next((place for place in _places(one, steps) if place >= floor), None)
        if place is None:
            yield f"{key}: {one} cannot be seen after step {floor} of {[step.step for step in steps]}"
            return
        placed.append((one, place))
    yield from _from_the_future(key, placed)


def _from_the_future(key: Key, placed: list[tuple[Observation, int]]) -> Iterator[str]:
    for seen, place in placed:
        for cause, at in placed:
            if cause.asked and at <= place and cause.begun > seen.ended:
                yield f"{key}: {seen} shows what {cause} only did later"


def _places(one: Observation, steps: list[Step]) -> Iterator[int]:
    """Yield where an observation may lie: after that many steps of the log."""
    for place in range(len(steps) + 1):
        last = steps[place - 1] if place else None
        if one.asked:
            fits = last is not None and last.step in ASKING and one.date in ("", last.date)
        else:
            fits = one.shown == (SHOWN[last.stage] if last else ABSENT)
        if fits:
            yield place


def _together(timelines: Timelines) -> Iterator[str]:
    """Education and GCC may follow each other only over a denial."""
    for customer in {customer for customer, _ in timelines}:
        pair = [(customer, name) for name in ("Education", "GovernmentCommunityCloud")]
        stages = [timelines[key][-1].stage for key in pair if timelines.get(key)]
        if len(stages) == 2 and "denied" not in stages:
            yield f"{customer}: Education and GCC at once: {stages}"
