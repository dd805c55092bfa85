"""The table of transitions: every edge can be walked, and there is no other way."""

from collections.abc import Iterator

import pytest

from tests.vetting.cases import (
    APPROVAL,
    DENIAL,
    LATER,
    REFERRAL,
    REVIEWED,
    T0,
    case_at,
    conclude,
    decided,
    proposed,
    submit,
)
from vetline.vetting.case import Case, Step
from vetline.vetting.commands import Approve, Command, Deny, Settle, Withdraw
from vetline.vetting.decide import decide
from vetline.vetting.evidence import Outcome
from vetline.vetting.refusals import Refusal
from vetline.vetting.transitions import STEPS_IN_WORDS, TRANSITIONS, state_diagram, steps_from
from vetline.vetting.words import Programme, Reason, Stage

EDUCATION, GOVERNMENT, STATE_OWNED = Programme

Row = tuple[Programme, Stage, Command, Step, Stage]
NOT_EDUCATION, NO_LONGER = Reason.NOT_EDUCATION, Reason.NO_LONGER_EDUCATION

# Which commands there are, by the name that the table of legal ones below gives them.
COMMANDS: dict[str, Command] = {
    "ask": submit(EDUCATION),
    "ask with a code": submit(GOVERNMENT),
    "ask with a code, reviewed": submit(GOVERNMENT, rules=REVIEWED),
    "state": submit(STATE_OWNED),
    "screened: yes": conclude(APPROVAL),
    "screened: no": conclude(DENIAL),
    "screened: unsure": conclude(REFERRAL),
    "approve": Approve("reviewer:rae"),
    "deny": Deny("reviewer:rae", NOT_EDUCATION),
    "end": Deny("reviewer:rae", NO_LONGER),
    "approve later": Approve("reviewer:rae", settle_at=LATER),
    "deny later": Deny("reviewer:rae", NOT_EDUCATION, settle_at=LATER),
    "end later": Deny("reviewer:rae", NO_LONGER, settle_at=LATER),
    "withdraw": Withdraw("reviewer:rae"),
    "settle": Settle(),
}

# The whole of what is legal, spelled out: stage, command, what happens, where that leads.
LEGAL: dict[tuple[Stage, str], tuple[Step, Stage]] = {
    (Stage.NEW, "ask"): (Step.SUBMIT, Stage.SCREENING),
    (Stage.NEW, "ask with a code"): (Step.REDEEM, Stage.APPROVED),
    (Stage.NEW, "ask with a code, reviewed"): (Step.SUBMIT, Stage.SCREENING),
    (Stage.NEW, "state"): (Step.HOLD, Stage.HELD),
    (Stage.SCREENING, "screened: yes"): (Step.APPROVE, Stage.APPROVED),
    (Stage.SCREENING, "screened: no"): (Step.DENY, Stage.DENIED),
    (Stage.SCREENING, "screened: unsure"): (Step.REFER, Stage.REVIEWING),
    (Stage.SCREENING, "approve"): (Step.APPROVE, Stage.APPROVED),
    (Stage.SCREENING, "deny"): (Step.DENY, Stage.DENIED),
    (Stage.REVIEWING, "approve"): (Step.APPROVE, Stage.APPROVED),
    (Stage.REVIEWING, "deny"): (Step.DENY, Stage.DENIED),
    (Stage.DENIED, "ask"): (Step.SUBMIT, Stage.SCREENING),
    (Stage.DENIED, "ask with a code"): (Step.REDEEM, Stage.APPROVED),
    (Stage.DENIED, "ask with a code, reviewed"): (Step.SUBMIT, Stage.SCREENING),
    (Stage.APPROVED, "end"): (Step.REVOKE, Stage.DENIED),
    (Stage.SCREENING, "approve later"): (Step.PROPOSE, Stage.REVIEWING),
    (Stage.SCREENING, "deny later"): (Step.PROPOSE, Stage.REVIEWING),
    (Stage.REVIEWING, "approve later"): (Step.PROPOSE, Stage.REVIEWING),
    (Stage.REVIEWING, "deny later"): (Step.PROPOSE, Stage.REVIEWING),
    (Stage.APPROVED, "end later"): (Step.PROPOSE, Stage.APPROVED),
}
# And where something is proposed: what the other reviewer may do about it.
APPROVAL_PROPOSED = proposed()
END_PROPOSED = proposed(Stage.APPROVED, Outcome.DENY, NO_LONGER)
ABOUT_PROPOSALS: list[tuple[Case, Command, Step, Stage]] = [
    (APPROVAL_PROPOSED, Approve("reviewer:sol"), Step.APPROVE, Stage.APPROVED),
    (APPROVAL_PROPOSED, Approve("reviewer:sol", settle_at=LATER), Step.SECOND, Stage.REVIEWING),
    (APPROVAL_PROPOSED, Withdraw("reviewer:sol"), Step.WITHDRAW, Stage.REVIEWING),
    (END_PROPOSED, Deny("reviewer:sol", NO_LONGER), Step.REVOKE, Stage.DENIED),
    (END_PROPOSED, Deny("reviewer:sol", NO_LONGER, settle_at=LATER), Step.SECOND, Stage.APPROVED),
    (END_PROPOSED, Withdraw("reviewer:sol"), Step.WITHDRAW, Stage.APPROVED),
    (proposed(due_at=T0), Settle(), Step.APPROVE, Stage.APPROVED),
]

# Which programme can stand where, and which commands can be meant for it.
STANDS = {
    EDUCATION: [Stage.NEW, Stage.SCREENING, Stage.REVIEWING, Stage.APPROVED, Stage.DENIED],
    GOVERNMENT: [Stage.NEW, Stage.SCREENING, Stage.REVIEWING, Stage.APPROVED, Stage.DENIED],
    STATE_OWNED: [Stage.NEW, Stage.HELD],
}
ASKED = {EDUCATION: {"ask"}, GOVERNMENT: {"ask with a code", "ask with a code, reviewed"}, STATE_OWNED: {"state"}}
SUBMISSIONS = set().union(*ASKED.values())


def _pairs() -> Iterator[tuple[Programme, Stage, str]]:
    for programme, stages in STANDS.items():
        for stage in stages:
            yield from ((programme, stage, name) for name in COMMANDS if name not in SUBMISSIONS - ASKED[programme])


def _is_legal(programme: Programme, stage: Stage, name: str) -> bool:
    return (stage, name) in LEGAL and not (name.startswith("end") and programme is not EDUCATION)


PAIRS = list(_pairs())
LEGAL_PAIRS = [pair for pair in PAIRS if _is_legal(*pair)]
ILLEGAL_PAIRS = [pair for pair in PAIRS if not _is_legal(*pair)]


@pytest.mark.parametrize(("programme", "stage", "name"), LEGAL_PAIRS)
def test_legal_command_takes_its_edge(programme: Programme, stage: Stage, name: str) -> None:
    """What is legal leads where the table says, one version on, and the event says the same."""
    before = case_at(stage, programme)
    found = decided(decide(before, COMMANDS[name], LATER))
    assert (found.event.step, found.case.stage) == LEGAL[stage, name]
    assert (found.event.stage, found.event.at, found.event.attempt) == (found.case.stage, LATER, found.case.attempt)
    assert found.case.version == before.version + 1
    assert TRANSITIONS[stage, found.event.step] is found.case.stage


@pytest.mark.parametrize(("programme", "stage", "name"), ILLEGAL_PAIRS)
def test_illegal_command_is_refused_and_changes_nothing(programme: Programme, stage: Stage, name: str) -> None:
    """What is not in the table is refused, and the case is what it was."""
    before = case_at(stage, programme)
    assert isinstance(decide(before, COMMANDS[name], LATER), Refusal)
    assert before == case_at(stage, programme)


@pytest.mark.parametrize(("before", "command", "step", "stage"), ABOUT_PROPOSALS)
def test_command_about_a_proposal_takes_its_edge(before: Case, command: Command, step: Step, stage: Stage) -> None:
    """The same for a case with a proposal."""
    found = decided(decide(before, command, LATER))
    assert (found.event.step, found.case.stage, found.case.version) == (step, stage, before.version + 1)
    assert TRANSITIONS[before.stage, step] is stage


def test_every_edge_of_the_table_is_walked_and_no_other() -> None:
    """The rules reach all of the table, and the table says all that the rules do."""
    walked = {(stage, decided(decide(case_at(stage, p), COMMANDS[name], LATER)).event.step): LEGAL[stage, name][1]
              for p, stage, name in LEGAL_PAIRS}  # fmt: skip
    walked |= {(before.stage, step): stage for before, _, step, stage in ABOUT_PROPOSALS}
    assert walked == TRANSITIONS


@pytest.mark.parametrize("programme", [GOVERNMENT, STATE_OWNED])
def test_final_stages_refuse_everything(programme: Programme) -> None:
    """What StateOwnedEntity holds, and an approved GCC, can never be changed by any command."""
    final = Stage.HELD if programme is STATE_OWNED else Stage.APPROVED
    outcomes = {decide(case_at(final, programme), command, LATER) for command in COMMANDS.values()}
    assert all(isinstance(outcome, Refusal) for outcome in outcomes)


def test_only_what_is_held_has_no_way_out() -> None:
    """Every stage but HELD has a step to take, so no case can be stuck by the rules."""
    assert [stage for stage in Stage if not steps_from(stage)] == [Stage.HELD]


def test_nothing_returns_to_new() -> None:
    """A case that was submitted stays known."""
    assert Stage.NEW not in TRANSITIONS.values()


def test_diagram_draws_each_edge_once_and_each_step_has_its_words() -> None:
    """The documentation is drawn from the table: an arrow for each edge, a sentence for each step."""
    arrows = [line.strip() for line in state_diagram().splitlines() if ": " in line]
    assert sorted(arrows) == sorted(f"{a.value} --> {b.value}: {step.value}" for (a, step), b in TRANSITIONS.items())
    assert set(STEPS_IN_WORDS) == set(Step)
