"""Changes as statements: nothing is lost, what touches the same thing keeps its order, rows are sorted. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.store.records import A, B, answer, at, code, customer, guid, submitted
from tests.store.uploads import row, upload
from tests.store.webhooks import an_event, registration
from vetline.store.changes import (
    CaseMoved,
    Change,
    CodeIssued,
    CodeRedeemed,
    CustomerAdded,
    CustomerChanged,
    CustomerRemoved,
    Effect,
    EventTold,
    RowAdded,
    RowSettled,
    UploadBegun,
    UploadEffect,
    UploadMoved,
    WebhookAdded,
    WebhookChanged,
    WebhookEffect,
)
from vetline.store.postgres.plan import REMEMBER, Step, steps
from vetline.store.uploads import RowState, UploadState

NUMBERS = st.integers(1, 4)
PARTNERS = st.sampled_from([A, B])


def _moved(number: int, partner: str) -> CaseMoved:
    decision = submitted(customer(number, partner))
    return CaseMoved(decision.case, decision.event)


EFFECTS: st.SearchStrategy[Effect] = st.one_of(
    st.builds(_moved, NUMBERS, PARTNERS),
    st.builds(lambda n, p, c: CodeRedeemed(p, guid(n), c, at(0)), NUMBERS, PARTNERS, st.sampled_from(["a", "b"])),
    st.builds(lambda c, p: CodeIssued(code(c, partner=p)), st.sampled_from(["a", "b"]), PARTNERS),
    st.builds(lambda n, p: CustomerAdded(customer(n, p)), NUMBERS, PARTNERS),
    st.builds(lambda n, p: CustomerChanged(customer(n, p)), NUMBERS, PARTNERS),
    st.builds(lambda n, p: CustomerRemoved(p, guid(n)), NUMBERS, PARTNERS),
    st.builds(lambda n: UploadBegun(upload(n)), NUMBERS),
    st.builds(lambda n: RowAdded(row(n, n)), NUMBERS),
    st.builds(lambda n: RowSettled(A, guid(n, "u"), n, RowState.SENT), NUMBERS),
    st.builds(lambda n: UploadMoved(A, guid(n, "u"), UploadState.OPEN, UploadState.DONE), NUMBERS),
    st.builds(lambda p: WebhookAdded(registration(p)), PARTNERS),
    st.builds(lambda p: WebhookChanged(registration(p)), PARTNERS),
    st.builds(lambda n, p: EventTold(an_event(n, p)), NUMBERS, PARTNERS),
)
CHANGES = st.lists(
    st.builds(
        lambda effects, number: Change(tuple(effects), answer(number) if number else None),
        st.lists(EFFECTS, max_size=4),
        st.integers(0, 9),
    ),
    max_size=12,
)
FIRST = {
    CaseMoved: "add_case",
    CodeRedeemed: "redeem_code",
    CodeIssued: "issue_code",
    CustomerAdded: "add_customer",
    CustomerChanged: "change_customer",
    CustomerRemoved: "remove_customer",
    UploadBegun: "add_upload",
    RowAdded: "add_upload_row",
    RowSettled: "settle_upload_row",
    UploadMoved: "move_upload",
    WebhookAdded: "add_webhook",
    WebhookChanged: "change_webhook",
    EventTold: "add_delivery",
}


def _key(effect: Effect) -> tuple[str, tuple[Any, ...]]:
    """Return an effect's first statement and the key of the row in it."""
    match effect:
        case CaseMoved(case=case):
            key: tuple[Any, ...] = (case.partner, case.customer)
        case CodeIssued(code=issued):
            key = (issued.partner, issued.code)
        case CustomerAdded(customer=who) | CustomerChanged(customer=who):
            key = (who.partner, who.id)
        case CodeRedeemed():
            key = (effect.partner, effect.code)
        case CustomerRemoved():
            key = (effect.partner, effect.customer)
        case UploadBegun() | UploadMoved() | RowAdded() | RowSettled():
            key = _upload_key(effect)
        case WebhookAdded() | WebhookChanged() | EventTold():
            key = _webhook_key(effect)
    return FIRST[type(effect)], key


def _upload_key(effect: UploadEffect) -> tuple[Any, ...]:
    match effect:
        case UploadBegun(upload=begun):
            return begun.id, begun.partner
        case UploadMoved():
            return effect.upload, effect.partner
        case RowAdded(row=added):
            return added.upload, added.line
        case RowSettled():
            return effect.upload, effect.line


def _webhook_key(effect: WebhookEffect) -> tuple[Any, ...]:
    if isinstance(effect, EventTold):
        return effect.delivery.partner, effect.delivery.id
    return effect.registration.partner, int(effect.registration.wants_cases)


def _flat(planned: Sequence[Step]) -> list[tuple[str, tuple[Any, ...]]]:
    names = set(FIRST.values())
    return [(step.statement, tuple(row[:2])) for step in planned if step.statement in names for row in step.rows]


@given(CHANGES)
def test_every_effect_and_every_answer_is_there_once(changes: list[Change]) -> None:
    """Whatever is saved together, each row stands in exactly one statement."""
    planned = list(steps(changes))
    assert Counter(_flat(planned)) == Counter(_key(effect) for change in changes for effect in change.effects)
    remembered = [row[1] for step in planned if step.statement == REMEMBER for row in step.rows]
    assert sorted(remembered) == sorted(change.answer.key for change in changes if change.answer)


@given(CHANGES)
def test_what_touches_the_same_keeps_its_order(changes: list[Change]) -> None:
    """Of two effects with the same key, the earlier one's statement comes first; answers come before everything."""
    planned = list(steps(changes))
    asked = [_key(effect) for change in changes for effect in change.effects]
    for key in {key for _, key in asked}:
        assert [one for one in _flat(planned) if one[1] == key] == [one for one in asked if one[1] == key]
    assert REMEMBER not in [step.statement for step in planned[1:]]


@given(CHANGES)
def test_rows_of_a_statement_are_sorted(changes: list[Change]) -> None:
    """Two processes that save the same things take their locks in the same order."""
    for step in steps(changes):
        keys = [tuple(row[:2]) for row in step.rows]
        assert keys == sorted(keys)
        assert len(step.columns[0]) == len(step.rows)


def test_many_submissions_are_four_statements() -> None:
    """Which is why they are saved together at all."""
    changes = [Change((_moved(number, A),), answer(number)) for number in range(100)]
    assert [(step.statement, len(step.rows)) for step in steps(changes)] == [
        ("remember_answer", 100),
        ("add_case", 100),
        ("add_event", 100),
        ("tell_case", 100),
    ]
