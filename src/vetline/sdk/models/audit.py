"""Audit records."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vetline.sdk import reading
from vetline.sdk.dates import moment_of
from vetline.sdk.models.model import Model
from vetline.wire.reading import Members, folded


class AuditRecord(Model, frozen=True, kw_only=True):
    """One thing that was done for a partner.

    https://learn.microsoft.com/partner-center/developer/get-a-record-of-partner-center-activity-by-user

    Parameters:
        operation_type: such as ``update_customer_qualification``.
        operation_date: when, in UTC; `None` when it is not understood.
        operation_status: ``succeeded``, ``failed``, ``progress``, ``decline`` ...
        resource_old_value, resource_new_value: JSON in a text, as the service writes it.
        customized_data: further facts by their keys.
        raw: every member that came, under its name in lower case.
    """

    id: str
    operation_type: str = ""
    operation_date: datetime | None = None
    operation_status: str = ""
    partner_id: str = ""
    customer_id: str = ""
    customer_name: str = ""
    user_principal_name: str = ""
    application_id: str = ""
    resource_type: str = ""
    resource_old_value: str = ""
    resource_new_value: str = ""
    original_correlation_id: str = ""
    customized_data: Mapping[str, str] = {}
    raw: Mapping[str, Any] = {}


class AuditFilter(Model, frozen=True):
    """Which records are wanted.

    https://learn.microsoft.com/partner-center/developer/get-a-record-of-partner-center-activity-by-user

    Parameters:
        field: ``CompanyName``, ``CustomerId`` or ``ResourceType``.
        value: what to look for; case does not count.
        operator: ``substring`` for a name, ``equals`` for the others.
    """

    field: str
    value: str
    operator: str = "equals"


def audit_record_in(members: Members) -> AuditRecord:
    """Return an audit record from its members under their lower-case names."""
    given = members.get("customizeddata")
    pairs = [folded(one) for one in given] if isinstance(given, list) else []
    return AuditRecord(
        operation_date=moment_of(members.get("operationdate")),
        customized_data={reading.text(pair, "key"): reading.text(pair, "value") for pair in pairs},
        raw=members,
        **{name: reading.text(members, wire) for name, wire in _TEXTS.items()},
    )


_TEXTS = {
    "id": "id",
    "operation_type": "operationType",
    "operation_status": "operationStatus",
    "partner_id": "partnerId",
    "customer_id": "customerId",
    "customer_name": "customerName",
    "user_principal_name": "userPrincipalName",
    "application_id": "applicationId",
    "resource_type": "resourceType",
    "resource_old_value": "resourceOldValue",
    "resource_new_value": "resourceNewValue",
    "original_correlation_id": "originalCorrelationId",
}
