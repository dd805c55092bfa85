"""Whether a client survives an answer that it does not expect: seen from outside, it does when it looks again. Pure.

Only answers to a client that looks again and again are changed (`probing.py`), and none of them is a decision. So there
is one reason to look no more: the client has ended, has given up, or takes the answer for what it is not.
"""

from vetline.sandbox.sight.scorecard.call import Call
from vetline.sandbox.sight.scorecard.finding import Finding, failed, not_tried, passed
from vetline.sandbox.sight.scorecard.moment import Moment


def survives(kinds: tuple[str, ...], calls: list[Call], now: Moment) -> Finding:
    """Judge whether the client looked again after each of these probes.

    Parameters:
        kinds: the probes.
        calls: the client's.
        now: when it is judged, and how patient.
    """
    seen: list[Call] = []
    for kind in kinds:
        probed = [one for one in calls if one.probe == kind]
        if not probed:
            return not_tried(f"No answer was changed so: POST /sandbox/scorecard/probes switches '{kind}' on.", seen)
        again = _next_look(probed[-1], calls)
        if again is None and now.is_late_for(probed[-1], _usual_pause(probed[-1], calls)):
            return failed("It never looked again after this answer.", [probed[-1]])
        if again is None:
            return not_tried("It has not looked again yet. DELETE /sandbox/scorecard/probes: it will not.", probed)
        seen += probed[-1], again
    return passed("It looked again after this answer.", seen)


def _next_look(probed: Call, calls: list[Call]) -> Call | None:
    return next((one for one in calls if one.asks == probed.asks and one.number > probed.number), None)


def _usual_pause(probed: Call, calls: list[Call]) -> float:
    """Return how long the client waited before the look that was probed."""
    before = [one for one in calls if one.asks == probed.asks and one.number < probed.number]
    return probed.begun - before[-1].ended if before else 0.0
