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
        return self.cases.get(
            (customer, programme), {"stage": "new", "asked": 0, "changes": 0, "why": None, "proposed": None}
        )

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

    def approve(self, customer: str, programme: str, who: str, due: float | None, pairs: set[str]) -> str:
        """Return what a reviewer's approval leads to."""
        if self.stands(customer, programme)["stage"] not in ("screening", "reviewing"):
            return "not-awaiting-decision"
        return self._decide(customer, programme, None, who, due, two="government" in pairs & {programme})

    def deny(self, customer: str, programme: str, why: str, who: str, due: float | None, pairs: set[str]) -> str:
        """Return what a reviewer's denial, or end of an approval, leads to."""
        stage = self.stands(customer, programme)["stage"]
        if stage not in ("screening", "reviewing", "approved"):
            return "not-awaiting-decision"
        ending = why == APPROVAL_ENDS_WITH
        if ending != (stage == "approved") or (ending and programme != "education"):
            return "reason-not-applicable"
        return self._decide(customer, programme, why, who, due, two=bool(pairs & {"denials", programme}))

    def withdraw(self, customer: str, programme: str) -> str:
        """Return what taking back leads to."""
        case = self.stands(customer, programme)
        if case["proposed"] is None:
            return "nothing-proposed"
        return self._propose(customer, programme, "withdraw", None)

    def settle(self, customer: str, programme: str, now: float) -> str:
        """Return what the end of the time to undo leads to."""
        proposed = self.stands(customer, programme)["proposed"]
        if proposed is None or proposed["due"] is None or proposed["due"] > now:
            return "nothing-proposed"
        return self._end(customer, programme, proposed["why"])

    def _decide(self, customer: str, programme: str, why: str | None, who: str, due: float | None, two: bool) -> str:
        proposed = self.stands(customer, programme)["proposed"]
        if proposed is None and not two and due is None:
            return self._end(customer, programme, why)
        if proposed is None:
            wanted = {"why": why, "who": who, "with": "", "due": None if two else due}
            return self._propose(customer, programme, "propose", wanted)
        if proposed["due"] is not None:
            return "decision-pending"
        if proposed["who"] == who:
            return "second-person-needed"
        if proposed["why"] != why:
            return "proposal-differs"
        if due is None:
            return self._end(customer, programme, why)
        return self._propose(customer, programme, "second", {**proposed, "with": who, "due": due})

    def _end(self, customer: str, programme: str, why: str | None) -> str:
        if why is None:
            return self._go(customer, programme, "approve", "approved")
        return self._go(customer, programme, "revoke" if why == APPROVAL_ENDS_WITH else "deny", "denied", why)

    def _propose(self, customer: str, programme: str, step: str, proposed: dict[str, Any] | None) -> str:
        case = self.stands(customer, programme)
        to = "reviewing" if case["stage"] == "screening" else case["stage"]
        self._go(customer, programme, step, to, case["why"])
        self.cases[customer, programme]["proposed"] = proposed
        return str(to)

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
            "proposed": None,
        }
        return to
