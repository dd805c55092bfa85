"""How answers look where contracts differ, as JSON schemas."""

from typing import Any

from vetline.wire import faults
from vetline.wire.contract import Casing, Contract, ErrorShape, Mfa, Shape
from vetline.wire.fault_bodies import ExtendedFaultBody, FaultBody, PlainFaultBody
from vetline.wire.qualifications import PreviewView, QualificationView

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """Return what stands for one of the messages."""
    return {"$ref": f"#/components/schemas/{name}"}


def messages(contract: Contract) -> tuple[type, ...]:
    """Return the messages that only some contracts have, and those of what is Vetline's own."""
    shapes = {contract.front_door_errors, contract.service_errors, ErrorShape.UNION}
    errors = {_ERRORS[shape][0] for shape in shapes}
    preview = (PreviewView,) if contract.listed_casing is Casing.PASCAL else ()
    return (QualificationView, *preview, *sorted(errors, key=lambda one: one.__name__))


def without_other_dates(components: Schema, contract: Contract) -> Schema:
    """Return messages in which a qualification has the dates alone that a contract writes."""
    dated = (contract.created_date, contract.listed_date, contract.government_date)
    known = {name.lower() for one in dated for name in one.names}
    for message in {QualificationView.__name__, PreviewView.__name__} & {*components}:
        properties = components[message]["properties"]
        components[message]["properties"] = {
            name: one for name, one in properties.items() if not name.lower().endswith("date") or name.lower() in known
        }
    return components


def success_of(name: str, contract: Contract) -> tuple[int, Schema] | None:
    """Return the status and the schema of an operation's success where contracts differ; `None` where they don't."""
    match name:
        case "list_qualifications":
            view = PreviewView if contract.listed_casing is Casing.PASCAL else QualificationView
            return 200, _shaped(view.__name__, contract.listed_shape)
        case "create_qualification":
            shape = contract.created_shape
            one = ref(QualificationView.__name__)
            return contract.created_status, one if shape is Shape.OBJECT else _shaped(QualificationView.__name__, shape)
        case "relations":
            return 200, _shaped("CodeRelationView", contract.relation_shape)
        case "get_qualification" | "update_qualification":
            return 200, {"enum": sorted(set(contract.words.values()))}
    return None


def _shaped(name: str, shape: Shape) -> Schema:
    """Several of a message; where they are one object, of none it is an empty one."""
    several = {"type": "array", "items": ref(name)}
    match shape:
        case Shape.ARRAY:
            return several
        case Shape.OBJECT:
            return {"anyOf": [ref(name), {"type": "object", "maxProperties": 0}]}
        case Shape.WRAPPED:
            return {"type": "object", "required": ["qualifications"], "properties": {"qualifications": several}}


_ERRORS: dict[ErrorShape, tuple[type, Schema]] = {
    ErrorShape.UNION: (FaultBody, ref(FaultBody.__name__)),
    ErrorShape.TEXT_CODE: (
        PlainFaultBody,
        {"allOf": [ref(PlainFaultBody.__name__), {"properties": {"code": {"type": "string"}}}]},
    ),
    ErrorShape.NUMBER_CODE: (
        PlainFaultBody,
        {"allOf": [ref(PlainFaultBody.__name__), {"properties": {"code": {"type": "integer"}}}]},
    ),
    ErrorShape.EXTENDED: (ExtendedFaultBody, ref(ExtendedFaultBody.__name__)),
}


def failure_of(name: str, status: int, contract: Contract) -> Schema:
    """Return what an operation's error with a status may be, by media type."""
    origins = {fault.origin == faults.FRONT_DOOR for fault in faults.CATALOGUE if fault.status == status}
    shapes = {contract.front_door_errors if at_the_door else contract.service_errors for at_the_door in origins}
    found = [_ERRORS[shape][1] for shape in sorted(shapes)]
    if contract.bare_refusal and name == "update_qualification" and status == faults.TAGGING_DENIED.status:
        found.append({"type": "string"})
    content: Schema = {"application/json": {"schema": _any_of(found)}}
    if contract.mfa is Mfa.TEXT and status == faults.MFA_REQUIRED.status:
        content["text/plain"] = {"schema": {"type": "string"}}
    return content


def _any_of(found: list[Schema]) -> Schema:
    return found[0] if len(found) == 1 else {"anyOf": found}
