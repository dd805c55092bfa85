"""The rules against a plain model: any sequence of requests, thousands of times, must come to the same."""

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.vetting.cases import APPROVAL, DENIAL, REFERRAL, T0
from tests.vetting.model import PlainModel
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case, Event
from vetline.vetting.commands import Approve, CodeFacts, Command, Conclude, Deny, Rules, Settle, Submit, Withdraw
from vetline.vetting.decide import Decision, decide
from vetline.vetting.evidence import Verdict
from vetline.vetting.refusals import Refusal
from vetline.vetting.transitions import TRANSITIONS
from vetline.vetting.words import FourEyes, Programme, Reason, Segment, Stage

EXAMPLES, STEPS_EACH = 1_200, 50
STEPS_WANTED = 20_000
WALKS = 6

CODES = {"plenty": 100, "one": 1, "two": 2}
CUSTOMERS = st.sampled_from(["c1", "c2"])
# Education has the most to go through, so it is asked for the most.
PROGRAMMES = st.sampled_from([Programme.EDUCATION] * 3 + [Programme.GOVERNMENT] * 2 + [Programme.STATE_OWNED])
REASONS = st.sampled_from(Reason)
WHO = st.sampled_from(["reviewer:rae", "reviewer:sol"])
# Seconds in which a decision can be undone; each command takes one second.
UNDO = st.sampled_from([None, 2])
PAIRS = st.sampled_from([frozenset[FourEyes](), frozenset({FourEyes.DENIALS}), frozenset(FourEyes)])
VERDICTS = st.sampled_from([REFERRAL, APPROVAL, DENIAL])

steps: Counter[str] = Counter()
edges: set[tuple[str, str]] = set()


class Vetting(RuleBasedStateMachine):
    """Two customers, three programmes, three codes, and everything that can be asked of them."""

    def __init__(self) -> None:
        super().__init__()
        self.model = PlainModel(CODES)
        self.cases: dict[tuple[str, Programme], Case] = {}
        self.events: dict[tuple[str, Programme], list[Event]] = {}
        self.codes = dict(CODES)
        self.now = T0

    @rule(
        customer=CUSTOMERS,
        programme=PROGRAMMES,
        segment=st.sampled_from([None, *Segment]),
        strict=st.booleans(),
        code=st.sampled_from(["plenty", "one", "two", "NotRealCode", ""]),
        reviewed=st.booleans(),
    )
    def ask(
        self, customer: str, programme: Programme, segment: Segment | None, strict: bool, code: str, reviewed: bool
    ) -> None:
        """A partner asks."""
        command = Submit(
            Claim(segment),
            "partner:ada",
            self._others(customer, programme),
            CodeFacts(code, self.codes.get(code)),
            self.now,
            Rules(strict, reviewed),
        )
        expected = self.model.ask(
            customer, programme.value, segment=segment is not None, strict=strict, code=code, reviewed=reviewed
        )
        self._both(customer, programme, command, expected)

    @rule(customer=CUSTOMERS, programme=PROGRAMMES, verdict=VERDICTS)
    def screen(self, customer: str, programme: Programme, verdict: Verdict) -> None:
        """The screening ends."""
        why = verdict.reason.value if verdict.reason else None
        expected = self.model.screen(customer, programme.value, verdict.outcome.value, why)
        self._both(customer, programme, Conclude(verdict), expected)

    @rule(customer=CUSTOMERS, programme=PROGRAMMES, reason=st.none() | REASONS, who=WHO, undo=UNDO, pairs=PAIRS)
    def decide_any(
        self,
        customer: str,
        programme: Programme,
        reason: Reason | None,
        who: str,
        undo: int | None,
        pairs: frozenset[FourEyes],
    ) -> None:
        """A reviewer approves, denies, or ends an approval."""
        self._decide(customer, programme, reason, who, undo, pairs)

    @precondition(lambda self: self._in_review())
    @rule(data=st.data(), reason=st.none() | REASONS, who=WHO, undo=UNDO, pairs=PAIRS)
    def review(
        self, data: st.DataObject, reason: Reason | None, who: str, undo: int | None, pairs: frozenset[FourEyes]
    ) -> None:
        """A reviewer takes a case that waits; chance alone would rarely meet one."""
        self._decide(*data.draw(st.sampled_from(self._in_review())), reason, who, undo, pairs)

    @precondition(lambda self: self._proposed())
    @rule(data=st.data(), who=WHO, undo=UNDO)
    def second(self, data: st.DataObject, who: str, undo: int | None) -> None:
        """A reviewer wants what is proposed; only the other one's word may count."""
        customer, programme = data.draw(st.sampled_from(self._proposed()))
        proposal = self.cases[customer, programme].proposal
        assert proposal is not None
        self._decide(customer, programme, proposal.reason, who, undo, frozenset())

    @precondition(lambda self: self._ending())
    @rule(data=st.data(), who=WHO, undo=UNDO, pairs=PAIRS)
    def end(self, data: st.DataObject, who: str, undo: int | None, pairs: frozenset[FourEyes]) -> None:
        """A reviewer ends an approval, or agrees that it ends."""
        customer, programme = data.draw(st.sampled_from(self._ending()))
        self._decide(customer, programme, Reason.NO_LONGER_EDUCATION, who, undo, pairs)

    @precondition(lambda self: self._proposed())
    @rule(data=st.data(), chance=st.integers(0, 3))
    def withdraw(self, data: st.DataObject, chance: int) -> None:
        """A reviewer takes back what is proposed, sometimes where nothing is."""
        known = self._proposed() if chance else list(self.cases)
        customer, programme = data.draw(st.sampled_from(known))
        expected = self.model.withdraw(customer, programme.value)
        self._both(customer, programme, Withdraw("reviewer:sol"), expected)

    @precondition(lambda self: self._proposed())
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        """The worker looks whether something is due."""
        customer, programme = data.draw(st.sampled_from(self._proposed()))
        expected = self.model.settle(customer, programme.value, self._seconds() + 1)
        self._both(customer, programme, Settle(), expected)

    @invariant()
    def agrees(self) -> None:
        """Each case stands where the model says, with as many requests, changes and events, for the same reason."""
        for (customer, programme), case in self.cases.items():
            stands = self.model.stands(customer, programme.value)
            reason = case.reason.value if case.reason else None
            mine: dict[str, object] = {
                "stage": case.stage.value,
                "asked": case.attempt,
                "changes": case.version,
                "why": reason,
            }
            mine["proposed"] = self._plain(case)
            assert mine == stands
            assert len(self.events[customer, programme]) == case.version
        assert self.codes == self.model.codes
        assert min(self.codes.values()) >= 0

    @invariant()
    def is_sound(self) -> None:
        """Whatever happened: three requests at most, dates where they belong, Education and GCC never together."""
        for (customer, programme), case in self.cases.items():
            decided = case.stage in (Stage.APPROVED, Stage.DENIED, Stage.HELD)
            assert case.attempt <= 3
            assert (case.decided_at is not None) is decided
            assert case.due_at is None or case.stage is Stage.SCREENING or case.proposal is not None
            assert case.proposal is None or case.stage in (Stage.REVIEWING, Stage.APPROVED)
            assert case.proposal is None or case.proposal.actor != case.proposal.seconded_by
            assert (case.reason is not None) is (case.stage is Stage.DENIED)
            if programme is Programme.EDUCATION and (case.held or case.in_review):
                rival = self.cases.get((customer, Programme.GOVERNMENT))
                assert rival is None or rival.stage is Stage.DENIED

    def teardown(self) -> None:
        """Count what was visited over all runs."""
        edges.update(self.model.edges)

    @invariant()
    def proposals_have_a_way_out(self) -> None:
        """Whatever is proposed can be withdrawn now, and settles by itself or waits for another person."""
        for key in self._proposed():
            case = self.cases[key]
            assert isinstance(decide(case, Withdraw("reviewer:sol"), self.now), Decision)
            if case.due_at is not None:
                assert isinstance(decide(case, Settle(), case.due_at), Decision)

    def _decide(
        self,
        customer: str,
        programme: Programme,
        reason: Reason | None,
        who: str,
        undo: int | None,
        pairs: frozenset[FourEyes],
    ) -> None:
        due = None if undo is None else self.now + timedelta(seconds=1 + undo)
        seconds = None if undo is None else self._seconds() + 1 + undo
        names = {pair.value for pair in pairs}
        if reason is None:
            expected = self.model.approve(customer, programme.value, who, seconds, names)
            self._both(customer, programme, Approve(who, "", due, Rules(four_eyes=pairs)), expected)
        else:
            expected = self.model.deny(customer, programme.value, reason.value, who, seconds, names)
            self._both(customer, programme, Deny(who, reason, "", due, Rules(four_eyes=pairs)), expected)

    def _plain(self, case: Case) -> dict[str, object] | None:
        proposal = case.proposal
        if proposal is None:
            return None
        due = None if case.due_at is None else (case.due_at - T0).total_seconds()
        why = proposal.reason.value if proposal.reason else None
        return {"why": why, "who": proposal.actor, "with": proposal.seconded_by, "due": due}

    def _seconds(self) -> float:
        return (self.now - T0).total_seconds()

    def _proposed(self) -> list[tuple[str, Programme]]:
        return [key for key, case in self.cases.items() if case.proposal is not None]

    def _in_review(self) -> list[tuple[str, Programme]]:
        return [key for key, case in self.cases.items() if case.in_review]

    def _ending(self) -> list[tuple[str, Programme]]:
        return [key for key, case in self.cases.items() if case.stage is Stage.APPROVED and key[1] == "education"]

    def _others(self, customer: str, programme: Programme) -> frozenset[Programme]:
        mine = {p: case for (c, p), case in self.cases.items() if c == customer and p is not programme}
        return frozenset(p for p, case in mine.items() if case.held or case.in_review)

    def _both(self, customer: str, programme: Programme, command: Command, expected: str) -> None:
        self.now += timedelta(seconds=1)
        case = self.cases.get((customer, programme), Case("p", customer, programme))
        outcome = decide(case, command, self.now)
        steps[expected] += 1
        if isinstance(outcome, Refusal):
            assert outcome.value == expected
        else:
            assert outcome.case.stage.value == expected
            self._keep(customer, programme, case, outcome)

    def _keep(self, customer: str, programme: Programme, before: Case, outcome: Decision) -> None:
        assert TRANSITIONS[before.stage, outcome.event.step] is outcome.case.stage
        self.cases[customer, programme] = outcome.case
        self.events.setdefault((customer, programme), []).append(outcome.event)
        if outcome.redeemed:
            self.codes[outcome.redeemed] -= 1


def test_rules_and_model_never_part() -> None:
    """20,000 steps without divergence; every legal edge walked; every refusal met."""
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS_EACH,
        deadline=None,
        suppress_health_check=checks,
    )
    walked = {(stage.value, step.value) for stage, step in TRANSITIONS}
    refusals = {refusal.value for refusal in Refusal}
    for _ in range(WALKS):  # one may miss a rare edge or refusal by chance
        run_state_machine_as_test(Vetting, settings=profile)
        if edges == walked and refusals <= set(steps):
            break
    print(f"\n{steps.total():,} steps, {len(edges)} edges: {dict(steps)}")  # noqa: T201 - the figure is the point
    assert steps.total() >= STEPS_WANTED
    assert edges == walked
    assert refusals <= set(steps)
