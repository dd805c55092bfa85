"""The vetting once more, as plainly as possible: a few dicts and strings, written from the documents, not the code.

It says what must come of each request. Whoever changes the rules has to change them here too, in other words.
"""

from typing import Any

APPROVAL_ENDS_WITH = "no-longer-education"


class PlainModel:
    """What customers should stand at.

    Parameters:
        codes: creations left of each code.
    """

    def __init__(self, codes: dict[str, int]) -> None:
        self.codes = dict(codes)
        self.cases: dict[tuple[str, str], dict[str, Any]] = {}
        self.edges: set[tuple[str, str]] = set()

    def stands(self, customer: str, programme: str) -> dict[str, Any]:
        """Return a case as a dict, also one that does not exist yet."""
        return self.cases.get((customer, programme), {"stage": "new", "asked": 0, "changes": 0, "why": None})

    def ask(self, customer: str, programme: str, *, segment: bool, strict: bool, code: str, reviewed: bool) -> str:
        """Return the refusal, or the stage that a partner's request leads to."""
        refusal = self._refusal(customer, programme, segment, strict, code)
        if refusal:
            return refusal
        if programme == "state-owned":
            return self._go(customer, programme, "hold", "held", asked=1)
        if programme == "government":
            self.codes[code] -= 1
            if not reviewed:
                return self._go(customer, programme, "redeem", "approved", asked=1)
        return self._go(customer, programme, "submit", "screening", asked=1)

    def screen(self, customer: str, programme: str, outcome: str, why: str | None) -> str:
        """Return what the end of a screening leads to."""
        if self.stands(customer, programme)["stage"] != "screening":
            return "not-awaiting-decision"
        to = {"approve": "approved", "deny": "denied", "refer": "reviewing"}[outcome]
        return self._go(customer, programme, outcome, to, why)

    def approve(self, customer: str, programme: str) -> str:
        """Return what a reviewer's approval leads to."""
        if self.stands(customer, programme)["stage"] not in ("screening", "reviewing"):
            return "not-awaiting-decision"
        return self._go(customer, programme, "approve", "approved")

    def deny(self, customer: str, programme: str, why: str) -> str:
        """Return what a reviewer's denial, or end of an approval, leads to."""
        stage = self.stands(customer, programme)["stage"]
        if stage not in ("screening", "reviewing", "approved"):
            return "not-awaiting-decision"
        ending = why == APPROVAL_ENDS_WITH
        if ending != (stage == "approved") or (ending and programme != "education"):
            return "reason-not-applicable"
        return self._go(customer, programme, "revoke" if ending else "deny", "denied", why)

    def _refusal(self, customer: str, programme: str, segment: bool, strict: bool, code: str) -> str | None:
        case = self.stands(customer, programme)
        if case["stage"] in ("screening", "reviewing"):
            return "already-in-review"
        if case["stage"] in ("approved", "held"):
            return "already-qualified"
        rival = {"education": "government", "government": "education"}.get(programme, "")
        if self.stands(customer, rival)["stage"] not in ("new", "denied"):
            return "cannot-be-combined"
        if case["asked"] == 3:
            return "attempts-exhausted"
        if programme == "education" and strict and not segment:
            return "segment-required"
        return self._code_refusal(code) if programme == "government" else None

    def _code_refusal(self, code: str) -> str | None:
        if not code:
            return "code-required"
        if code not in self.codes:
            return "code-not-found"
        return "code-exhausted" if self.codes[code] == 0 else None

    def _go(self, customer: str, programme: str, step: str, to: str, why: str | None = None, asked: int = 0) -> str:
        case = self.stands(customer, programme)
        self.edges.add((case["stage"], step))
        self.cases[customer, programme] = {
            "stage": to,
            "asked": case["asked"] + asked,
            "changes": case["changes"] + 1,
            "why": why,
        }
        return to
