"""What each command does to a case, and every reason for which it is refused."""

import pytest
from msgspec.structs import replace

from tests.vetting.cases import (
    APPROVAL,
    DENIAL,
    GOOD_CODE,
    K12,
    LATER,
    REFERRAL,
    REVIEWED,
    T0,
    case_at,
    conclude,
    decided,
    submit,
)
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case, Event, Step
from vetline.vetting.commands import Approve, CodeFacts, Deny, Rules, Submit
from vetline.vetting.decide import decide
from vetline.vetting.evidence import Verdict
from vetline.vetting.limits import MAX_ATTEMPTS
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme, Reason, Segment, Stage

EDUCATION, GOVERNMENT, STATE_OWNED = Programme


@pytest.mark.parametrize(
    ("programme", "rules", "stage"),
    [
        (EDUCATION, Rules(), Stage.SCREENING),
        (GOVERNMENT, Rules(), Stage.APPROVED),
        (GOVERNMENT, REVIEWED, Stage.SCREENING),
        (STATE_OWNED, Rules(), Stage.HELD),
    ],
)
def test_first_submission_leads_where_its_programme_says(programme: Programme, rules: Rules, stage: Stage) -> None:
    """Education is vetted, GCC is approved on a valid code unless the operator reviews it, StateOwnedEntity is held."""
    found = decided(decide(case_at(Stage.NEW, programme), submit(programme, rules=rules), LATER))
    assert (found.case.stage, found.case.attempt, found.case.version) == (stage, 1, 1)
    assert (found.case.submitted_at, found.case.claim) == (LATER, K12)


def test_submission_is_due_when_its_mode_says_and_its_event_keeps_the_claim() -> None:
    """The screening looks at the moment given; the audit log knows who asked for what."""
    found = decided(decide(case_at(Stage.NEW), submit(screen_at=LATER), T0))
    assert found.case.due_at == LATER
    assert found.event == Event(Step.SUBMIT, Stage.SCREENING, T0, "partner:ada", 1, claim=K12)


@pytest.mark.parametrize("programme", [GOVERNMENT, STATE_OWNED])
def test_what_is_granted_at_once_is_never_due(programme: Programme) -> None:
    """Nothing is screened that is decided already."""
    found = decided(decide(case_at(Stage.NEW, programme), submit(programme), LATER))
    assert (found.case.due_at, found.case.decided_at) == (None, LATER)


@pytest.mark.parametrize("rules", [Rules(), REVIEWED])
def test_government_uses_one_creation_of_its_code(rules: Rules) -> None:
    """The decision names the code to be redeemed in the same transaction, reviewed or not."""
    found = decided(decide(case_at(Stage.NEW, GOVERNMENT), submit(GOVERNMENT, rules=rules), LATER))
    assert found.redeemed == "987654"


def test_only_government_redeems_a_code() -> None:
    """A code that is sent with another programme is not used up."""
    for programme in (EDUCATION, STATE_OWNED):
        assert decided(decide(case_at(Stage.NEW, programme), submit(programme, code=GOOD_CODE), T0)).redeemed is None


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (CodeFacts(), Refusal.CODE_REQUIRED),
        (CodeFacts("NotRealCode"), Refusal.CODE_NOT_FOUND),
        (CodeFacts("987654", 0), Refusal.CODE_EXHAUSTED),
        (CodeFacts("987654", -1), Refusal.CODE_EXHAUSTED),
    ],
)
@pytest.mark.parametrize("rules", [Rules(), REVIEWED])
def test_government_needs_a_code_with_creations_left(code: CodeFacts, refusal: Refusal, rules: Rules) -> None:
    """No code, an unknown one and an exhausted one are told apart, whether or not a person reviews."""
    assert decide(case_at(Stage.NEW, GOVERNMENT), submit(GOVERNMENT, code=code, rules=rules), T0) is refusal


def test_last_creation_of_a_code_is_granted() -> None:
    """One left is enough."""
    found = decided(decide(case_at(Stage.NEW, GOVERNMENT), submit(GOVERNMENT, code=CodeFacts("1", 1)), T0))
    assert found.case.stage is Stage.APPROVED


@pytest.mark.parametrize(
    ("programme", "others", "refused"),
    [
        (EDUCATION, (GOVERNMENT,), True),
        (GOVERNMENT, (EDUCATION,), True),
        (EDUCATION, (GOVERNMENT, STATE_OWNED), True),
        (EDUCATION, (STATE_OWNED,), False),
        (GOVERNMENT, (STATE_OWNED,), False),
        (STATE_OWNED, (EDUCATION,), False),
        (STATE_OWNED, (GOVERNMENT,), False),
    ],
)
def test_education_and_government_exclude_each_other_alone(
    programme: Programme, others: tuple[Programme, ...], refused: bool
) -> None:
    """Either order is refused; StateOwnedEntity combines with both."""
    outcome = decide(case_at(Stage.NEW, programme), submit(programme, others=others), T0)
    assert (outcome is Refusal.CANNOT_BE_COMBINED) is refused


def test_combination_is_checked_before_the_code_is_looked_at() -> None:
    """A client that posts GCC with a false code beside Education is told of the combination."""
    wanted = submit(GOVERNMENT, others=(EDUCATION,), code=CodeFacts("NotRealCode"))
    assert decide(case_at(Stage.NEW, GOVERNMENT), wanted, T0) is Refusal.CANNOT_BE_COMBINED


def test_segment_is_demanded_only_where_the_operator_says_so() -> None:
    """The strict contract refuses Education without a segment, and asks nobody else for one."""
    strict, bare = Rules(segment_required=True), Claim()
    assert decide(case_at(Stage.NEW), submit(claim=bare, rules=strict), T0) is Refusal.SEGMENT_REQUIRED
    decided(decide(case_at(Stage.NEW), submit(claim=bare), T0))
    decided(decide(case_at(Stage.NEW), submit(claim=Claim(Segment.HIGHER), rules=strict), T0))
    for other in (GOVERNMENT, STATE_OWNED):
        decided(decide(case_at(Stage.NEW, other), submit(other, claim=bare, rules=strict), T0))


@pytest.mark.parametrize("denied_before", range(1, 4))
def test_three_verification_requests_and_no_fourth(denied_before: int) -> None:
    """A denied customer may ask again until three requests were made."""
    outcome = decide(case_at(Stage.DENIED, attempt=denied_before), submit(), LATER)
    if denied_before < MAX_ATTEMPTS == 3:
        assert decided(outcome).case.attempt == denied_before + 1
    else:
        assert outcome is Refusal.ATTEMPTS_EXHAUSTED


def test_new_request_starts_afresh() -> None:
    """Reason, finding and date of the denial are gone from the case, which is due again."""
    denied = replace(case_at(Stage.DENIED), finding=DENIAL)
    found = decided(decide(denied, submit(claim=Claim(Segment.HIGHER)), LATER)).case
    assert (found.stage, found.reason, found.finding, found.decided_at) == (Stage.SCREENING, None, None, None)
    assert (found.submitted_at, found.claim, found.version) == (LATER, Claim(Segment.HIGHER), denied.version + 1)


@pytest.mark.parametrize(
    ("case", "command", "refusal"),
    [
        (case_at(Stage.SCREENING, attempt=3), submit(others=(GOVERNMENT,)), Refusal.ALREADY_IN_REVIEW),
        (case_at(Stage.APPROVED, attempt=3), submit(others=(GOVERNMENT,)), Refusal.ALREADY_QUALIFIED),
        (case_at(Stage.DENIED, attempt=3), submit(others=(GOVERNMENT,)), Refusal.CANNOT_BE_COMBINED),
        (
            case_at(Stage.DENIED, attempt=3),
            submit(claim=Claim(), rules=Rules(segment_required=True)),
            Refusal.ATTEMPTS_EXHAUSTED,
        ),
    ],
)
def test_refusals_have_an_order(case: Case, command: Submit, refusal: Refusal) -> None:
    """The customer's standing comes before the combination, that before the attempts, those before the claim."""
    assert decide(case, command, T0) is refusal


@pytest.mark.parametrize(
    ("verdict", "stage", "reason"),
    [
        (APPROVAL, Stage.APPROVED, None),
        (DENIAL, Stage.DENIED, Reason.NOT_ACADEMIC_DOMAIN),
        (REFERRAL, Stage.REVIEWING, None),
    ],
)
def test_screening_does_what_its_verdict_says(verdict: Verdict, stage: Stage, reason: Reason | None) -> None:
    """The verdict stands on the case and on the event, and nothing is due any more."""
    found = decided(decide(case_at(Stage.SCREENING), conclude(verdict), LATER))
    assert (found.case.stage, found.case.reason, found.case.finding) == (stage, reason, verdict)
    assert (found.case.due_at, found.event.verdict, found.event.actor) == (None, verdict, "triage")
    assert found.case.decided_at == (None if stage is Stage.REVIEWING else LATER)


@pytest.mark.parametrize("stage", [Stage.SCREENING, Stage.REVIEWING])
@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.NO_LONGER_EDUCATION])
def test_person_denies_with_any_reason_but_the_one_for_approvals(stage: Stage, reason: Reason) -> None:
    """Six of the seven reasons end a review."""
    found = decided(decide(case_at(stage), Deny("reviewer:rae", reason, "no charter"), LATER))
    assert (found.case.stage, found.case.reason, found.case.decided_at) == (Stage.DENIED, reason, LATER)
    assert (found.event.step, found.event.note, found.event.actor) == (Step.DENY, "no charter", "reviewer:rae")


@pytest.mark.parametrize("stage", [Stage.SCREENING, Stage.REVIEWING])
def test_person_approves_what_is_in_review(stage: Stage) -> None:
    """A person need not wait for the screening."""
    found = decided(decide(case_at(stage), Approve("reviewer:rae", "saw the charter"), LATER))
    assert (found.case.stage, found.case.due_at, found.event.note) == (Stage.APPROVED, None, "saw the charter")


@pytest.mark.parametrize("reason", list(Reason))
def test_approval_of_education_ends_with_one_reason_only(reason: Reason) -> None:
    """A re-verification ends an approval as "No longer an Education Customer" and as nothing else."""
    outcome = decide(case_at(Stage.APPROVED), Deny("reviewer:rae", reason), LATER)
    if reason is Reason.NO_LONGER_EDUCATION:
        assert (decided(outcome).event.step, decided(outcome).case.reason) == (Step.REVOKE, reason)
    else:
        assert outcome is Refusal.REASON_NOT_APPLICABLE


@pytest.mark.parametrize("stage", [Stage.SCREENING, Stage.REVIEWING])
def test_what_was_never_approved_cannot_be_no_longer_approved(stage: Stage) -> None:
    """The reason made for approvals fits nothing else."""
    outcome = decide(case_at(stage), Deny("reviewer:rae", Reason.NO_LONGER_EDUCATION), LATER)
    assert outcome is Refusal.REASON_NOT_APPLICABLE


@pytest.mark.parametrize("reason", list(Reason))
def test_government_is_irreversible(reason: Reason) -> None:
    """No reason ends an approved GCC."""
    assert isinstance(decide(case_at(Stage.APPROVED, GOVERNMENT), Deny("reviewer:rae", reason), T0), Refusal)


def test_revoked_customer_may_ask_again_while_requests_are_left() -> None:
    """The end of an approval is a denial like any other."""
    revoked = decided(decide(case_at(Stage.APPROVED), Deny("r", Reason.NO_LONGER_EDUCATION), T0)).case
    assert decided(decide(revoked, submit(), LATER)).case.attempt == 2
