"""An exchange as the journal's JSON tells it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from vetline.sandbox.sight.journal.exchange import Caller, Ending, Exchange, head_lines


def told(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange with all that is kept of it."""
    return {
        **brief(exchange),
        "client": _caller(exchange.caller, exchange.header("user-agent")),
        "request": {
            "headers": headers_in(exchange.head),
            **_body(exchange.body, exchange.body_size),
        },
        "response": _answer(exchange),
    }


def brief(exchange: Exchange) -> dict[str, Any]:
    """Return what tells an exchange from others."""
    return {
        "number": exchange.number,
        "at": _moment(exchange.at),
        "machineAt": _moment(exchange.machine_at),
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "operation": exchange.operation,
        "requestId": exchange.header("ms-requestid"),
        "correlationId": exchange.header("ms-correlationid"),
        "status": exchange.status or None,
        "ending": exchange.ending.value,
        "milliseconds": milliseconds(exchange),
        "fault": exchange.fault or None,
        "probe": exchange.probe or None,
    }


def milliseconds(exchange: Exchange) -> float | None:
    """Return how long it took; `None` while it is open."""
    return None if exchange.ending is Ending.OPEN else round((exchange.ended - exchange.begun) * 1000, 2)


def headers_in(head: bytes) -> dict[str, str]:
    """Return headers by their names in lower case; values of one name stand together, with commas."""
    return _joined(head_lines(head))


def _joined(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in lines:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _answer(exchange: Exchange) -> dict[str, Any] | None:
    if not exchange.status:
        return None
    return {
        "status": exchange.status,
        "headers": headers_in(exchange.answer_head),
        **_body(exchange.answer_body, exchange.answer_size),
    }


def _body(kept: bytes, size: int) -> dict[str, Any]:
    return {"body": kept.decode("utf-8", "replace"), "bodySize": size}


def _caller(caller: Caller, user_agent: str) -> dict[str, Any]:
    return {
        "tenantId": caller.tenant,
        "application": caller.application,
        "user": caller.user,
        "appOnly": caller.app_only,
        "mfa": caller.mfa,
        "token": caller.token,
        "userAgent": user_agent,
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
