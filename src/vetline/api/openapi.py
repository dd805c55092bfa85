"""Describes the JSON interface as OpenAPI 3.1, from the routes and the messages themselves.

The description is as tolerant as the reading is: it promises what is answered, and admits all that is accepted.
"""

from typing import Any

import msgspec

from vetline import __version__
from vetline.api.router import Needs, Route
from vetline.wire import faults, words
from vetline.wire.customers import BillingProfileView, CompanyProfileView, CustomerCollection, CustomerView
from vetline.wire.faults import FaultBody, Throttled
from vetline.wire.qualifications import CodeRelationView, QualificationView, ValidationCodeView
from vetline.wire.review import MAX_NOTE, CaseView, QueueView

Schema = dict[str, Any]

_MESSAGES = (
    QualificationView,
    ValidationCodeView,
    CodeRelationView,
    CustomerView,
    CustomerCollection,
    CompanyProfileView,
    BillingProfileView,
    CaseView,
    QueueView,
    FaultBody,
    Throttled,
)

_GUID = r"^(\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"


def description(routes: list[Route]) -> bytes:
    """Return the OpenAPI document of the given routes, as JSON."""
    _, components = msgspec.json.schema_components(_MESSAGES, ref_template="#/components/schemas/{name}")
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
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
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }
    return msgspec.json.encode(document)


def _operation(route: Route) -> Schema:
    status, body = _SUCCESSES[route.handler.__name__]
    found: Schema = {
        "operationId": f"{route.method.lower()}{_identifier(route.path)}",
        "summary": route.summary,
        "description": f"Needs: {route.needs.value}. Source: {route.source}",
        "parameters": _parameters(route),
        "responses": {str(status): _success(body), **_failures(route)},
    }
    if (wanted := _BODIES.get(route.handler.__name__)) is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": wanted}}}
    return found


def _identifier(path: str) -> str:
    return "".join(part.strip("{}").title().replace("_", "") for part in path.split("/"))


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _array(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


_SUCCESSES: dict[str, tuple[int, Schema | None]] = {
    "list_qualifications": (200, _array("QualificationView")),
    "create_qualification": (201, _ref("QualificationView")),
    "get_qualification": (200, {"enum": sorted(set(words.SYNCHRONOUS.values()))}),
    "update_qualification": (200, {"enum": sorted(set(words.SYNCHRONOUS.values()))}),
    "codes": (200, _array("ValidationCodeView")),
    "relations": (200, _array("CodeRelationView")),
    "list_customers": (200, _ref("CustomerCollection")),
    "create_customer": (201, _ref("CustomerView")),
    "get_customer": (200, _ref("CustomerView")),
    "delete_customer": (204, None),
    "company": (200, _ref("CompanyProfileView")),
    "billing": (200, _ref("BillingProfileView")),
    "change_billing": (200, _ref("BillingProfileView")),
    "queue": (200, _ref("QueueView")),
    "case": (200, _ref("CaseView")),
    "approve": (200, _ref("CaseView")),
    "deny": (200, _ref("CaseView")),
    "issue_code": (200, _ref("ValidationCodeView")),
}


def _text(limit: int, *, required: bool = False) -> Schema:
    """A text; numbers are read as text too, because clients send both."""
    text: Schema = {"type": "string", "maxLength": limit, "pattern": r"^[^\x00-\x1f]*$"}
    if required:
        text |= {"minLength": 1, "pattern": r"^[^\x00-\x1f]*[^\s\x00-\x1f][^\x00-\x1f]*$"}
        return text
    return {"anyOf": [text, {"type": "integer"}, {"type": "null"}]}


_SETTABLE = {"enum": [*sorted(words.SETTABLE), 1, 3, 4, "1", "3", "4", "education", "government_community_cloud"]}

_QUALIFICATION: Schema = {
    "anyOf": [
        _SETTABLE,
        {
            "type": "object",
            "required": ["qualification"],
            "properties": {
                "qualification": _SETTABLE,
                "educationSegment": {"enum": [*words.SEGMENTS, "", None]},
                "website": _text(2048),
                "validationCode": _text(128),
            },
        },
    ]
}

_ADDRESS: Schema = {
    "type": "object",
    "required": ["country"],
    "properties": {
        "country": {"type": "string", "pattern": "^[A-Za-z]{2}$"},
        **{name: _text(256) for name in ("region", "city", "state", "addressLine1", "addressLine2", "postalCode")},
        **{name: _text(256) for name in ("firstName", "lastName", "phoneNumber")},
    },
}

_BILLING: Schema = {
    "type": "object",
    "required": ["email", "culture", "language", "companyName", "defaultAddress"],
    "properties": {
        "email": _text(320, required=True),
        "culture": _text(32, required=True),
        "language": _text(32, required=True),
        "companyName": _text(256, required=True),
        "defaultAddress": _ADDRESS,
        "firstName": _text(128),
        "lastName": _text(128),
    },
}

_CUSTOMER: Schema = {
    "type": "object",
    "required": ["companyProfile", "billingProfile"],
    "properties": {
        "companyProfile": {
            "type": "object",
            "required": ["domain"],
            "properties": {"domain": _text(253, required=True), "companyName": _text(256), "email": _text(320)},
        },
        "billingProfile": _BILLING,
    },
}

_VERSION = {"anyOf": [{"type": "integer"}, {"type": "null"}]}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000}

_BODIES: dict[str, Schema] = {
    "create_qualification": _QUALIFICATION,
    "update_qualification": _QUALIFICATION,
    "create_customer": _CUSTOMER,
    "change_billing": _BILLING,
    "approve": {"type": "object", "properties": {"note": _text(MAX_NOTE), "version": _VERSION}},
    "deny": {
        "type": "object",
        "required": ["reason"],
        "properties": {"reason": {"enum": list(words.REASONS)}, "note": _text(MAX_NOTE), "version": _VERSION},
    },
    "issue_code": {
        "type": "object",
        "required": ["organizationName", "maxCreates"],
        "properties": {
            "organizationName": _text(256, required=True),
            "maxCreates": _COUNT,
            "remainingCreates": _COUNT,
        },
    },
}

_QUERIES: dict[str, tuple[tuple[str, str, Schema], ...]] = {
    "create_qualification": (
        ("code", "The GCC validation code, in its older place.", {"type": "string", "maxLength": 128}),
    ),
    "update_qualification": (("code", "The GCC validation code.", {"type": "string", "maxLength": 128}),),
    "list_customers": (
        ("size", "How many at most; 0 for as many as a page holds.", {"type": "integer", "minimum": 0}),
        (
            "filter",
            'JSON such as {"Field":"CompanyName","Value":"Con","Operator":"starts_with"}, URL-encoded.',
            {"type": "string"},
        ),
        ("seekOperation", "Next, with the token of the page before.", {"enum": ["Next", "First"]}),
    ),
    "queue": (
        ("size", "How many cases at most.", {"type": "integer", "minimum": 1, "maximum": 200}),
        ("next", "The token of the page before.", {"type": "string"}),
    ),
}


def _parameters(route: Route) -> list[Schema]:
    segments = [segment[1:-1] for segment in route.path.split("/") if segment.startswith("{")]
    in_path = [{"name": name, "in": "path", "required": True, "schema": _path_schema(name)} for name in segments]
    in_query = [
        {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
        for name, text, schema in _QUERIES.get(route.handler.__name__, ())
    ]
    return [*in_path, *in_query]


def _path_schema(name: str) -> Schema:
    if name.endswith("_id"):
        return {"type": "string", "pattern": _GUID}
    if name == "qualification":
        return {"enum": sorted(words.SETTABLE)}
    return {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9-]+$"}


def _success(schema: Schema | None) -> Schema:
    if schema is None:
        return {"description": "Done", "headers": _HEADERS}
    return {"description": "Success", "headers": _HEADERS, "content": {"application/json": {"schema": schema}}}


_HEADERS = {name: {"schema": {"type": "string"}} for name in ("MS-RequestId", "MS-CorrelationId", "MS-CV", "X-Locale")}


def _failures(route: Route) -> dict[str, Schema]:
    """Every route can meet these; what exactly is in the fault's code and errorName, docs/wire.md lists them."""
    statuses = {fault.status for fault in faults.CATALOGUE} - {405}
    if route.needs is Needs.ANY_CALLER and route.method == "GET":
        statuses -= {408, 409, 413, 415}
    failures = {str(status): _failure("FaultBody") for status in sorted(statuses)}
    return {**failures, "429": _failure("Throttled")}


def _failure(name: str) -> Schema:
    return {"description": "Fault", "headers": _HEADERS, "content": {"application/json": {"schema": _ref(name)}}}
