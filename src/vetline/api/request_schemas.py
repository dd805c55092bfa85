"""What requests may hold, as JSON schemas: as tolerant as the reading is."""

from typing import Any

from vetline.wire import words
from vetline.wire.audit import OPERATORS
from vetline.wire.paging import MAX_VALUE
from vetline.wire.reading import MAX_NUMBER
from vetline.wire.review import MAX_NOTE
from vetline.wire.webhooks import MAX_EVENTS

Schema = dict[str, Any]


def _text(limit: int, *, required: bool = False) -> Schema:
    """A text; numbers are read as text too, because clients send both."""
    text: Schema = {"type": "string", "maxLength": limit, "pattern": r"^[^\x00-\x1f]*$"}
    if required:
        text |= {"minLength": 1, "pattern": r"^[^\x00-\x1f]*[^\s\x00-\x1f][^\x00-\x1f]*$"}
        return {"anyOf": [text, _NUMBER]}
    return {"anyOf": [text, _NUMBER, {"type": "null"}]}


_NUMBER = {"type": "integer", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER}


def _qualification(*more: str | int) -> Schema:
    """Education as the whole body or in an object; GCC in an object, because it needs its code."""
    plain: Schema = {"enum": [words.EDUCATION, "education", 1, "1", *more]}
    government: Schema = {"enum": [words.GOVERNMENT, "government_community_cloud", 3, "3"]}
    members = {
        "educationSegment": {"enum": [*words.SEGMENTS, "", None]},
        "website": _text(2048),
        "validationCode": _text(128),
    }
    return {
        "anyOf": [
            plain,
            _object(members | {"qualification": plain}, "qualification"),
            _object(
                members | {"qualification": government, "validationCode": _text(128, required=True)},
                "qualification",
                "validationCode",
            ),
        ]
    }


def _object(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


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

_REGISTRATION: Schema = {
    "type": "object",
    "required": ["WebhookUrl", "WebhookEvents"],
    "properties": {
        # Where it may lead, no schema can say: docs/webhooks.md.
        "WebhookUrl": {"type": "string", "maxLength": 2048, "pattern": r"^\s*[Hh][Tt][Tt][Pp][Ss]?://"},
        "WebhookEvents": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_EVENTS,
            "items": {"type": "string", "maxLength": 128, "pattern": "^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$"},
        },
        "SignatureTokenToMsSignatureHeader": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
        "StandardWebhooksSecret": {
            "anyOf": [{"type": "string", "pattern": r"^\s*whsec_[A-Za-z0-9+/]{32,86}={0,2}\s*$"}, {"type": "null"}]
        },
    },
}

BODIES: dict[str, Schema] = {
    "create_qualification": _qualification(words.STATE_OWNED, 4, "4"),
    "update_qualification": _qualification(),
    "create_customer": _CUSTOMER,
    "change_billing": _BILLING,
    "approve": {"type": "object", "properties": {"note": _text(MAX_NOTE), "version": _VERSION}},
    "deny": {
        "type": "object",
        "required": ["reason"],
        "properties": {"reason": {"enum": list(words.REASONS)}, "note": _text(MAX_NOTE), "version": _VERSION},
    },
    "register_webhook": _REGISTRATION,
    "change_webhook": _REGISTRATION,
    "issue_code": {
        "type": "object",
        "required": ["validationId", "organizationName", "maxCreates"],
        "properties": {
            "validationId": _text(128, required=True),
            "organizationName": _text(256, required=True),
            "maxCreates": _COUNT,
            "remainingCreates": _COUNT,
        },
    },
}

FILTER: Schema = {
    "type": "object",
    "required": ["Field", "Value", "Operator"],
    "properties": {
        "Field": {"enum": ["CompanyName", "Domain"]},
        "Value": {"type": "string", "maxLength": MAX_VALUE},
        "Operator": {"enum": ["starts_with", "equals"]},
    },
}

_GUID: Schema = {"type": "string", "format": "uuid"}
AUDIT_FILTER: Schema = {
    "anyOf": [
        _object(
            {"Field": {"const": name}, "Value": value, "Operator": {"const": operator}}, "Field", "Value", "Operator"
        )
        for (name, operator), value in zip(
            OPERATORS.items(), (_text(MAX_VALUE, required=True), _GUID, _text(MAX_VALUE, required=True)), strict=True
        )
    ]
}
