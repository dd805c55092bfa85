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
from vetline.vetting.commands import Approve, CodeFacts, Command, Conclude, Deny, Rules, Submit
from vetline.vetting.decide import Decision, decide
from vetline.vetting.evidence import Verdict
from vetline.vetting.refusals import Refusal
from vetline.vetting.transitions import TRANSITIONS
from vetline.vetting.words import Programme, Reason, Segment, Stage

EXAMPLES, STEPS_EACH = 1_200, 50
STEPS_WANTED = 20_000

CODES = {"plenty": 100, "one": 1, "two": 2}
CUSTOMERS = st.sampled_from(["c1", "c2"])
# Education has the most to go through, so it is asked for the most.
PROGRAMMES = st.sampled_from([Programme.EDUCATION] * 3 + [Programme.GOVERNMENT] * 2 + [Programme.STATE_OWNED])
REASONS = st.sampled_from(Reason)
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

    @rule(customer=CUSTOMERS, programme=PROGRAMMES)
    def approve(self, customer: str, programme: Programme) -> None:
        """A reviewer approves."""
        self._approve(customer, programme)

    @rule(customer=CUSTOMERS, programme=PROGRAMMES, reason=REASONS)
    def deny(self, customer: str, programme: Programme, reason: Reason) -> None:
        """A reviewer denies, or ends an approval."""
        self._deny(customer, programme, reason)

    @precondition(lambda self: self._in_review())
    @rule(data=st.data(), reason=st.sampled_from([None, *Reason]))
    def review(self, data: st.DataObject, reason: Reason | None) -> None:
        """A reviewer takes a case that waits; chance alone would rarely meet one."""
        customer, programme = data.draw(st.sampled_from(self._in_review()))
        if reason:
            self._deny(customer, programme, reason)
        else:
            self._approve(customer, programme)

    @invariant()
    def agrees(self) -> None:
        """Each case stands where the model says, with as many requests, changes and events, for the same reason."""
        for (customer, programme), case in self.cases.items():
            stands = self.model.stands(customer, programme.value)
            reason = case.reason.value if case.reason else None
            mine = {"stage": case.stage.value, "asked": case.attempt, "changes": case.version, "why": reason}
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
            assert case.due_at is None or case.stage is Stage.SCREENING
            assert (case.reason is not None) is (case.stage is Stage.DENIED)
            if programme is Programme.EDUCATION and (case.held or case.in_review):
                rival = self.cases.get((customer, Programme.GOVERNMENT))
                assert rival is None or rival.stage is Stage.DENIED

    def teardown(self) -> None:
        """Count what was visited over all runs."""
        edges.update(self.model.edges)

    def _approve(self, customer: str, programme: Programme) -> None:
        expected = self.model.approve(customer, programme.value)
        self._both(customer, programme, Approve("reviewer:rae"), expected)

    def _deny(self, customer: str, programme: Programme, reason: Reason) -> None:
        expected = self.model.deny(customer, programme.value, reason.value)
        self._both(customer, programme, Deny("reviewer:rae", reason), expected)

    def _in_review(self) -> list[tuple[str, Programme]]:
        return [key for key, case in self.cases.items() if case.in_review]

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
        max_examples=EXAMPLES, stateful_step_count=STEPS_EACH, deadline=None, suppress_health_check=checks
    )
    run_state_machine_as_test(Vetting, settings=profile)
    print(f"\n{steps.total():,} steps, {len(edges)} edges: {dict(steps)}")  # noqa: T201 - the figure is the point
    assert steps.total() >= STEPS_WANTED
    assert edges == {(stage.value, step.value) for stage, step in TRANSITIONS}
    assert {refusal.value for refusal in Refusal} <= set(steps)
