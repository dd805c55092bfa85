"""The audit log, as partners read it."""

from vetline.api.call import Answer, Call
from vetline.api.translate import json_answer
from vetline.api.translate_audit import audit_query, audit_view, place_of, record_view
from vetline.desk.audit import AuditDesk
from vetline.wire import faults, headers
from vetline.wire.audit import read_audit_page
from vetline.wire.faults import FaultError


class AuditHandlers:
    """The operations on the audit log.

    Parameters:
        desk: what a partner may read of it.
    """

    def __init__(self, desk: AuditDesk) -> None:
        self._desk = desk

    async def audit_records(self, call: Call) -> Answer:
        """Answer with a page of records, the newest first."""
        page = read_audit_page(call.query, call.header(headers.CONTINUATION), call.now)
        query = audit_query(page, call.now)
        found = await self._desk.page(call.caller.tenant, query) if query else ()
        return json_answer(200, audit_view(list(found), page))

    async def audit_record(self, call: Call) -> Answer:
        """Answer with the record to which an event's `AuditUri` leads."""
        partner, wanted = call.caller.tenant, call.parameters["record"]
        if (place := place_of(wanted)) is None:
            raise FaultError(faults.NOT_FOUND)
        records = [record_view(one) for one in await self._desk.at(partner, *place)]
        found = next((record for record in records if record.id == wanted), None)
        if found is None:
            raise FaultError(faults.NOT_FOUND)
        return json_answer(200, found)
