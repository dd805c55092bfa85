"""Whether a client names its calls as the documents ask, so that a retry is known and a call can be traced. Pure.

https://learn.microsoft.com/partner-center/developer/headers: MS-RequestId is the same when a call is retried and
another for the next one, MS-CorrelationId is another for each call; both are GUIDs.
"""

from collections.abc import Callable
from itertools import pairwise

from vetline.sandbox.sight.scorecard.attempts import Operation, operations
from vetline.sandbox.sight.scorecard.call import Call, is_guid
from vetline.sandbox.sight.scorecard.finding import Finding, failed, not_tried, passed

# A client may lose answers that we have sent, and ask again by the same id; but not for ever.
_MOST_ANSWERS = 5


def keeps_request_id(calls: list[Call]) -> Finding:
    """Judge whether a change that is tried again has the same MS-RequestId."""
    good: list[Call] = []
    for attempts in operations(calls):
        if len(attempts) < 2 or not attempts[0].changes:
            continue
        for before, after in pairwise(attempts):
            if not before.request_id or before.request_id != after.request_id:
                text = "It tried a change again under another MS-RequestId: the service may carry it out twice."
                return failed(text, (before, after))
        good += attempts
    if good:
        return passed("It tried again under the same MS-RequestId.", good)
    return not_tried("No change was tried again.")


def renews_request_id(calls: list[Call]) -> Finding:
    """Judge whether each change has an MS-RequestId, a GUID, and each operation one of its own."""
    found = operations(calls)
    nameless = next((one for one in calls if one.changes and not one.request_id), None)
    if nameless:
        return failed("It sent a change without an MS-RequestId.", [nameless])
    odd = next((one for one in calls if one.request_id and not is_guid(one.request_id)), None)
    if odd:
        return failed("It sent an MS-RequestId that is no GUID.", [odd])
    worn = next((one for one in found if one[0].request_id and _answers(one) > _MOST_ANSWERS), None)
    if worn:
        return failed("It asked again and again under one MS-RequestId, though it had its answer.", worn)
    shared = _shared(found, lambda call: call.request_id)
    if shared:
        return failed("It used one MS-RequestId for different operations.", shared)
    named = [one[0] for one in found if one[0].request_id]
    if len(named) < 2:
        return not_tried("There were not yet two operations with an MS-RequestId.", named)
    return passed("Each operation had an MS-RequestId of its own.", named)


def renews_correlation_id(calls: list[Call]) -> Finding:
    """Judge whether each operation has an MS-CorrelationId of its own, a GUID."""
    nameless = next((one for one in calls if not one.correlation_id), None)
    if nameless:
        return failed("It called without an MS-CorrelationId.", [nameless])
    odd = next((one for one in calls if not is_guid(one.correlation_id)), None)
    if odd:
        return failed("It sent an MS-CorrelationId that is no GUID.", [odd])
    found = operations(calls)
    shared = _shared(found, lambda call: call.correlation_id)
    if shared:
        return failed("It used one MS-CorrelationId for different operations.", shared)
    if len(found) < 2:
        return not_tried("There were not yet two operations.", calls)
    return passed("Each operation had an MS-CorrelationId of its own.", [one[0] for one in found])


def _answers(operation: Operation) -> int:
    return sum(one.is_final for one in operation)


def _shared(found: list[Operation], name: Callable[[Call], str]) -> list[Call]:
    """Return a call and an earlier one of another operation that have the same name; empty when there are none."""
    owners: dict[str, Operation] = {}
    for operation in found:
        for call in operation:
            owner = owners.setdefault(name(call), operation) if name(call) else operation
            if owner is not operation:
                return [owner[0], call]
    return []
