"""The messages of both qualification generations: what is sent, and every body form in which it arrives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import astuple

from vetline.wire import faults, words
from vetline.wire.contract import BodyForm, Casing, CodePlace, Contract, DateForm, Details, Shape
from vetline.wire.contracts import DOCUMENTED
from vetline.wire.faults import FaultError
from vetline.wire.reading import Members, folded, json_of, text_member

WHERE = "https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous"


class QualificationView(msgspec.Struct, rename="camel", omit_defaults=True):
    """One qualification as GET and POST answer it.

    Both date names are written with the same value: the .NET client binds `vettingCreateDate`, the GET samples show
    `vettingCreatedDate`. https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous
    """

    qualification: str
    vetting_status: str | None = None
    vetting_reason: str | None = None
    vetting_create_date: str | None = None
    vetting_created_date: str | None = None


class PreviewView(msgspec.Struct, rename="pascal", omit_defaults=True):
    """One qualification as the preview of 2020 answered it.

    Source: https://learn.microsoft.com/partner-center/developer/api-change-log (12/15/2020)
    """

    qualification: str
    vetting_status: str | None = None
    vetting_reason: str | None = None
    vetting_create_date: str | None = None
    vetting_created_date: str | None = None


class QualificationsView(msgspec.Struct):
    """Qualifications as the swagger answers them: `V2.CustomerQualifications`.

    Source: https://learn.microsoft.com/rest/api/partner-center/manage-customer-accounts/get-customer-qualifications
    """

    qualifications: list[QualificationView | PreviewView]


def shaped(views: Sequence[QualificationView], shape: Shape, casing: Casing = Casing.CAMEL) -> object:
    """Return qualifications in the shape of a contract; of several, one object is the first."""
    found = [PreviewView(*astuple(view)) if casing is Casing.PASCAL else view for view in views]
    if shape is Shape.OBJECT:
        return found[0] if found else {}
    return QualificationsView(list(found)) if shape is Shape.WRAPPED else found


class QualificationRequest(msgspec.Struct, frozen=True):
    """What a partner asks for, whatever the form it came in.

    Parameters:
        qualification: one of the settable names.
        education_segment: ``K12``, ``HigherEducation`` or `None`.
        website: free text, `None` when absent.
        validation_code: the GCC code, empty when absent.
    """

    qualification: str
    education_segment: str | None = None
    website: str | None = None
    validation_code: str = ""


def read_request(
    body: bytes, query: dict[str, str], contract: Contract = DOCUMENTED, *, synchronous: bool = False
) -> QualificationRequest:
    """Return the request in a POST or PUT, whose body may be an integer, a text or an object.

    Parameters:
        body: the raw body.
        query: the query's fields under their lower-case names; ``code`` is the older place of the GCC code.
        contract: which of these are understood.
        synchronous: whether it is a request of the synchronous generation.

    Raises:
        FaultError: says what is wrong with it.
    """
    if not body.strip():
        raise FaultError(faults.QUALIFICATION_REQUIRED)
    value = json_of(body)
    _check_form(value, contract.synchronous_bodies if synchronous else contract.bodies)
    members = folded(value) if isinstance(value, dict) else {"qualification": value}
    qualification = _settable(members.get("qualification"), contract.settable)
    detailed = contract.details is not Details.IGNORED
    in_body = text_member(members, "validationCode", limit=128) if CodePlace.BODY in contract.code_places else ""
    in_query = query.get("code", "").strip() if CodePlace.QUERY in contract.code_places else ""
    return QualificationRequest(
        qualification,
        _segment(members) if detailed and qualification == words.EDUCATION else None,
        text_member(members, "website") or None if detailed else None,
        _code(in_body, in_query),
    )


def _check_form(value: Any, forms: frozenset[BodyForm]) -> None:
    """Refuse a form of body that the contract does not know; what is none of the forms is refused elsewhere."""
    form = BodyForm.OBJECT if isinstance(value, dict) else BodyForm.TEXT if isinstance(value, str) else BodyForm.INTEGER
    if form not in forms and value is not None:
        known = " or ".join(one.value for one in BodyForm if one in forms)
        raise FaultError(faults.INVALID_INPUT, f"Invalid request input: the body must be {known}.")


def _settable(value: Any, settable: frozenset[str]) -> str:
    if value is None or value == "":
        raise FaultError(faults.QUALIFICATION_REQUIRED)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise FaultError(faults.INVALID_INPUT, "Invalid request input: the qualification must be a text or an integer.")
    name = words.qualification_named(value)
    if name is None:
        raise FaultError(faults.UNKNOWN_ENUM, value=str(value)[:100], where=WHERE)
    if name not in settable:
        raise FaultError(faults.QUALIFICATION_NOT_SETTABLE, None if settable == words.SETTABLE else _only(settable))
    return name


def _only(settable: frozenset[str]) -> str:
    known = " and ".join(name for name in words.QUALIFICATIONS if name in settable)
    return f"Invalid request input: only {known} can be set."


def _segment(members: Members) -> str | None:
    text = text_member(members, "educationSegment")
    if not text:
        return None
    segment = words.segment_named(text)
    if segment is None:
        raise FaultError(faults.UNKNOWN_ENUM, value=text[:100], where=WHERE)
    return segment


def _code(in_body: str, in_query: str) -> str:
    if in_body and in_query and in_body != in_query:
        raise FaultError(faults.CODE_CONFLICT)
    code = in_body or in_query
    if len(code) > 128:
        raise FaultError(faults.CODE_NOT_FOUND)
    return code


def date_text(moment: datetime, form: DateForm = DateForm.MILLISECONDS) -> str:
    """Return a moment in UTC; without a form as ISO 8601 with milliseconds and a Z, as the GET samples show it."""
    match form:
        case DateForm.MILLISECONDS:
            return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
        case DateForm.SECONDS:
            return moment.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
        case DateForm.SEVEN_DECIMALS:
            return moment.isoformat(timespec="microseconds").replace("+00:00", "0+00:00")
        case DateForm.PREVIEW:
            return moment.strftime("%m/%d/%Y: %H:%M:%S")


class ValidationCodeView(msgspec.Struct, rename="camel", omit_defaults=True):
    """One GCC validation code of a partner.

    Source: https://learn.microsoft.com/partner-center/developer/get-a-partner-s-validation-codes (6/3/2022)
    """

    partner_id: str
    organization_name: str
    validation_id: str
    max_creates: int
    remaining_creates: int
    e_tag: str


class CodeRelationView(msgspec.Struct, rename="camel", omit_defaults=True):
    """The code by which a customer was qualified for GCC: `GccValidationRelationship` of the swagger.

    Source: CustomerService.json, https://github.com/xdmushui/partner-center-sdk
    """

    partner_id: str
    customer_id: str
    validation_id: str
    organization_name: str
    e_tag: str


def etag_text(moment: datetime) -> str:
    """Return the Azure-table style tag of a code that was last changed at a moment in UTC.

    Source: https://learn.microsoft.com/partner-center/developer/get-a-partner-s-validation-codes (sample)
    """
    iso = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").replace(":", "%3A")
    return f"W/\"datetime'{iso}'\""
