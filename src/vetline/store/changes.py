"""What can be saved, as values. A change stands or falls as a whole, its remembered answer included."""

from datetime import datetime

import msgspec

from vetline.store.queue import Assignment, CaseKey
from vetline.store.records import Code, Customer, Remembered
from vetline.store.uploads import RowState, Upload, UploadRow, UploadState, Why
from vetline.store.webhooks import Delivery, Registration
from vetline.vetting.case import Case, Event


class CaseMoved(msgspec.Struct, frozen=True):
    """A case made one step; its version says which version it was decided on. Its partner is told, if it wants that."""

    case: Case
    event: Event


class CaseAssigned(msgspec.Struct, frozen=True):
    """A reviewer takes a case that waits for a person, or gives it back; conflicts when somebody else has it.

    Parameters:
        case: which.
        before: who had it, as the audit log names them; empty for nobody.
        assignment: who has it then, `None` for nobody.
    """

    case: CaseKey
    before: str
    assignment: Assignment | None


class CodeRedeemed(msgspec.Struct, frozen=True):
    """One creation of a validation code is used up for a customer; conflicts when none is left."""

    partner: str
    customer: str
    code: str
    at: datetime


class CodeIssued(msgspec.Struct, frozen=True):
    """A partner gets a validation code, or its particulars change."""

    code: Code


class CustomerAdded(msgspec.Struct, frozen=True):
    """A partner has a new customer."""

    customer: Customer


class CustomerChanged(msgspec.Struct, frozen=True):
    """A customer's particulars changed; its version says which version the change was made on."""

    customer: Customer


class CustomerRemoved(msgspec.Struct, frozen=True):
    """A customer is gone, with everything that was kept of it."""

    partner: str
    customer: str


class UploadBegun(msgspec.Struct, frozen=True):
    """A partner gives a file; its rows are still to come."""

    upload: Upload


class RowAdded(msgspec.Struct, frozen=True):
    """An upload gets a row."""

    row: UploadRow


class RowSettled(msgspec.Struct, frozen=True):
    """A row that waited was submitted, or failed; conflicts when it does not wait."""

    partner: str
    upload: str
    line: int
    state: RowState
    why: Why | None = None


class UploadMoved(msgspec.Struct, frozen=True):
    """An upload goes from one state to another; conflicts when it is not in the first. Its rows are counted anew."""

    partner: str
    upload: str
    before: UploadState
    after: UploadState


class WebhookAdded(msgspec.Struct, frozen=True):
    """A partner wants events; conflicts when it has a registration."""

    registration: Registration


class WebhookChanged(msgspec.Struct, frozen=True):
    """A partner's registration is another one; conflicts when it has none."""

    registration: Registration


class EventTold(msgspec.Struct, frozen=True):
    """A partner is told of something that is no move of a case: those bring their own delivery."""

    delivery: Delivery


UploadEffect = UploadBegun | RowAdded | RowSettled | UploadMoved
WebhookEffect = WebhookAdded | WebhookChanged | EventTold
CaseEffect = CaseMoved | CaseAssigned | CodeRedeemed | CodeIssued
Effect = CaseEffect | CustomerAdded | CustomerChanged | CustomerRemoved | UploadEffect | WebhookEffect


class Change(msgspec.Struct, frozen=True):
    """Effects that are saved together, and the answer that tells of them.

    Parameters:
        effects: in the order in which they are applied; may be empty.
        answer: kept for a retry of the same request; `None` when the request cannot be retried.
    """

    effects: tuple[Effect, ...] = ()
    answer: Remembered | None = None
