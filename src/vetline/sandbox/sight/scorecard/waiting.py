"""Whether a client waits: as long as it is told to, before it tries again, and between two looks. Pure."""

from collections.abc import Iterator
from itertools import pairwise

from vetline.sandbox.sight.scorecard.call import PASSING, Call, waited
from vetline.sandbox.sight.scorecard.finding import Finding, failed, not_tried, passed

# What a busy machine may measure too short.
_TOLERANCE = 0.05
# No document has a number. The .NET client begins with half a second, the Java client, which hammers, with 2 ms.
LEAST_PAUSE = 0.1
MOST_ATTEMPTS = 10
# Nor for looking; Microsoft speaks of days. So many looks in a row, each within a second, are no accident.
SOON_SECONDS = 1.0
WILD_LOOKS = 5


def waits_as_told(calls: list[Call]) -> Finding:
    """Judge whether the same is asked again only after what `Retry-After` said."""
    good: list[Call] = []
    for before, after in _again(calls):
        if before.retry_after is None:
            continue
        seconds = waited(before, after)
        if seconds < before.retry_after - _TOLERANCE:
            text = f"It was told to wait {before.retry_after:.0f} seconds, and came back after {max(seconds, 0):.2f}."
            return failed(text, (before, after))
        good += before, after
    if good:
        return passed("It came back when it was told to, or later.", good)
    told = [one for one in calls if one.retry_after is not None]
    return not_tried("Nothing was asked again after a Retry-After.", told)


def backs_off(calls: list[Call]) -> Finding:
    """Judge whether there is a pause before the same is asked again, when nobody said how long, and an end of it."""
    good: list[Call] = []
    tries: dict[object, int] = {}
    for before, after in _again(calls):
        if before.retry_after is not None or not before.complete or before.status not in PASSING:
            continue
        seconds = waited(before, after)
        if seconds < LEAST_PAUSE:
            text = f"It asked again {max(seconds, 0) * 1000:.0f} ms after an answer {before.status}."
            return failed(text, (before, after))
        tries[after.asks, after.request_id] = tries.get((after.asks, after.request_id), 1) + 1
        if tries[after.asks, after.request_id] > MOST_ATTEMPTS:
            return failed(f"It has tried more than {MOST_ATTEMPTS} times.", (before, after))
        good += before, after
    if good:
        return passed("It paused before it asked again.", good)
    return not_tried("Nothing was asked again after a failure that may pass.")


def accepts_refusals(calls: list[Call]) -> Finding:
    """Judge whether what was refused for good is left at that; the Java client asks again and again."""
    for before, after in _again(calls):
        if _is_refusal(before) and before.request_id and before.request_id == after.request_id:
            return failed(f"It asked the same again after an answer {before.status}.", (before, after))
    refused = [one for one in calls if _is_refusal(one)]
    if refused:
        return passed("It left a refusal at that.", refused)
    return not_tried("Nothing was refused for good.")


def _is_refusal(call: Call) -> bool:
    return call.is_final and 400 <= call.status < 500


def polls_gently(calls: list[Call]) -> Finding:
    """Judge whether a customer whose case is open is looked at now and then, or without end."""
    row: dict[object, list[Call]] = {}
    seen: list[Call] = []
    for before, after in _again([one for one in calls if one.asks[0] == "GET"]):
        if not before.open_reviews:
            continue
        seen += before, after
        # From beginning to beginning: an answer may have been held back because the client asked for that.
        soon = max(after.begun - before.begun, after.at - before.at) < SOON_SECONDS
        row[after.asks] = [*row.get(after.asks, [before]), after] if soon else []
        if len(row[after.asks]) > WILD_LOOKS:
            text = f"It looked at the same customer {len(row[after.asks])} times in a row, each within a second."
            return failed(text, row[after.asks])
    if seen:
        return passed("It let time pass between two looks.", seen)
    return not_tried("Nobody looked twice at a customer whose case is open.")


def _again(calls: list[Call]) -> Iterator[tuple[Call, Call]]:
    """Yield each two calls that ask the same, one after the other had ended."""
    asked: dict[object, list[Call]] = {}
    for call in calls:
        asked.setdefault(call.asks, []).append(call)
    for same in asked.values():
        yield from ((before, after) for before, after in pairwise(same) if after.begun >= before.ended)
