"""The whole life of a case, as one table. `decide` obeys it, docs/states.md is drawn from it, the tests walk it."""

from collections.abc import Iterator

from vetline.vetting.case import Step
from vetline.vetting.words import Stage

TRANSITIONS: dict[tuple[Stage, Step], Stage] = {
    (Stage.NEW, Step.SUBMIT): Stage.SCREENING,
    (Stage.NEW, Step.REDEEM): Stage.APPROVED,
    (Stage.NEW, Step.HOLD): Stage.HELD,
    (Stage.SCREENING, Step.APPROVE): Stage.APPROVED,
    (Stage.SCREENING, Step.DENY): Stage.DENIED,
    (Stage.SCREENING, Step.REFER): Stage.REVIEWING,
    (Stage.REVIEWING, Step.APPROVE): Stage.APPROVED,
    (Stage.REVIEWING, Step.DENY): Stage.DENIED,
    (Stage.DENIED, Step.SUBMIT): Stage.SCREENING,
    (Stage.DENIED, Step.REDEEM): Stage.APPROVED,
    (Stage.APPROVED, Step.REVOKE): Stage.DENIED,
    # A person's decision that has not taken effect yet; it takes a case out of the screening's hands.
    (Stage.SCREENING, Step.PROPOSE): Stage.REVIEWING,
    (Stage.REVIEWING, Step.PROPOSE): Stage.REVIEWING,
    (Stage.REVIEWING, Step.SECOND): Stage.REVIEWING,
    (Stage.REVIEWING, Step.WITHDRAW): Stage.REVIEWING,
    (Stage.APPROVED, Step.PROPOSE): Stage.APPROVED,
    (Stage.APPROVED, Step.SECOND): Stage.APPROVED,
    (Stage.APPROVED, Step.WITHDRAW): Stage.APPROVED,
}

STEPS_IN_WORDS: dict[Step, str] = {
    Step.SUBMIT: "a partner asks for a verification",
    Step.REDEEM: "a partner redeems a valid GCC code",
    Step.HOLD: "a partner states that the customer is state-owned",
    Step.REFER: "the data is not sure: a person must look",
    Step.APPROVE: "the screening or a reviewer approves",
    Step.DENY: "the screening or a reviewer denies, with one of the seven reasons",
    Step.REVOKE: "a reviewer finds that the customer no longer qualifies",
    Step.PROPOSE: "a reviewer decides, and it can still be undone, or a second person must agree",
    Step.SECOND: "another reviewer agrees, and it can still be undone",
    Step.WITHDRAW: "a reviewer takes back what is proposed",
}

# What a reviewer asks for; the steps about a proposal follow from how and when it takes effect.
DECISIONS = frozenset(Step) - {Step.PROPOSE, Step.SECOND, Step.WITHDRAW}


def steps_from(stage: Stage) -> frozenset[Step]:
    """Return the steps that the table allows from a stage."""
    return frozenset(step for here, step in TRANSITIONS if here is stage)


def state_diagram() -> str:
    """Return the table as a Mermaid state diagram, for docs/states.md."""
    return "\n".join(["stateDiagram-v2", "    [*] --> new", *_edges()])


def _edges() -> Iterator[str]:
    for (here, step), there in TRANSITIONS.items():
        yield f"    {here.value} --> {there.value}: {step.value}"
