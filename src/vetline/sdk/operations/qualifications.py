"""Both generations of the qualification, and the validation codes."""

from collections.abc import Mapping
from typing import Any

from vetline.sdk import reading
from vetline.sdk.errors import InvalidArgumentError
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.qualifications import (
    CustomerQualification,
    CustomerQualificationRequest,
    ValidationCode,
    ValidationRelation,
    qualification_in,
    relation_in,
    validation_code_in,
)
from vetline.sdk.operations.operation import Operation, filled
from vetline.wire import words
from vetline.wire.reading import folded

QUALIFICATIONS = "/v1/customers/{customer_id}/qualifications"
QUALIFICATION = "/v1/customers/{customer_id}/qualification"
VALIDATIONS = "/v1/customers/{customer_id}/validations"

Wanted = CustomerQualificationRequest | Mapping[str, Any] | str
Code = ValidationCode | str | int | None


def get_qualifications(customer_id: str) -> Operation[list[CustomerQualification]]:
    """Return the operation that reads a customer's qualifications.

    https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous
    """
    return Operation(
        name="qualifications.list",
        method="GET",
        route=QUALIFICATIONS,
        path=filled(QUALIFICATIONS, customer_id=customer_id),
        read=_qualifications,
    )


def create_qualifications(
    customer_id: str, wanted: Wanted, validation_code: Code = None, request_id: str = ""
) -> Operation[CustomerQualification]:
    """Return the operation that asks for a qualification.

    https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous

    Raises:
        InvalidArgumentError: no qualification is named, or two different codes are given.
    """
    body = _body(_request(wanted), _code(validation_code))
    return Operation(
        name="qualifications.create",
        method="POST",
        route=QUALIFICATIONS,
        path=filled(QUALIFICATIONS, customer_id=customer_id),
        body=body,
        read=lambda answer: _created(answer, body["qualification"]),
        request_id=request_id,
    )


def get_qualification(customer_id: str) -> Operation[str]:
    """Return the operation that reads the one value of the synchronous generation.

    https://learn.microsoft.com/partner-center/developer/get-customer-qualification-synchronous
    """
    return Operation(
        name="qualification.get",
        method="GET",
        route=QUALIFICATION,
        path=filled(QUALIFICATION, customer_id=customer_id),
        read=_value,
    )


def update_qualification(
    customer_id: str, value: str, validation_code: Code = None, request_id: str = ""
) -> Operation[str]:
    """Return the operation that sets the one value of the synchronous generation.

    The value goes out in the swagger's snake case, which every service seen reads.
    https://learn.microsoft.com/rest/api/partner-center/manage-customer-accounts/update-customer-qualification

    Raises:
        InvalidArgumentError: no qualification is named.
    """
    name = _named(value)
    return Operation(
        name="qualification.update",
        method="PUT",
        route=QUALIFICATION,
        path=filled(QUALIFICATION, {"code": _code(validation_code)}, customer_id=customer_id),
        body=words.SYNCHRONOUS.get(name, name),
        read=_value,
        request_id=request_id,
    )


def get_validation_codes() -> Operation[list[ValidationCode]]:
    """Return the operation that reads the partner's validation codes.

    https://learn.microsoft.com/partner-center/developer/get-a-partner-s-validation-codes
    """
    return Operation(
        name="validations.list",
        method="GET",
        route="/v1/customers/all/validations",
        path="/v1/customers/all/validations",
        read=lambda answer: [validation_code_in(one) for one in _objects(answer, "items")],
    )


def get_validation_relations(customer_id: str) -> Operation[list[ValidationRelation]]:
    """Return the operation that reads the codes by which a customer was qualified.

    https://github.com/xdmushui/partner-center-sdk (CustomerService.json)
    """
    return Operation(
        name="customer.validations",
        method="GET",
        route=VALIDATIONS,
        path=filled(VALIDATIONS, customer_id=customer_id),
        read=lambda answer: [relation_in(one) for one in _objects(answer, "items")],
    )


def _objects(answer: RawAnswer, *wrappers: str) -> list[dict[str, Any]]:
    value = reading.json_in(answer) if answer.body.strip() else None
    return [] if value is None else reading.objects_in(value, *wrappers)


def _qualifications(answer: RawAnswer) -> list[CustomerQualification]:
    return [qualification_in(one) for one in _objects(answer, "qualifications", "items")]


def _created(answer: RawAnswer, name: str) -> CustomerQualification:
    found = _qualifications(answer)
    if not found:
        raise ValueError("it holds no qualification")
    return next((one for one in found if one.qualification == name), found[-1])


def _value(answer: RawAnswer) -> str:
    """Return the value by its .NET name. It was seen as a JSON text in three casings, and as a number."""
    try:
        value = reading.json_in(answer) if answer.body.strip() else words.NONE
    except ValueError:
        value = answer.text.strip()
    if isinstance(value, dict):
        value = folded(value).get("qualification", value)
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise ValueError("it is no name of a qualification")
    if isinstance(value, str) and value.lstrip().startswith("<"):
        raise ValueError("it is a page, not the name of a qualification")
    return words.NONE if value is None else words.qualification_named(value) or str(value)


def _request(wanted: Wanted) -> CustomerQualificationRequest:
    if isinstance(wanted, CustomerQualificationRequest):
        return wanted
    if isinstance(wanted, str):
        return CustomerQualificationRequest(wanted)
    if not isinstance(wanted, Mapping):
        raise InvalidArgumentError("Ask with a CustomerQualificationRequest, or with the name of a qualification.")
    members = folded(dict(wanted))
    return CustomerQualificationRequest(
        reading.text(members, "qualification"),
        reading.text(members, "educationSegment", "education_segment") or None,
        reading.text(members, "website") or None,
        reading.text(members, "validationCode", "validation_code") or None,
    )


def _body(request: CustomerQualificationRequest, code: str) -> dict[str, str]:
    if code and request.validation_code and code != request.validation_code:
        raise InvalidArgumentError("Two different validation codes are given; give one.")
    body = {
        "qualification": _named(request.qualification),
        "educationSegment": request.education_segment,
        "website": request.website,
        "validationCode": request.validation_code or code,
    }
    return {name: value for name, value in body.items() if value}


def _named(value: Any) -> str:
    """Return the wire's spelling of a name; a name that is not known here is sent as it is."""
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise InvalidArgumentError("Name a qualification, such as CustomerQualification.EDUCATION.")
    return words.qualification_named(text) or text


def _code(code: Code) -> str:
    if isinstance(code, ValidationCode):
        return code.validation_id
    return "" if code is None else str(code).strip()
