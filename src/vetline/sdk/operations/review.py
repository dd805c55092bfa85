"""The review desk: Vetline's own, no part of Partner Center.

A decision is not repeated when nobody knows whether it was done: the case's version tells, and a person looks again.
"""

from typing import Any

from vetline.sdk import reading
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.cases import Case, Queue, case_in
from vetline.sdk.operations.customers import members_in
from vetline.sdk.operations.operation import Operation, filled
from vetline.sdk.retrying import Repeat
from vetline.wire.reading import folded

QUEUE = "/vetline/v1/review/queue"
CASE = "/vetline/v1/review/cases/{partner_id}/{customer_id}/{qualification}"


def get_queue(size: int = 50, after: str = "") -> Operation[Queue]:
    """Return the operation that reads a page of the cases that wait for a person."""
    return Operation(
        name="review.queue", method="GET", route=QUEUE, path=filled(QUEUE, {"size": size, "next": after}), read=_queue
    )


def get_case(partner_id: str, customer_id: str, qualification: str) -> Operation[Case]:
    """Return the operation that reads one case with its evidence and history."""
    return Operation(
        name="review.case",
        method="GET",
        route=CASE,
        path=_path(CASE, partner_id, customer_id, qualification),
        read=_case,
    )


def approve(partner_id: str, customer_id: str, qualification: str, note: str, version: int | None) -> Operation[Case]:
    """Return the operation that approves a case."""
    return _decision(f"{CASE}/approve", partner_id, customer_id, qualification, {"note": note, "version": version})


def deny(
    partner_id: str, customer_id: str, qualification: str, reason: str, note: str, version: int | None
) -> Operation[Case]:
    """Return the operation that denies a case, or ends an approval, with one of the seven reasons."""
    body = {"reason": reason, "note": note, "version": version}
    return _decision(f"{CASE}/deny", partner_id, customer_id, qualification, body)


def _decision(
    route: str, partner_id: str, customer_id: str, qualification: str, body: dict[str, Any]
) -> Operation[Case]:
    return Operation(
        name=f"review.{route.rpartition('/')[2]}",
        method="POST",
        route=route,
        path=_path(route, partner_id, customer_id, qualification),
        body={name: value for name, value in body.items() if value not in (None, "")},
        read=_case,
        repeat=Repeat.ONLY_UNDONE,
    )


def _path(route: str, partner_id: str, customer_id: str, qualification: str) -> str:
    return filled(route, partner_id=partner_id, customer_id=customer_id, qualification=qualification)


def _case(answer: RawAnswer) -> Case:
    return case_in(members_in(answer))


def _queue(answer: RawAnswer) -> Queue:
    members = members_in(answer)
    items = members.get("items")
    found = [folded(one) for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    return Queue(items=tuple(case_in(one) for one in found), next=reading.text(members, "next"))
