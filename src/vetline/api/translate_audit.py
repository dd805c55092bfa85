"""Audit records, between the wire's words and ours.

No source tells what the records of a qualification hold in their values: they are ours, `docs/wire.md` says so.
"""

from datetime import datetime
from urllib.parse import quote

from vetline.api.translate import PROGRAMME_NAMES, REASON_TEXTS, STATUSES
from vetline.store.audit import AuditPlace, AuditQuery, Happened
from vetline.vetting.case import Event
from vetline.vetting.words import Programme
from vetline.wire import audit
from vetline.wire.audit import AuditCollection, AuditPage, AuditPosition, AuditRecordView, audit_token
from vetline.wire.customers import Attributes, Header, Link, Links
from vetline.wire.dates import is_midnight, moment_of_ticks, seven_decimals, ticks
from vetline.wire.paths import guid_of
from vetline.wire.reading import json_text

_PARTNER = "partner:"


def audit_query(page: AuditPage, now: datetime) -> AuditQuery | None:
    """Return a page in our words, one longer than asked; `None` when nothing can be on it.

    All that is recorded here is about customers, so another type of resource has no records.
    """
    kind = page.wanted(audit.RESOURCE_TYPE)
    if kind and kind.lower() != audit.CUSTOMER:
        return None
    after = page.after
    end = AuditPlace(page.until or now + audit.DAY)
    before = AuditPlace(after.at, after.customer, after.programme, after.version) if after else end
    name, customer = page.wanted(audit.COMPANY_NAME), page.wanted(audit.CUSTOMER_ID)
    return AuditQuery(page.since, before, page.size + 1, name, customer)


def audit_view(found: list[Happened], page: AuditPage) -> AuditCollection:
    """Return a page; the last of what was found only tells that another page follows."""
    shown, uri = found[: page.size], f"/auditrecords{_query(page)}"
    links, token = Links(Link(uri)), ""
    if len(found) > page.size:
        token = audit_token(page, AuditPosition(*shown[-1].place))
        links.next = Link(f"{uri}&seekOperation=Next", headers=[Header("MS-ContinuationToken", token)])
    items = [record_view(one) for one in shown]
    return AuditCollection(len(items), items, links, Attributes("Collection"), token)


def record_view(one: Happened) -> AuditRecordView:
    """Return one record."""
    customer = one.customer
    kind = audit.UPDATE_QUALIFICATION if one.event else audit.ADD_CUSTOMER
    return AuditRecordView(
        id=_id(one, kind),
        partner_id=customer.partner,
        customer_id=customer.id,
        customer_name=customer.company_name,
        user_principal_name=_who(one.event),
        resource_type=audit.CUSTOMER,
        resource_old_value=_qualification(one.programme, one.before) if one.before else "",
        resource_new_value=_qualification(one.programme, one.event) if one.event else _customer(one),
        operation_type=kind,
        operation_date=seven_decimals(one.place.at),
        operation_status=audit.SUCCEEDED,
        customized_data=[],
        attributes=Attributes("AuditRecord"),
    )


def _id(one: Happened, kind: str) -> str:
    """Return a record's id in the form of the real ones; the resource tells steps of one moment apart.

    Source: https://learn.microsoft.com/partner-center/developer/api-throttling-guidance (sample)
    """
    if one.event:
        return step_id(one.customer.partner, one.customer.id, one.programme, one.place.version, one.place.at)
    return "_".join([one.customer.partner, one.customer.id, kind.replace("_", ""), str(ticks(one.place.at))])


def step_id(partner: str, customer: str, programme: Programme, version: int, at: datetime) -> str:
    """Return the id of the record of a qualification's step."""
    kind, resource = audit.UPDATE_QUALIFICATION.replace("_", ""), f"{PROGRAMME_NAMES[programme].lower()}-{version}"
    return "_".join([partner, customer, resource, kind, str(ticks(at))])


def place_of(record: str) -> tuple[str, datetime] | None:
    """Return to which customer and when something happened, by its record's id; `None` when it is no such id."""
    _, _, rest = record.partition("_")
    customer, moment = guid_of(rest.partition("_")[0]), moment_of_ticks(rest.rpartition("_")[2])
    return (customer, moment) if customer and moment else None


def _who(event: Event | None) -> str:
    """Return the partner's user behind a step; who reviews, and what judges, is not told."""
    return event.actor.removeprefix(_PARTNER) if event and event.actor.startswith(_PARTNER) else ""


def _qualification(programme: Programme, event: Event) -> str:
    values = {
        "Qualification": PROGRAMME_NAMES[programme],
        "VettingStatus": STATUSES[event.stage],
        "VettingReason": REASON_TEXTS[event.reason] if event.reason else None,
    }
    return json_text({name: value for name, value in values.items() if value})


def _customer(one: Happened) -> str:
    customer = one.customer
    profile = {"TenantId": customer.id, "Domain": customer.domain, "CompanyName": customer.company_name}
    return json_text({"Id": customer.id, "CompanyProfile": profile})


def _query(page: AuditPage) -> str:
    """Return the query of a page for its links, in the order of the page's sample."""
    parts = [f"startDate={_date(page.since)}"]
    if page.until:  # a day alone was read as a whole
        parts.append(f"endDate={_date(page.until - audit.DAY if is_midnight(page.until) else page.until)}")
    parts.append(f"size={page.size}")
    if wanted := page.filter:
        operator = audit.OPERATORS[wanted.field]
        parts.append("filter=" + quote(json_text({"Field": wanted.field, "Value": wanted.value, "Operator": operator})))
    return "?" + "&".join(parts)


def _date(moment: datetime) -> str:
    return moment.date().isoformat() if is_midnight(moment) else quote(moment.isoformat().replace("+00:00", "Z"))
