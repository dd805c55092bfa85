"""Applies one change inside the writer's transaction. Raises when anything is not as it was decided on."""

import sqlite3
from typing import assert_never

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
from vetline.store.port import AlreadyAnsweredError, ConflictError
from vetline.store.records import Remembered
from vetline.store.sqlite import rows, upload_rows, webhook_rows
from vetline.store.statements import statements
from vetline.store.webhooks import told

_FILES = ("sqlite", "sqlite_audit", "sqlite_uploads", "sqlite_webhooks")
SQL = {name: text for file in _FILES for name, text in statements(file).items()}


def apply_change(connection: sqlite3.Connection, change: Change) -> None:
    """Apply a change; the answer goes first, because a retry must not meet its own effects.

    Raises:
        AlreadyAnsweredError, ConflictError, sqlite3.Error: nothing of the change may then be kept.
    """
    if change.answer is not None:
        _remember(connection, change.answer)
    for effect in change.effects:
        _apply(connection, effect)


def _remember(connection: sqlite3.Connection, answer: Remembered) -> None:
    if connection.execute(SQL["remember_answer"], rows.answer_row(answer)).rowcount == 0:
        key = (rows.blob(answer.partner), answer.key)
        raise AlreadyAnsweredError(rows.answer_of(connection.execute(SQL["answer"], key).fetchone()))


def _apply(connection: sqlite3.Connection, effect: Effect) -> None:
    match effect:
        case CaseMoved():
            _move_case(connection, effect)
        case CaseAssigned():
            _expect_one(connection.execute(SQL["assign_case"], rows.assigned_row(effect)))
        case CodeRedeemed():
            _redeem(connection, effect)
        case CodeIssued():
            connection.execute(SQL["issue_code"], rows.code_row(effect.code))
        case CustomerAdded():
            connection.execute(SQL["add_customer"], rows.customer_row(effect.customer))
        case CustomerChanged():
            _expect_one(connection.execute(SQL["change_customer"], rows.customer_row(effect.customer)))
        case CustomerRemoved():
            _remove_customer(connection, effect)
        case UploadBegun() | RowAdded() | RowSettled() | UploadMoved():
            statement, row = upload_rows.step_of(effect)
            _expect_one(connection.execute(SQL[statement], row))
        case WebhookAdded() | WebhookChanged() | EventTold():
            statement, row = webhook_rows.step_of(effect)
            _expect_one(connection.execute(SQL[statement], row))
        case _:
            assert_never(effect)


def _move_case(connection: sqlite3.Connection, effect: CaseMoved) -> None:
    if effect.case.version == 1:
        connection.execute(SQL["add_case"], rows.case_row(effect.case))
    else:
        _expect_one(connection.execute(SQL["move_case"], rows.moved_row(effect.case)))
    connection.execute(SQL["add_event"], rows.event_row(effect.case, effect.event))
    for delivery in told(effect.case, effect.event):
        connection.execute(SQL["tell_case"], webhook_rows.delivery_row(delivery))


def _redeem(connection: sqlite3.Connection, effect: CodeRedeemed) -> None:
    partner = rows.blob(effect.partner)
    _expect_one(connection.execute(SQL["redeem_code"], (partner, effect.code, rows.micros(effect.at))))
    connection.execute(SQL["add_redemption"], (partner, rows.blob(effect.customer), effect.code))


def _remove_customer(connection: sqlite3.Connection, effect: CustomerRemoved) -> None:
    key = (rows.blob(effect.partner), rows.blob(effect.customer))
    _expect_one(connection.execute(SQL["remove_customer"], key))
    connection.execute(SQL["remove_events"], key)
    connection.execute(SQL["remove_redemptions"], key)


def _expect_one(cursor: sqlite3.Cursor) -> None:
    if cursor.rowcount != 1:
        raise ConflictError("the row is not as it was when this was decided")
