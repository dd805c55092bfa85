"""Cases and commands for the tests of the rules: as short as can be, each with what its stage implies."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case
from vetline.vetting.commands import CodeFacts, Conclude, Rules, Submit
from vetline.vetting.decide import Decision
from vetline.vetting.evidence import Evidence, Outcome, Verdict
from vetline.vetting.proposal import Proposal
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme, Reason, Segment, Stage

T0 = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = T0 + timedelta(hours=5)
REVIEWED = Rules(government_reviewed=True)
GOOD_CODE = CodeFacts("987654", 5)
K12 = Claim(Segment.K12, "school.example")

APPROVAL = Verdict(Outcome.APPROVE, "listed", (Evidence("listed", "it is listed", "list", "1"),), "Welcome.")
REFERRAL = Verdict(Outcome.REFER, "unlisted", (), "A person is looking.")
DENIAL = Verdict(Outcome.DENY, "mail-service", (), "Denied.", Reason.NOT_ACADEMIC_DOMAIN)


def case_at(stage: Stage, programme: Programme = Programme.EDUCATION, attempt: int = 1) -> Case:
    """Return a case that stands at a stage, as if it had come there."""
    fresh = Case("p", "c", programme)
    if stage is Stage.NEW:
        return fresh
    decided = stage in (Stage.APPROVED, Stage.DENIED, Stage.HELD)
    return Case(
        "p",
        "c",
        programme,
        stage,
        attempt,
        K12,
        Reason.NOT_EDUCATION if stage is Stage.DENIED else None,
        submitted_at=T0,
        decided_at=T0 if decided else None,
        due_at=T0 if stage is Stage.SCREENING else None,
        version=4,
    )


def proposed(
    stage: Stage = Stage.REVIEWING,
    outcome: Outcome = Outcome.APPROVE,
    reason: Reason | None = None,
    *,
    due_at: datetime | None = None,
    programme: Programme = Programme.EDUCATION,
) -> Case:
    """Return a case with Rae's proposal; it waits for a second person unless a moment is given."""
    proposal = Proposal(outcome, reason, "saw the charter", "reviewer:rae", T0)
    return replace(case_at(stage, programme), proposal=proposal, due_at=due_at)


def submit(
    programme: Programme = Programme.EDUCATION,
    *,
    others: tuple[Programme, ...] = (),
    code: CodeFacts | None = None,
    claim: Claim = K12,
    rules: Rules | None = None,
    screen_at: datetime | None = T0,
) -> Submit:
    """Return a submission; for GCC with a good code unless another is given."""
    facts = code or (GOOD_CODE if programme is Programme.GOVERNMENT else CodeFacts())
    return Submit(claim, "partner:ada", frozenset(others), facts, screen_at, rules or Rules())


def conclude(verdict: Verdict) -> Conclude:
    """Return the end of a screening."""
    return Conclude(verdict)


def decided(outcome: Decision | Refusal) -> Decision:
    """Return a decision that must be one."""
    assert isinstance(outcome, Decision), outcome
    return outcome
