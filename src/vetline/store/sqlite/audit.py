"""What happened at a partner, asked of SQLite. Pure: the statement, its parameters, and the answer."""

import json
from typing import Any

from vetline.store.audit import UNTOLD, AuditPlace, AuditQuery, Happened, told
from vetline.store.sqlite import rows
from vetline.store.sqlite.apply import SQL
from vetline.store.sqlite.rows import Row


def asked(partner: str, query: AuditQuery) -> tuple[str, dict[str, Any]]:
    """Return the statement that finds what happened, and its parameters."""
    found = ["c.customer = :only"] if query.customer else []
    found += ["instr(c.name_key, :name) > 0"] if query.name else []
    events = ["e.customer = :only", *found] if query.customer else found
    bounds = {
        "partner": rows.blob(partner),
        "since": rows.micros(query.since),
        "at": rows.micros(query.before.at),
        "after": rows.blob(query.before.customer),
        "programme": query.before.programme,
        "step": query.before.version,
        "size": query.size,
        "steps": json.dumps(UNTOLD),
        "name": query.name.casefold(),
        "only": rows.blob(query.customer),
    }
    index = "events_key" if query.customer else "events_of_partner"
    conditions = {"events": " AND ".join(events or ["true"]), "customers": " AND ".join(found or ["true"])}
    return SQL["audit"].format(index=index, **conditions), bounds


def happened_of(row: Row) -> Happened:
    """Return what a row of ``audit`` tells."""
    customer = rows.customer_of(row[:6])
    at, programme, version, event, before = row[6:]
    return told(customer, AuditPlace(rows.moment(at), customer.id, programme, version), event, before)
