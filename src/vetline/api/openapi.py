"""Describes the JSON interface as OpenAPI 3.1, from the routes and the messages themselves.

The description is as tolerant as the reading is: it promises what is answered, and admits all that is accepted.
"""

import msgspec

from vetline import __version__
from vetline.api.contract_schemas import failure_of, messages, ref, success_of, without_other_dates
from vetline.api.holding import MAX_WAIT_SECONDS
from vetline.api.request_schemas import AUDIT_FILTER, FILTER, Schema, body_of
from vetline.api.router import Needs, Route
from vetline.api.translate_customers import ACCOUNT
from vetline.wire import faults, words
from vetline.wire.audit import AuditCollection
from vetline.wire.contract import CodePlace, Contract
from vetline.wire.contracts import DOCUMENTED
from vetline.wire.customers import (
    BillingProfileView,
    CompanyProfileView,
    CustomerCollection,
    CustomerView,
    ValidationStatusView,
)
from vetline.wire.fault_bodies import Throttled
from vetline.wire.qualifications import CodeRelationView, ValidationCodeView
from vetline.wire.review import CaseView, QueueView
from vetline.wire.webhooks import DeliveriesView, DeliveryView, RegistrationView, TestEventView, TestResultView

_MESSAGES = (
    ValidationCodeView,
    CodeRelationView,
    CustomerView,
    CustomerCollection,
    CompanyProfileView,
    BillingProfileView,
    ValidationStatusView,
    AuditCollection,
    CaseView,
    QueueView,
    RegistrationView,
    TestEventView,
    TestResultView,
    DeliveryView,
    DeliveriesView,
    Throttled,
)

# What is Vetline's own speaks one language, whatever the contract.
_OURS = "/vetline/"

_GUID = r"^(\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"


def description(routes: list[Route], contract: Contract = DOCUMENTED) -> bytes:
    """Return the OpenAPI document of the given routes, as JSON.

    Parameters:
        contract: which documents' interface they have.
    """
    known = (*messages(contract), *_MESSAGES)
    _, components = msgspec.json.schema_components(known, ref_template="#/components/schemas/{name}")
    paths: dict[str, Schema] = {}
    for route in routes:
        spoken = DOCUMENTED if route.path.startswith(_OURS) else contract
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, routes, spoken)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Vetline",
            "version": __version__,
            "description": "The customer-qualification part of the Partner Center API, and the review desk beside it.",
        },
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": without_other_dates(components, contract),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }
    return msgspec.json.encode(document)


def _operation(route: Route, routes: list[Route], contract: Contract) -> Schema:
    name = route.handler.__name__
    status, body = success_of(name, contract) or _SUCCESSES[name]
    found: Schema = {
        "operationId": name,
        "summary": route.summary,
        "description": f"Needs: {route.needs.value}. Source: {route.source}." + _remark(name, contract),
        "parameters": [*_parameters(route), *_code_parameter(name, contract)],
        "responses": {str(status): _success(body, _headers(name)) | _links(name, routes), **_failures(route, contract)},
    }
    if (wanted := body_of(name, contract)) is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": wanted}}}
    return found


def _links(name: str, routes: list[Route]) -> Schema:
    """Return the operations that can follow an answer, and where in it their parameters are."""
    if name not in _LINKS:
        return {}
    marker, parameters = _LINKS[name]
    following = [route.handler.__name__ for route in routes if marker in route.path]
    return {"links": {other: {"operationId": other, "parameters": parameters} for other in following}}


def _array(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


# Of those in which all contracts agree.
_SUCCESSES: dict[str, tuple[int, Schema | None]] = {
    "codes": (200, _array("ValidationCodeView")),
    "list_customers": (200, ref("CustomerCollection")),
    "create_customer": (201, ref("CustomerView")),
    "get_customer": (200, ref("CustomerView")),
    "delete_customer": (204, None),
    "company": (200, ref("CompanyProfileView")),
    "billing": (200, ref("BillingProfileView")),
    "change_billing": (200, ref("BillingProfileView")),
    "validation_status": (200, ref("ValidationStatusView")),
    "audit_records": (200, ref("AuditCollection")),
    "audit_record": (200, ref("AuditRecordView")),
    "queue": (200, ref("QueueView")),
    "case": (200, ref("CaseView")),
    "approve": (200, ref("CaseView")),
    "deny": (200, ref("CaseView")),
    "issue_code": (200, ref("ValidationCodeView")),
    "get_webhook": (200, ref("RegistrationView")),
    "register_webhook": (200, ref("RegistrationView")),
    "change_webhook": (200, ref("RegistrationView")),
    "webhook_events": (200, {"type": "array", "items": {"type": "string"}}),
    "test_webhook": (200, ref("TestEventView")),
    "tested_webhook": (200, ref("TestResultView")),
    "deliveries": (200, ref("DeliveriesView")),
    "resend_delivery": (200, ref("DeliveryView")),
}


_QUERIES: dict[str, tuple[Schema, ...]] = {
    "list_customers": (
        {
            "name": "size",
            "description": "How many at most; 0 for as many as a page holds.",
            "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
        },
        {
            "name": "filter",
            "description": "Which customers; case does not count.",
            "content": {"application/json": {"schema": FILTER}},
        },
        {
            "name": "seekOperation",
            "description": "Next continues where the header MS-ContinuationToken says; First, or no token, begins.",
            "schema": {"enum": ["Next", "First"]},
        },
    ),
    "validation_status": ({"name": "type", "required": True, "schema": {"enum": [ACCOUNT, "Account"]}},),
    "audit_records": (
        {
            "name": "startDate",
            "description": "From which day, in UTC; 30 days ago without it, and not more than 90 days ago.",
            "schema": {"type": "string"},
        },
        {
            "name": "endDate",
            "description": "Up to which day, that day included; today without it.",
            "schema": {"type": "string"},
        },
        {
            "name": "size",
            "description": "How many at most; 0 for as many as a page holds.",
            "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
        },
        {
            "name": "filter",
            "description": "Which records; case does not count.",
            "content": {"application/json": {"schema": AUDIT_FILTER}},
        },
        {
            "name": "seekOperation",
            "description": "Next continues where the header MS-ContinuationToken says; First, or no token, begins.",
            "schema": {"enum": ["Next", "First"]},
        },
    ),
    "queue": (
        {
            "name": "size",
            "description": "How many cases at most; the next page is at `next`, the token that this page ends with.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 200},
        },
    ),
}

_QUERIES["deliveries"] = (
    {"name": "state", "description": "Where they are.", "schema": {"enum": ["waiting", "delivered", "parked"]}},
    {"name": "customerId", "description": "Whose cases they tell of.", "schema": {"type": "string", "pattern": _GUID}},
)

# Any text may stand there: a preference that cannot be read is ignored, never refused.
_PREFERENCES: dict[str, str] = {
    "list_qualifications": (
        "`wait=10` holds the answer back until nothing is in review any more, or for so many seconds, at most "
        f"{MAX_WAIT_SECONDS} (RFC 7240); the answer then says so in Preference-Applied."
    ),
}

# What a description can't say in a schema: the pieces must agree with each other, or come from an earlier answer.
_REMARKS = {
    "change_billing": " Send the etag back, in If-Match or in the body's attributes; a stale one is refused.",
}

_CODE_REMARKS = {
    frozenset({CodePlace.QUERY, CodePlace.BODY}): " The GCC code may stand in the query as `code`; both must agree.",
    frozenset({CodePlace.QUERY}): " The GCC code stands in the query.",
}
_WITH_CODE = ("create_qualification", "update_qualification")


def _remark(name: str, contract: Contract) -> str:
    return _CODE_REMARKS.get(contract.code_places, "") if name in _WITH_CODE else _REMARKS.get(name, "")


def _code_parameter(name: str, contract: Contract) -> list[Schema]:
    """Where both places are there, a generated request would have two codes that do not agree."""
    if name not in _WITH_CODE or contract.code_places != {CodePlace.QUERY}:
        return []
    return [{"name": "code", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 128}}]


# Where an answer holds what the next request needs.
_LINKS: dict[str, tuple[str, dict[str, str]]] = {
    "create_customer": ("{customer_id}", {"customer_id": "$response.body#/id"}),
    "test_webhook": ("{delivery_id}", {"delivery_id": "$response.body#/correlationId"}),
    "queue": (
        "{qualification}",
        {
            "partner_id": "$response.body#/items/0/partnerId",
            "customer_id": "$response.body#/items/0/customerId",
            "qualification": "$response.body#/items/0/qualification",
        },
    ),
}


def _parameters(route: Route) -> list[Schema]:
    segments = [segment[1:-1] for segment in route.path.split("/") if segment.startswith("{")]
    in_path = [{"name": name, "in": "path", "required": True, "schema": _path_schema(name)} for name in segments]
    in_query = [{"in": "query", "required": False} | query for query in _QUERIES.get(route.handler.__name__, ())]
    return [*in_path, *in_query, *_preference(route)]


def _preference(route: Route) -> list[Schema]:
    if (said := _PREFERENCES.get(route.handler.__name__)) is None:
        return []
    return [{"name": "Prefer", "in": "header", "required": False, "description": said, "schema": {"type": "string"}}]


def _path_schema(name: str) -> Schema:
    if name.endswith("_id"):
        return {"type": "string", "pattern": _GUID}
    return {"type": "string", "minLength": 1} if name == "record" else {"enum": sorted(words.SETTABLE)}


def _success(schema: Schema | None, headers: Schema) -> Schema:
    if schema is None:
        return {"description": "Done", "headers": headers}
    return {"description": "Success", "headers": headers, "content": {"application/json": {"schema": schema}}}


_HEADERS = {name: {"schema": {"type": "string"}} for name in ("MS-RequestId", "MS-CorrelationId", "MS-CV", "X-Locale")}
_APPLIED = {"Preference-Applied": {"schema": {"type": "string", "pattern": "^wait=[0-9]+$"}}}


def _headers(name: str) -> Schema:
    return _HEADERS | _APPLIED if name in _PREFERENCES else _HEADERS


def _failures(route: Route, contract: Contract) -> dict[str, Schema]:
    """Every route can meet these; what exactly is in the fault's code and errorName, docs/wire.md lists them."""
    statuses = {fault.status for fault in faults.CATALOGUE} - {405, 410}
    if route.needs is Needs.ANY_CALLER and route.method == "GET":
        statuses -= {408, 409, 413, 415}
    name = route.handler.__name__
    failures = {str(status): _failure(failure_of(name, status, contract)) for status in sorted(statuses)}
    return {**failures, "429": _failure({"application/json": {"schema": ref("Throttled")}})}


def _failure(content: Schema) -> Schema:
    return {"description": "Fault", "headers": _HEADERS, "content": content}
