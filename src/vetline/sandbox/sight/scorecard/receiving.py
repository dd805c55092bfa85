"""Whether a receiver of webhooks verifies signatures: it takes what is signed rightly, and refuses what is not. Pure.

https://learn.microsoft.com/partner-center/developer/partner-center-webhooks
"""

from vetline.sandbox.sight.scorecard.finding import Finding, failed, not_tried, passed
from vetline.sandbox.sight.scorecard.moment import Moment


def refuses_wrong_signatures(now: Moment) -> Finding:
    """Judge by what the receivers answered when they were tried."""
    if not now.tried:
        return not_tried("No receiver was tried: register one, then POST /sandbox/scorecard/probes 'wrongSignature'.")
    for one in now.tried:
        if one.wrong and one.wrong < 400:
            return failed(f"{one.url[:200]} answered {one.wrong} to an event whose signature is wrong.", ())
    for one in now.tried:
        if not (200 <= one.right < 300 and one.wrong):
            said = one.right or "nothing"
            return not_tried(f"{one.url[:200]} answered {said} to a right signature, so its refusals say nothing.")
    return passed("It took the right signature and refused the wrong one.", ())
