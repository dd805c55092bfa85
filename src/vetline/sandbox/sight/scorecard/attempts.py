"""Which calls are attempts at the same thing: a client asks, fails, and asks again.

An attempt follows another when it asks exactly the same and the one before failed in a way that may pass, or when it
has the same MS-RequestId. Whoever has tried three times by one id and comes with another has given up and begins anew.
"""

from vetline.sandbox.sight.scorecard.call import Call

_GIVEN_UP_AFTER = 3

Operation = list[Call]


def operations(calls: list[Call]) -> list[Operation]:
    """Return a client's calls as operations, each with its attempts, in the order in which they began."""
    found: list[Operation] = []
    latest: dict[object, Operation] = {}
    for call in calls:
        same = _same(call, latest)
        if same is None:
            same = []
            found.append(same)
        same.append(call)
        latest[call.asks] = same
        if call.request_id:
            latest[call.asks, call.request_id] = same
    return found


def _same(call: Call, latest: dict[object, Operation]) -> Operation | None:
    if call.request_id and (known := latest.get((call.asks, call.request_id))):
        return known
    before = latest.get(call.asks)
    return before if before and _goes_on(before, call) else None


def _goes_on(before: Operation, call: Call) -> bool:
    last = before[-1]
    if last.is_final or last.ended > call.begun:
        return False
    by_this_id = sum(1 for one in before if one.request_id == last.request_id)
    return by_this_id < _GIVEN_UP_AFTER
