"""Says a contract file's requests through the client, and looks whether it understands the answers as the file does."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.contract.server import Server
from tests.support.sending import Received, Sent, send
from vetline import PartnerCenter, PartnerCenterError
from vetline.sdk.deciphering import error_of
from vetline.sdk.errors import InvalidArgumentError
from vetline.sdk.messages import RawAnswer, RawRequest
from vetline.sdk.models.audit import AuditFilter
from vetline.sdk.models.customers import CustomerFilter
from vetline.sdk.models.qualifications import CustomerQualificationRequest
from vetline.sdk.operations import audit, customers, qualifications, registrations, review
from vetline.sdk.operations.operation import Operation
from vetline.sdk.retrying import RetryPolicy

ONCE = RetryPolicy(attempts=1)
_BEARER = "Bearer "


class ThroughTheClient:
    """Sends what the client can say through the client, the rest as it is written.

    Attributes:
        said: the names of the operations that the client said, one for each exchange.
    """

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, server: Server, sent: Sent) -> Received:
        """Return the answer to a request, after both readers of it were compared."""
        operation = spoken(sent)
        if operation is None:
            found = send(server.http, sent)
            _agrees(None, found)
            return found
        self.said.append(operation.name)
        return _said(server, sent, operation)


def _said(server: Server, sent: Sent, operation: Operation[Any]) -> Received:
    answers: list[RawAnswer] = []
    token = sent.headers["Authorization"].removeprefix(_BEARER)
    own = {name: value for name, value in sent.headers.items() if name not in ("Authorization", "Content-Type")}

    def keep(request: RawRequest, answer: RawAnswer) -> None:
        assert request.body == b"" or json.loads(request.body) == json.loads(sent.body)
        answers.append(answer)

    with PartnerCenter(token, base_url=server.base, retry=ONCE, headers=own, on_answer=keep) as partner:
        try:
            result: Any = partner.send(operation)
        except PartnerCenterError as error:
            result = error
    received = Received(answers[0].status, {k: [v] for k, v in answers[0].headers.items()}, answers[0].body)
    _agrees(result, received)
    return received


def _agrees(result: Any, found: Received) -> None:
    """The client says what the answer says: the result for a success, the error with its code for a fault."""
    if found.status < 400:
        assert not isinstance(result, PartnerCenterError), result
        return
    headers = {name: ", ".join(values) for name, values in found.headers.items()}
    error = result if result is not None else error_of(RawAnswer(found.status, headers, found.body), 0.0)
    assert isinstance(error, PartnerCenterError)
    fault = json.loads(found.body) if found.body else {}
    assert error.status == found.status
    assert error.code == fault.get("code", "")
    assert error.error_name == fault.get("errorName", "")
    assert error.request_id == headers["ms-requestid"]
    assert error.correlation_id == headers["ms-correlationid"]
    assert error.description.startswith(fault.get("description") or fault.get("message") or "")


def spoken(sent: Sent) -> Operation[Any] | None:
    """Return the client's operation that sends exactly this request; `None` when it never would."""
    if not sent.headers.get("Authorization", "").startswith(_BEARER) or "," in sent.headers["Authorization"]:
        return None
    for make in _candidates(sent):
        try:
            operation = make()
        except (InvalidArgumentError, KeyError, TypeError, ValueError, AttributeError):
            continue
        if _is_same(operation, sent):
            return operation
    return None


def _is_same(operation: Operation[Any], sent: Sent) -> bool:
    if operation.method != sent.method or not _is_same_path(operation.path, sent.target):
        return False
    if set(operation.headers) - set(sent.headers):
        return False
    if not sent.body:
        return operation.body is None
    return operation.body is not None and operation.body == _json(sent.body)


def _is_same_path(ours: str, theirs: str) -> bool:
    one, other = urlsplit(ours), urlsplit(theirs)
    return one.path == other.path and parse_qs(one.query) == parse_qs(other.query)


def _candidates(sent: Sent) -> Iterator[Callable[[], Operation[Any]]]:
    parts = urlsplit(sent.target)
    segments = parts.path.strip("/").split("/")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    body: Any = _json(sent.body)
    if segments[:2] == ["webhooks", "v1"]:
        yield from _webhooks(segments[2:], sent.method, body)
    elif segments[:2] == ["vetline", "v1"]:
        yield from _review(segments, query, body)
    elif segments == ["v1", "customers"]:
        yield lambda: customers.list_customers(int(query["size"]), _filter(query))
        yield lambda: customers.create_customer(body)
    elif segments == ["v1", "auditrecords"]:
        yield lambda: audit.query_audit_records(None, None, _audit_filter(query), _size(query))
        yield lambda: audit.query_audit_records(date.fromisoformat(query["startDate"]), None, None, _size(query))
    elif segments[:2] == ["v1", "customers"] and len(segments) > 2:
        yield from _of_customer(segments[2], "/".join(segments[3:]), query, body)


def _of_customer(customer: str, rest: str, query: dict[str, str], body: Any) -> Iterator[Callable[[], Operation[Any]]]:
    match rest:
        case "":
            yield lambda: customers.get_customer(customer)
            yield lambda: customers.delete_customer(customer)
        case "qualifications":
            yield lambda: qualifications.get_qualifications(customer)
            yield lambda: qualifications.create_qualifications(customer, _request(body))
        case "qualification":
            yield lambda: qualifications.get_qualification(customer)
            yield lambda: qualifications.update_qualification(customer, body, query.get("code"))
        case "validations" if customer == "all":
            yield qualifications.get_validation_codes
        case "validations":
            yield lambda: qualifications.get_validation_relations(customer)
        case "profiles/company":
            yield lambda: customers.get_company_profile(customer)
        case "profiles/billing":
            yield lambda: customers.get_billing_profile(customer)


def _review(segments: list[str], query: dict[str, str], body: Any) -> Iterator[Callable[[], Operation[Any]]]:
    match segments[3:]:
        case ["queue"]:
            yield lambda: review.get_queue(int(query["size"]), query.get("next", ""))
        case ["cases", partner, customer, qualification]:
            yield lambda: review.get_case(partner, customer, qualification)
        case ["cases", partner, customer, qualification, "approve"]:
            yield lambda: review.approve(partner, customer, qualification, body.get("note", ""), body.get("version"))
        case ["cases", partner, customer, qualification, "deny"]:
            yield lambda: review.deny(
                partner, customer, qualification, body["reason"], body.get("note", ""), body.get("version")
            )


def _webhooks(segments: list[str], method: str, body: Any) -> Iterator[Callable[[], Operation[Any]]]:
    match method, segments:
        case "GET", ["registration"]:
            yield registrations.get_registration
        case "POST" | "PUT", ["registration"]:
            yield lambda: registrations.register(
                body["WebhookUrl"],
                body["WebhookEvents"],
                body.get("SignatureTokenToMsSignatureHeader"),
                replace=method == "PUT",
            )
        case "GET", ["registration", "events"]:
            yield registrations.get_events
        case "POST", ["registration", "validationEvents"]:
            yield registrations.send_test_event
        case "GET", ["registration", "validationEvents", event]:
            yield lambda: registrations.get_test_event(event)


def _request(body: Any) -> CustomerQualificationRequest:
    return CustomerQualificationRequest(
        body["qualification"], body.get("educationSegment"), body.get("website"), body.get("validationCode")
    )


def _filter(query: dict[str, str]) -> CustomerFilter | None:
    if "filter" not in query:
        return None
    wanted = json.loads(query["filter"])
    return CustomerFilter(wanted["Field"], wanted["Value"], wanted["Operator"])


def _audit_filter(query: dict[str, str]) -> AuditFilter | None:
    if "filter" not in query:
        return None
    wanted = json.loads(query["filter"])
    return AuditFilter(wanted["Field"], wanted["Value"], wanted["Operator"])


def _size(query: dict[str, str]) -> int | None:
    return int(query["size"]) if "size" in query else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
