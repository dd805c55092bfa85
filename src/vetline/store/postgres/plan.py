"""Turns the changes that are saved together into as few statements as possible. Pure.

Effects on different customers and codes do not touch each other, so all of one kind become one statement. Effects on
the same customer or code keep their order: each stands one layer after the one before. Within a statement the rows
are sorted, so that two processes that save the same things meet in the same order and do not lock each other out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, assert_never

from vetline.store.changes import (
    CaseAssigned,
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
    UploadMoved,
    WebhookAdded,
    WebhookChanged,
)
from vetline.store.postgres import rows, upload_rows, webhook_rows
from vetline.store.postgres.rows import Row
from vetline.store.webhooks import told

REMEMBER = "remember_answer"
# In this order within a layer. An answer comes before all layers, because a retry must not meet its own effects.
_ORDER = (
    "add_customer", "change_customer", "remove_customer", "remove_events", "remove_redemptions", "issue_code",
    "redeem_code", "add_redemption", "add_case", "move_case", "assign_case", "add_event", "add_upload",
    "add_upload_row", "settle_upload_row", "move_upload", "tell_case", "add_webhook", "change_webhook", "add_delivery",
)  # fmt: skip
_ANY_NUMBER = {"remove_events", "remove_redemptions", "tell_case"}

Key = tuple[str, ...]


class Step(NamedTuple):
    """One statement and its rows.

    Parameters:
        statement: its name.
        rows: the values of each row.
        exact: whether each row must take effect, or nothing may be saved.
    """

    statement: str
    rows: Sequence[Row]
    exact: bool

    @property
    def columns(self) -> list[tuple[object, ...]]:
        """The values of each parameter."""
        return list(zip(*self.rows, strict=True))


def steps(changes: Sequence[Change]) -> Iterator[Step]:
    """Yield the statements that save changes, in order."""
    answers = [rows.answer_row(change.answer) for change in changes if change.answer]
    if answers:
        yield _step(REMEMBER, answers)
    for layer in _layers(effect for change in changes for effect in change.effects):
        yield from (_step(statement, layer[statement]) for statement in _ORDER if statement in layer)


def _step(statement: str, unsorted: list[Row]) -> Step:
    return Step(statement, sorted(unsorted, key=lambda row: tuple(row[:2])), statement not in _ANY_NUMBER)


def _layers(effects: Iterable[Effect]) -> list[dict[str, list[Row]]]:
    layers: list[dict[str, list[Row]]] = []
    depths: dict[Key, int] = defaultdict(int)
    for effect in effects:
        keys = _touched(effect)
        depth = max(depths[key] for key in keys)
        if depth == len(layers):
            layers.append(defaultdict(list))
        for statement, row in _rows(effect):
            layers[depth][statement].append(row)
        depths.update(dict.fromkeys(keys, depth + 1))
    return layers


def _touched(effect: Effect) -> list[Key]:
    match effect:
        case CaseMoved(case=case):
            return [("customer", case.partner, case.customer)]
        case CaseAssigned(case=key):
            return [("customer", key.partner, key.customer)]
        case CodeRedeemed():
            return [("customer", effect.partner, effect.customer), ("code", effect.partner, effect.code)]
        case CodeIssued(code=code):
            return [("code", code.partner, code.code)]
        case CustomerAdded(customer=customer) | CustomerChanged(customer=customer):
            return [("customer", customer.partner, customer.id)]
        case CustomerRemoved():
            return [("customer", effect.partner, effect.customer)]
        case UploadBegun() | RowAdded() | RowSettled() | UploadMoved():
            return [upload_rows.touched_by(effect)]
        case WebhookAdded() | WebhookChanged() | EventTold():
            return [webhook_rows.touched_by(effect)]
        case _:
            assert_never(effect)


def _rows(effect: Effect) -> list[tuple[str, Row]]:
    match effect:
        case CaseMoved(case=case):
            moved = ("add_case", rows.case_row(case)) if case.version == 1 else ("move_case", rows.moved_row(case))
            tellings = [("tell_case", webhook_rows.delivery_row(one)) for one in told(case, effect.event)]
            return [moved, ("add_event", rows.event_row(case, effect.event)), *tellings]
        case CaseAssigned():
            return [("assign_case", rows.assigned_row(effect))]
        case CodeRedeemed(partner=partner, code=code):
            return [("redeem_code", (partner, code, effect.at)), ("add_redemption", (partner, code, effect.customer))]
        case CodeIssued():
            return [("issue_code", rows.code_row(effect.code))]
        case CustomerAdded():
            return [("add_customer", rows.customer_row(effect.customer))]
        case CustomerChanged():
            return [("change_customer", rows.customer_row(effect.customer))]
        case CustomerRemoved(partner=partner, customer=removed):
            names = ("remove_customer", "remove_events", "remove_redemptions")
            return [(name, (partner, removed)) for name in names]
        case UploadBegun() | RowAdded() | RowSettled() | UploadMoved():
            return [upload_rows.step_of(effect)]
        case WebhookAdded() | WebhookChanged() | EventTold():
            return [webhook_rows.step_of(effect)]
        case _:
            assert_never(effect)
