"""What a believed delivery says is read tolerantly: any casing, unknown members, both names of the audit record."""

from datetime import UTC, datetime, timedelta

import pytest

from vetline.sdk.webhooks.events import read_event

SAMPLE = b"""{
    "EventName": "test-created",
    "ResourceUri": "http://api.partnercenter.microsoft.com/webhooks/v1/registration/validationEvents/c0bfd694",
    "ResourceName": "test",
    "AuditUri": null,
    "ResourceChangeUtcDate": "2017-11-16T16:19:06.3520276+00:00"
}"""


def test_the_documented_sample() -> None:
    """https://learn.microsoft.com/partner-center/developer/partner-center-webhooks#event-model."""
    event = read_event(SAMPLE)
    assert event.event_name == "test-created"
    assert event.resource_name == "test"
    assert event.resource_uri.endswith("c0bfd694")
    assert event.audit_uri is None
    assert event.resource_change_utc_date == datetime(2017, 11, 16, 16, 19, 6, 352027, UTC)
    assert event.raw["AuditUri"] is None


def test_any_casing_and_unknown_members() -> None:
    """Members are found in any case, and nothing is lost."""
    event = read_event(b'{"eventname":"x","RESOURCEURI":"u","resourceName":" n ","AuditUrl":"a","New":{"Member":[1]}}')
    assert (event.event_name, event.resource_uri, event.resource_name, event.audit_uri) == ("x", "u", "n", "a")
    assert event.raw["New"] == {"Member": [1]}
    assert event.raw["eventname"] == "x"


def test_the_audit_record_has_two_names() -> None:
    """The one that is filled counts."""
    assert read_event(b'{"EventName":"x","AuditUri":null,"AuditUrl":"a"}').audit_uri == "a"
    assert read_event(b'{"EventName":"x","AuditUri":"b"}').audit_uri == "b"


def test_members_of_another_kind_are_left_in_raw() -> None:
    """A member that is no text does not make a genuine event unreadable."""
    event = read_event(b'{"EventName":"x","ResourceUri":7,"ResourceName":null,"ResourceChangeUtcDate":20171116}')
    assert (event.resource_uri, event.resource_name, event.resource_change_utc_date) == ("", "", None)
    assert event.raw["ResourceUri"] == 7


@pytest.mark.parametrize(
    "text", ["2026-03-01T10:00:00Z", "2026-03-01T12:00:00.0000000+02:00", "2026-03-01T10:00:00", "2026-03-01 10:00:00Z"]
)
def test_the_time_is_utc_in_every_form(text: str) -> None:
    """Seven decimals, an offset, or none, which means UTC as the member's name says."""
    found = read_event(f'{{"EventName":"x","ResourceChangeUtcDate":"{text}"}}'.encode()).resource_change_utc_date
    assert found == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_the_delivery_id_is_the_bodys() -> None:
    """The same for the same bytes, another for others."""
    assert read_event(SAMPLE).delivery_id == read_event(SAMPLE).delivery_id
    assert read_event(SAMPLE).delivery_id != read_event(SAMPLE + b" ").delivery_id
