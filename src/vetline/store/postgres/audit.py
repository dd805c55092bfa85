"""What happened at a partner, asked of PostgreSQL. Pure: the statement, its values, and the answer."""

from typing import Any

from vetline.store.audit import UNTOLD, AuditPlace, AuditQuery, Happened, told
from vetline.store.postgres import rows
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.rows import Row


def asked(partner: str, query: AuditQuery) -> tuple[str, list[Any]]:
    """Return the statement that finds what happened, and its values."""
    values: list[Any] = [partner, query.since, *query.before, query.size, UNTOLD]
    found = []
    if query.customer:
        values.append(query.customer)
        found.append(f"{{}}.customer = ${len(values)}")
    if query.name:
        values.append(query.name.casefold())
        found.append(f"strpos(c.name_key, ${len(values)}) > 0")
    conditions = " AND ".join(found or ["true"])
    return SQL["audit"].format(events=conditions.format("e"), customers=conditions.format("c")), values


def happened_of(row: Row) -> Happened:
    """Return what a row of ``audit`` tells."""
    customer = rows.customer_of(row[:6])
    at, programme, version, event, before = row[6:]
    return told(customer, AuditPlace(at, customer.id, programme, version), event, before)
