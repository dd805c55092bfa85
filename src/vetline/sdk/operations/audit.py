"""Audit records, as the real service documents them."""

from collections.abc import Mapping
from datetime import date, datetime

from vetline.sdk import reading
from vetline.sdk.models.audit import AuditFilter, AuditRecord, audit_record_in
from vetline.sdk.models.paging import Follow, Page, page_in
from vetline.sdk.operations.customers import filter_text
from vetline.sdk.operations.following import headers_of, path_of
from vetline.sdk.operations.operation import Operation, filled

RECORDS = "/v1/auditrecords"


def query_audit_records(
    start_date: date | None = None,
    end_date: date | None = None,
    wanted: AuditFilter | None = None,
    size: int | None = None,
) -> Operation[Page[AuditRecord]]:
    """Return the operation that reads the first page of audit records.

    https://learn.microsoft.com/partner-center/developer/get-a-record-of-partner-center-activity-by-user: without a
    start, the last 30 days; not more than 90 days back.
    """
    query = {"startDate": _day(start_date), "endDate": _day(end_date), "filter": filter_text(wanted), "size": size}
    return _page(filled(RECORDS, query), {})


def more_audit_records(follow: Follow) -> Operation[Page[AuditRecord]]:
    """Return the operation that follows a page's link to the next one.

    Raises:
        UnreadableAnswerError: it cannot be followed.
    """
    return _page(path_of(follow), headers_of(follow))


def _page(path: str, headers: Mapping[str, str]) -> Operation[Page[AuditRecord]]:
    return Operation(
        name="auditrecords.query",
        method="GET",
        route=RECORDS,
        path=path,
        headers=headers,
        read=lambda answer: page_in(reading.json_in(answer), audit_record_in),
    )


def _day(day: date | None) -> str:
    """Return a day as yyyy-mm-dd, the form that the documents show."""
    return "" if day is None else (day.date() if isinstance(day, datetime) else day).isoformat()
