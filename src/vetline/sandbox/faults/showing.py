"""A fault as JSON says it: what is shown of it can be sent again."""

from typing import Any

from vetline.sandbox.faults.kinds import DETAILS
from vetline.sandbox.faults.plan import Entry, Planned


def asked_view(planned: Planned) -> dict[str, Any]:
    """Return what asks for a fault."""
    details = {
        "retryAfterSeconds": planned.retry_after_seconds,
        "retryAfterForm": planned.retry_after_form,
        "seconds": planned.seconds,
    }
    return {
        "kind": planned.kind,
        "operation": planned.target.text,
        "times": planned.times,
        "probability": planned.probability,
        "after": planned.after,
        **{name: details[name] for name in DETAILS.get(planned.kind, ())},
    }


def entry_view(entry: Entry) -> dict[str, Any]:
    """Return a fault in a plan, and how it went so far."""
    went = {"seen": entry.seen, "struck": entry.struck, "spent": entry.spent}
    return {"id": str(entry.number), **asked_view(entry.planned), **went}
