"""Audit records: how they are asked for, and how they are answered.

Source: https://learn.microsoft.com/partner-center/developer/get-a-record-of-partner-center-activity-by-user
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from vetline.wire import faults
from vetline.wire.customers import Attributes, Links
from vetline.wire.dates import is_midnight, moment_in
from vetline.wire.faults import FaultError
from vetline.wire.paging import MAX_SIZE, MAX_VALUE, continues, filter_members, held_in, named, read_size, token_of
from vetline.wire.paths import guid_of
from vetline.wire.reading import required_text

# The page says so: 30 days by default, 90 at most.
USUAL: Final = timedelta(days=30)
FURTHEST: Final = timedelta(days=90)
DAY: Final = timedelta(days=1)

_LONG_AGO: Final = 1970

COMPANY_NAME: Final = "CompanyName"
CUSTOMER_ID: Final = "CustomerId"
RESOURCE_TYPE: Final = "ResourceType"
_FIELDS = {"companyname": COMPANY_NAME, "customerid": CUSTOMER_ID, "resourcetype": RESOURCE_TYPE}
# The operator that each field has, on the page above.
OPERATORS: Final = {COMPANY_NAME: "substring", CUSTOMER_ID: "equals", RESOURCE_TYPE: "equals"}
_OPERATORS = {operator: operator for operator in OPERATORS.values()}

# https://github.com/microsoft/partner-center-sdk-for-dotNET Models/Auditing (ResourceType, OperationType ...)
CUSTOMER: Final = "customer"
ADD_CUSTOMER: Final = "add_customer"
UPDATE_QUALIFICATION: Final = "update_customer_qualification"
SUCCEEDED: Final = "succeeded"


class Pair(msgspec.Struct):
    """A further fact of a record."""

    key: str
    value: str


class AuditRecordView(msgspec.Struct, rename="camel", omit_defaults=True):
    """One operation; the values before and after it are JSON in a text, with the members of .NET in their casing."""

    id: str
    partner_id: str
    customer_id: str
    customer_name: str
    resource_type: str
    operation_type: str
    operation_date: str
    operation_status: str
    attributes: Attributes
    user_principal_name: str = ""
    resource_old_value: str = ""
    resource_new_value: str = ""
    # No source says what it holds for these operations, and samples of others always have it.
    customized_data: list[Pair] | None = None


class AuditCollection(msgspec.Struct, rename="camel", omit_defaults=True):
    """A page of audit records; `totalCount` counts the page, as that of customers does."""

    total_count: int
    items: list[AuditRecordView]
    links: Links
    attributes: Attributes
    continuation_token: str = ""


class AuditFilter(msgspec.Struct, frozen=True):
    """Which records are wanted: a field, its only operator, and a value whose case does not count."""

    field: str
    value: str


class AuditPosition(msgspec.Struct, array_like=True, frozen=True):
    """Where a page ended."""

    at: datetime
    customer: str
    programme: str
    version: int


class _Continuation(msgspec.Struct, array_like=True):
    """A page that goes on: the .NET client sends nothing else when it continues."""

    after: AuditPosition
    since: datetime
    until: datetime | None
    size: int
    field: str = ""
    value: str = ""


class AuditPage(msgspec.Struct, frozen=True):
    """A page of audit records.

    Parameters:
        since: from which moment, UTC.
        until: up to which moment, which is left out; `None` for all that has happened yet.
        size: 1 to `MAX_SIZE`.
        filter: which records, `None` for all.
        after: where the page before ended; `None` for the first page.
    """

    since: datetime
    until: datetime | None
    size: int
    filter: AuditFilter | None = None
    after: AuditPosition | None = None

    def wanted(self, field: str) -> str:
        """Return the value that a field is filtered by; empty when it is not."""
        return self.filter.value if self.filter and self.filter.field == field else ""


def read_audit_page(query: dict[str, str], continuation: str, now: datetime) -> AuditPage:
    """Return the page that a query and a continuation token ask for.

    Parameters:
        query: the query's fields under their lower-case names.
        continuation: the MS-ContinuationToken header, empty when there is none.
        now: the moment, UTC.

    Raises:
        FaultError: InvalidInput, InvalidProperty or InvalidContinuation.
    """
    if continues(query) and continuation:
        return _continued(continuation)
    since, until = _window(query, now)
    return AuditPage(since, until, read_size(query), _filter(query.get("filter", "")))


def audit_token(page: AuditPage, after: AuditPosition) -> str:
    """Return the token that continues a page after its last record."""
    wanted = page.filter or AuditFilter("", "")
    return token_of(_Continuation(after, page.since, page.until, page.size, wanted.field, wanted.value))


def _window(query: dict[str, str], now: datetime) -> tuple[datetime, datetime | None]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = _moment(query, "startDate") or today - USUAL, _end(query)
    if since < today - FURTHEST:
        raise _refused(f"startDate must not be more than {FURTHEST.days} days ago.")
    if until and until <= since:
        raise _refused("endDate must not be before startDate.")
    return since, until


def _end(query: dict[str, str]) -> datetime | None:
    """Return where the window ends: a day alone belongs to it as a whole."""
    given = _moment(query, "endDate")
    if given is None or not is_midnight(given):
        return given
    try:
        return given + DAY
    except OverflowError:
        return None


def _moment(query: dict[str, str], name: str) -> datetime | None:
    text = query.get(name.lower(), "").strip()
    if not text or text.lower() == "null":
        return None
    if (found := moment_in(text)) is None:
        raise _refused(f"{name} must be a date such as 2026-03-01.")
    return found


def _filter(text: str) -> AuditFilter | None:
    if not text.strip():
        return None
    members = filter_members(text)
    field = named(_FIELDS, members.get("field"))
    if field is None or named(_OPERATORS, members.get("operator")) != OPERATORS[field]:
        known = ", ".join(f"{name} with {operator}" for name, operator in OPERATORS.items())
        raise _refused(f"filter by one of: {known}.")
    value = required_text(members, "Value", limit=MAX_VALUE, within="filter.")
    return AuditFilter(field, _customer(value) if field == CUSTOMER_ID else value)


def _customer(value: str) -> str:
    if (guid := guid_of(value)) is None:
        raise FaultError(faults.INVALID_CUSTOMER_ID)
    return guid


def _continued(token: str) -> AuditPage:
    held = held_in(token, _Continuation)
    if not _was_issued_here(held):
        raise FaultError(faults.INVALID_CONTINUATION)
    wanted = AuditFilter(held.field, held.value) if held.field else None
    return AuditPage(held.since, held.until, held.size, wanted, held.after)


def _was_issued_here(held: _Continuation) -> bool:
    moments = (held.after.at, held.since, held.until or held.after.at)
    named_well = held.field in ("", *OPERATORS) and "\0" not in held.after.programme + held.value
    guids = [held.after.customer, *([held.value] if held.field == CUSTOMER_ID else [])]
    return (
        named_well
        and 1 <= held.size <= MAX_SIZE
        and 0 <= held.after.version < 2**63
        and all(moment.tzinfo is not None and moment.year > _LONG_AGO for moment in moments)
        and all(guid_of(guid) == guid for guid in guids)
    )


def _refused(sentence: str) -> FaultError:
    return FaultError(faults.INVALID_INPUT, f"Invalid request input: {sentence}")
