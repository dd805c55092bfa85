"""Who gets what from every operation: one row an operation, one cell a caller.

A cell is an expected status and, for a refusal, its code. The customers and the case are Contoso's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.processes import CONTOSO
from vetline.sandbox.contents.seeds import FABRIKAM_TENANT

TAILSPIN = "11111111-c0c0-4000-8000-000000000003"
FINE_ART = "11111111-c0c0-4000-8000-000000000006"

# Each caller as the kind of its token and its partner.
CALLERS: Mapping[str, tuple[str, str]] = {
    "nobody": ("nobody", CONTOSO),
    "app": ("app", CONTOSO),
    "user": ("user", CONTOSO),
    "user without MFA": ("user-without-mfa", CONTOSO),
    "other app": ("app", FABRIKAM_TENANT),
    "other user": ("user", FABRIKAM_TENANT),
    "reviewer": ("reviewer", ""),
    "administrator": ("administrator", ""),
}

Cell = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Row:
    """An operation.

    Parameters:
        path: with real identifiers.
        cells: what each caller gets.
        json: the body to send, `None` for none.
    """

    path: str
    cells: Mapping[str, Cell]
    json: Any = field(default=None, hash=False)


NO_TOKEN = (401, "400")
NO_MFA = (401, "900421")
APP_ONLY = (403, "900329")
NO_RIGHT = (403, "900308")
FOREIGN = (403, "20002")


def _cells(
    app: Cell, user: Cell, other_app: Cell, other_user: Cell, reviewer: Cell, administrator: Cell
) -> dict[str, Cell]:
    return dict(
        zip(CALLERS, (NO_TOKEN, app, user, NO_MFA, other_app, other_user, reviewer, administrator), strict=True)
    )


def _own(status: int) -> dict[str, Cell]:
    """What belongs to a partner: its application and its users, nobody else, not even the review desk."""
    done = (status, "")
    return _cells(done, done, FOREIGN, FOREIGN, FOREIGN, FOREIGN)


def _own_users(status: int) -> dict[str, Cell]:
    """What a partner's user alone may do."""
    return _cells(APP_ONLY, (status, ""), APP_ONLY, FOREIGN, FOREIGN, FOREIGN)


def _anybody(status: int) -> dict[str, Cell]:
    """What names no customer: everyone gets its own."""
    done = (status, "")
    return _cells(done, done, done, done, done, done)


def _nobodys(code: str) -> dict[str, Cell]:
    """What nobody has."""
    none = (404, code)
    return _cells(none, none, none, none, none, none)


_REVIEW = _cells(APP_ONLY, NO_RIGHT, APP_ONLY, NO_RIGHT, (200, ""), (200, ""))
_ADMIN = _cells(NO_RIGHT, NO_RIGHT, NO_RIGHT, NO_RIGHT, NO_RIGHT, (200, ""))

_CUSTOMER = f"/v1/customers/{TAILSPIN}"
_CASE = f"/vetline/v1/review/cases/{CONTOSO}/{FINE_ART}/Education"
_CASES = "/vetline/v1/review/cases/{partner_id}/{customer_id}/{qualification}"

ADDRESS = {"country": "US", "city": "Redmond", "state": "WA", "addressLine1": "1 Main St", "postalCode": "98052"}
BILLING = {
    "email": "head@school.example",
    "culture": "en-US",
    "language": "en",
    "companyName": "New School",
    "defaultAddress": ADDRESS,
}
NEW_CUSTOMER = {"companyProfile": {"domain": "school.example"}, "billingProfile": BILLING}

_WEBHOOK = "/webhooks/v1/registration"
_SENT = "/vetline/v1/webhooks/deliveries"
_HOOK = {"WebhookUrl": "http://127.0.0.1:9/", "WebhookEvents": ["test-created"]}
_NOBODYS = "00000000-0000-4000-8000-000000000000"

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/v1/customers/{customer_id}/qualifications"): Row(f"{_CUSTOMER}/qualifications", _own(200)),
    ("POST", "/v1/customers/{customer_id}/qualifications"): Row(
        f"{_CUSTOMER}/qualifications", _own_users(201), {"qualification": "Education"}
    ),
    ("GET", "/v1/customers/{customer_id}/qualification"): Row(f"{_CUSTOMER}/qualification", _own(200)),
    ("PUT", "/v1/customers/{customer_id}/qualification"): Row(f"{_CUSTOMER}/qualification", _own_users(200), 1),
    ("GET", "/v1/customers/all/validations"): Row("/v1/customers/all/validations", _anybody(200)),
    ("GET", "/v1/customers/{customer_id}/validations"): Row(f"{_CUSTOMER}/validations", _own(200)),
    ("GET", "/v1/customers"): Row("/v1/customers?size=500", _anybody(200)),
    ("POST", "/v1/customers"): Row("/v1/customers", _anybody(201), NEW_CUSTOMER),
    ("GET", "/v1/customers/{customer_id}"): Row(_CUSTOMER, _own(200)),
    ("DELETE", "/v1/customers/{customer_id}"): Row(_CUSTOMER, _own(204)),
    ("GET", "/v1/customers/{customer_id}/profiles/company"): Row(f"{_CUSTOMER}/profiles/company", _own(200)),
    ("GET", "/v1/customers/{customer_id}/profiles/billing"): Row(f"{_CUSTOMER}/profiles/billing", _own(200)),
    ("GET", "/v1/customers/{customer_id}/validationStatus"): Row(
        f"{_CUSTOMER}/validationStatus?type=account", _own_users(200)
    ),
    ("GET", "/v1/auditrecords"): Row("/v1/auditrecords", _anybody(200)),
    ("PUT", "/v1/customers/{customer_id}/profiles/billing"): Row(
        f"{_CUSTOMER}/profiles/billing", _own(200), BILLING
    ),
    ("GET", "/vetline/v1/review/queue"): Row("/vetline/v1/review/queue", _REVIEW),
    ("GET", _CASES): Row(_CASE, _REVIEW),
    ("POST", f"{_CASES}/approve"): Row(f"{_CASE}/approve", _REVIEW, {"note": "seen"}),
    ("POST", f"{_CASES}/deny"): Row(f"{_CASE}/deny", _REVIEW, {"reason": "Not an Education Customer"}),
    ("PUT", "/vetline/v1/admin/partners/{partner_id}/validations"): Row(
        f"/vetline/v1/admin/partners/{CONTOSO}/validations",
        _ADMIN,
        {"validationId": "31337", "organizationName": "Contoso, Inc.", "maxCreates": 2},
    ),
    ("GET", "/auditactivity/v1/auditrecords/{record}"): Row("/auditactivity/v1/auditrecords/none", _nobodys("1000")),
    # Everyone has webhooks of their own, and nobody has one yet.
    ("GET", _WEBHOOK): Row(_WEBHOOK, _nobodys("1000")),
    ("POST", _WEBHOOK): Row(_WEBHOOK, _anybody(200), _HOOK),
    ("PUT", _WEBHOOK): Row(_WEBHOOK, _nobodys("1000"), _HOOK),
    ("GET", f"{_WEBHOOK}/events"): Row(f"{_WEBHOOK}/events", _anybody(200)),
    ("POST", f"{_WEBHOOK}/validationEvents"): Row(f"{_WEBHOOK}/validationEvents", _nobodys("1000")),
    ("GET", f"{_WEBHOOK}/validationEvents/{{delivery_id}}"): Row(
        f"{_WEBHOOK}/validationEvents/{_NOBODYS}", _nobodys("1000")
    ),
    ("GET", _SENT): Row(_SENT, _anybody(200)),
    ("POST", f"{_SENT}/{{delivery_id}}/resend"): Row(f"{_SENT}/{_NOBODYS}/resend", _nobodys("1000")),
}  # fmt: skip
