"""What requests may hold, as JSON schemas: as tolerant as the reading is, by each contract."""

from typing import Any

from vetline.wire import words
from vetline.wire.audit import OPERATORS
from vetline.wire.contract import BodyForm, CodePlace, Contract, Details
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


def body_of(name: str, contract: Contract) -> Schema | None:
    """Return what the body of an operation's request may be; `None` where it has none."""
    if name in ("create_qualification", "update_qualification"):
        return _qualification(contract, synchronous=name == "update_qualification")
    return _BODIES.get(name)


def _qualification(contract: Contract, *, synchronous: bool) -> Schema:
    """What asks for a qualification: as the whole body, or in an object."""
    forms = contract.synchronous_bodies if synchronous else contract.bodies
    plain = _plain(contract, synchronous)
    bare = [one for one in plain if (BodyForm.TEXT if isinstance(one, str) else BodyForm.INTEGER) in forms]
    objects = _objects(contract, plain) if BodyForm.OBJECT in forms else []
    return {"anyOf": [*([{"enum": bare}] if bare else []), *objects]}


def _plain(contract: Contract, synchronous: bool) -> list[str | int]:
    """What can be asked for by a word alone: GCC where its code stands elsewhere."""
    names = [name for name in _SPELLED if name in contract.settable]
    absent = {words.STATE_OWNED} if synchronous else set()
    elsewhere = {words.GOVERNMENT} if CodePlace.BODY in contract.code_places else set()
    return [one for name in names if name not in absent | elsewhere for one in _SPELLED[name]]


def _objects(contract: Contract, plain: list[str | int]) -> list[Schema]:
    """Objects; that for GCC brings its code along, and where a segment is demanded Education has one."""
    code = {"validationCode": _text(128)}
    details = {"educationSegment": {"enum": [*words.SEGMENTS, "", None]}, "website": _text(2048)}
    members = code if contract.details is Details.IGNORED else code | details
    found = [_object(members | {"qualification": {"enum": plain}}, "qualification")]
    if contract.details is Details.REQUIRED:
        education = [one for one in plain if one in _SPELLED[words.EDUCATION]]
        others = [one for one in plain if one not in education]
        segment = {"qualification": {"enum": education}, "educationSegment": {"enum": list(words.SEGMENTS)}}
        found = [
            _object(members | {"qualification": {"enum": others}}, "qualification"),
            _object(members | segment, "qualification", "educationSegment"),
        ]
    if CodePlace.BODY in contract.code_places:
        government = {"qualification": {"enum": list(_SPELLED[words.GOVERNMENT])}}
        needed = {"validationCode": _text(128, required=True)}
        found.append(_object(members | government | needed, "qualification", "validationCode"))
    return found


# How clients write each qualification.
_SPELLED: dict[str, tuple[str | int, ...]] = {
    words.EDUCATION: (words.EDUCATION, "education", 1, "1"),
    words.STATE_OWNED: (words.STATE_OWNED, 4, "4"),
    words.GOVERNMENT: (words.GOVERNMENT, "government_community_cloud", 3, "3"),
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

_BODIES: dict[str, Schema] = {
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
