"""Asking for audit records: both date forms, the window, and tokens that bring back exactly what was asked."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.spelling import JSON
from vetline.wire import faults
from vetline.wire.audit import OPERATORS, AuditFilter, AuditPage, AuditPosition, audit_token, read_audit_page
from vetline.wire.dates import moment_in, seven_decimals, ticks
from vetline.wire.faults import FaultError
from vetline.wire.paging import MAX_SIZE

NOW = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60)
FILTERS = st.none() | st.one_of(
    st.builds(AuditFilter, st.sampled_from(("CompanyName", "ResourceType")), TEXTS),
    st.builds(AuditFilter, st.just("CustomerId"), st.uuids().map(str)),
)
POSITIONS = st.builds(
    AuditPosition, MOMENTS, st.uuids().map(str), st.sampled_from(("", "education")), st.integers(0, 99)
)


@given(MOMENTS, st.none() | MOMENTS, st.integers(1, MAX_SIZE), FILTERS, POSITIONS)
def test_a_token_brings_back_what_was_asked(
    since: datetime, until: datetime | None, size: int, wanted: AuditFilter | None, after: AuditPosition
) -> None:
    """Window, size, filter and place survive it."""
    page = AuditPage(since, until, size, wanted)
    found = read_audit_page({"seekoperation": "Next"}, audit_token(page, after), NOW)
    assert found == AuditPage(since, until, size, wanted, after)


@given(JSON)
def test_forged_tokens(value: object) -> None:
    """What was not made here is refused."""
    token = base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    with pytest.raises(FaultError) as refused:
        read_audit_page({}, token or "x", NOW)
    assert refused.value.fault is faults.INVALID_CONTINUATION


@pytest.mark.parametrize(
    "held",
    [
        [["2026-01-01T00:00:00", "11111111-c0c0-4000-8000-000000000001", "", 0], "2026-01-01T00:00:00Z", None, 5],
        [["0001-01-01T00:00:00Z", "11111111-c0c0-4000-8000-000000000001", "", 0], "2026-01-01T00:00:00Z", None, 5],
        [["2026-01-01T00:00:00Z", "x", "", 0], "2026-01-01T00:00:00Z", None, 5],
        [["2026-01-01T00:00:00Z", "11111111-c0c0-4000-8000-000000000001", "\0", 0], "2026-01-01T00:00:00Z", None, 5],
        [["2026-01-01T00:00:00Z", "11111111-c0c0-4000-8000-000000000001", "", 0], "2026-01-01T00:00:00Z", None, 501],
        [["2026-01-01T00:00:00Z", "11111111-c0c0-4000-8000-000000000001", "", 0], "2026-01-01T00:00:00Z", None, 5, "a"],
    ],
)
def test_tokens_beyond_the_limits(held: object) -> None:
    """Nothing can be widened by hand."""
    token = base64.urlsafe_b64encode(json.dumps(held).encode()).decode()
    with pytest.raises(FaultError) as refused:
        read_audit_page({}, token, NOW)
    assert refused.value.fault is faults.INVALID_CONTINUATION


@given(MOMENTS.map(lambda moment: moment.replace(microsecond=0)))
def test_the_dotnet_form_of_a_moment(moment: datetime) -> None:
    """Month before day, twelve hours, no leading noughts."""
    hour, half = moment.hour % 12 or 12, "AM" if moment.hour < 12 else "PM"
    text = f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment.minute:02}:{moment.second:02} {half}"
    assert moment_in(text) == moment


@given(MOMENTS)
def test_the_documented_form_of_a_moment(moment: datetime) -> None:
    """ISO 8601; seven decimals are what .NET writes, and are read again."""
    assert moment_in(moment.isoformat()) == moment_in(seven_decimals(moment)) == moment


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    """It is a moment or it is none."""
    assert moment_in(text) is None or isinstance(moment_in(text), datetime)


def test_the_window_without_dates() -> None:
    """The last thirty days, up to now."""
    found = read_audit_page({}, "", NOW)
    assert (found.since, found.until, found.size) == (datetime(2026, 2, 18, tzinfo=UTC), None, MAX_SIZE)


@pytest.mark.parametrize("form", ["2026-03-01", "3/1/2026 12:00:00 AM", "3/1/2026", "2026-03-01T00:00:00Z"])
def test_the_last_day_belongs_to_the_window(form: str) -> None:
    """In every form; a moment ends it where it says."""
    found = read_audit_page({"startdate": form, "enddate": form}, "", NOW)
    assert (found.since, found.until) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    noon = read_audit_page({"startdate": form, "enddate": "2026-03-01T12:00:00Z"}, "", NOW)
    assert noon.until == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_ninety_days_and_not_one_more() -> None:
    """The ninetieth day is whole."""
    furthest = NOW.date() - 90 * DAY
    assert read_audit_page({"startdate": furthest.isoformat()}, "", NOW).since.date() == furthest
    for query in ({"startdate": (furthest - DAY).isoformat()}, {"startdate": "0001-01-01"}):
        with pytest.raises(FaultError, match="90 days"):
            read_audit_page(query, "", NOW)


@pytest.mark.parametrize("operator", ["starts_with", "substring", "equals", "Sub_String", 5, None])
@pytest.mark.parametrize("field", list(OPERATORS))
def test_each_field_has_one_operator(field: str, operator: object) -> None:
    """The others are refused, with those that are known."""
    value = "11111111-c0c0-4000-8000-000000000001"
    query = {"filter": json.dumps({"field": field, "value": value, "OPERATOR": operator})}
    if isinstance(operator, str) and operator.replace("_", "").lower() == OPERATORS[field]:
        assert read_audit_page(query, "", NOW).filter == AuditFilter(field, value)
        return
    with pytest.raises(FaultError, match="CompanyName with substring, CustomerId with equals"):
        read_audit_page(query, "", NOW)


def test_ticks() -> None:
    """The moment of a documented id: 636331234567890123 lies in June 2017."""
    assert ticks(datetime(1970, 1, 1, tzinfo=UTC)) == 621_355_968_000_000_000
    assert ticks(datetime(2017, 6, 15, 22, 56, 5, 58930, tzinfo=UTC)) == 636_331_641_650_589_300
