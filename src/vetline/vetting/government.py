"""What the screening says of a GCC request that the operator wants reviewed: no data decides it, so a person does."""

from vetline.vetting.evidence import Evidence, Outcome, Verdict


def government_verdict() -> Verdict:
    """Return the verdict on a GCC request with a valid code, where the operator has it reviewed."""
    saw = "a valid validation code was redeemed; the operator has GCC requests reviewed by a person"
    return Verdict(
        Outcome.REFER,
        "government-reviewed",
        (Evidence("government-reviewed", saw, "claim", ""),),
        "The request is being checked by a person. Nothing needs to be done.",
    )
