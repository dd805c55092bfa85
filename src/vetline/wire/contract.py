"""What the documents of the same interface say differently, as values. `contracts.py` has each document's answers.

A value stands here only where two sources contradict each other. What they agree on, and what none of them says, is the
same in every contract.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from types import MappingProxyType

import msgspec

from vetline.wire import headers


class BodyForm(StrEnum):
    """What the body of a request for a qualification may be."""

    INTEGER = "an integer"
    TEXT = "a text"
    OBJECT = "an object"


class CodePlace(StrEnum):
    """Where the validation code stands."""

    QUERY = "?code="
    BODY = "validationCode"


class Details(StrEnum):
    """What becomes of the segment and the website beside a qualification."""

    IGNORED = "ignored"
    OPTIONAL = "read"
    REQUIRED = "segment required"


class Presence(StrEnum):
    """Whether a generation of the interface is there."""

    SERVED = "served"
    ABSENT = "404"
    RETIRED = "410"


class Shape(StrEnum):
    """What an answer with qualifications is."""

    ARRAY = "an array"
    OBJECT = "one object"
    WRAPPED = '{"qualifications": [...]}'


class Casing(StrEnum):
    """How the members of a qualification are written."""

    CAMEL = "camelCase"
    PASCAL = "PascalCase"


class DateForm(StrEnum):
    """How a moment is written, as an example."""

    MILLISECONDS = "2020-12-03T10:37:38.885Z"
    SECONDS = "2020-12-04T20:54:24Z"
    SEVEN_DECIMALS = "2021-05-06T19:59:56.6832020+00:00"
    PREVIEW = "07/09/2020: 00:00:00"


class Dated(msgspec.Struct, frozen=True):
    """Under which names, and how, a qualification says when its vetting began."""

    names: tuple[str, ...]
    form: DateForm


class ErrorShape(StrEnum):
    """What the body of an error has."""

    UNION = "all members, code as text"
    TEXT_CODE = "code as text, description, data, source"
    NUMBER_CODE = "code as number, description, data, source"
    EXTENDED = "code as number, message, description, errorName, isRetryable, parameters, errorMessageExtended"


class Mfa(Enum):
    """What becomes of a user who signed in without a second factor."""

    FAULT = "401 with the code 900421"
    TEXT = "401 with a plain text"
    UNKNOWN = "nothing"


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """How one document describes the interface. The values without a source are those that all others share.

    Parameters:
        name: by which it is chosen.
        what: whose contract it is, in words.
        asynchronous: whether there are /qualifications.
        synchronous: whether there is /qualification.
        bodies: what the body of POST /qualifications may be.
        synchronous_bodies: what the body of PUT /qualification may be.
        code_places: where the validation code is read.
        settable: which qualifications can be asked for.
        details: what becomes of segment and website.
        government_reviewed: GCC with a valid code begins in review.
        government_role_needed: GCC asks for a directory role.
        created_status: of the answer to POST.
        created_shape: of the answer to POST.
        created_date: when the vetting began, in the answer to POST.
        listed_shape: of the answer to GET.
        listed_casing: of the members in the answer to GET.
        listed_date: when the vetting began, in the answer to GET, but for GCC.
        government_date: when that of GCC began, in the answer to GET.
        relation_shape: of the answer to GET /validations of a customer.
        reasons: reasons that are spelled otherwise.
        words: how the synchronous generation spells its values.
        front_door_errors: what an error about who calls is.
        service_errors: what every other error is.
        bare_refusal: the synchronous refusal is a bare text.
        no_relationship: what is said of a stranger's customer; empty for the usual.
        mfa: what becomes of users without a second factor.
        content_type: of every answer with JSON.
        locale_twice: X-Locale says its locale twice.
        etag_required: a billing profile is only replaced with its etag.
        link_root: what links to customers begin with.
    """

    name: str
    what: str
    asynchronous: Presence = Presence.SERVED
    synchronous: Presence = Presence.SERVED
    bodies: frozenset[BodyForm] = frozenset(BodyForm)
    synchronous_bodies: frozenset[BodyForm] = frozenset(BodyForm)
    code_places: frozenset[CodePlace] = frozenset(CodePlace)
    settable: frozenset[str]
    details: Details = Details.OPTIONAL
    government_reviewed: bool = False
    government_role_needed: bool = False
    created_status: int = 201
    created_shape: Shape = Shape.OBJECT
    created_date: Dated
    listed_shape: Shape = Shape.ARRAY
    listed_casing: Casing = Casing.CAMEL
    listed_date: Dated
    government_date: Dated
    relation_shape: Shape = Shape.ARRAY
    reasons: Mapping[str, str] = MappingProxyType({})
    words: Mapping[str, str]
    front_door_errors: ErrorShape
    service_errors: ErrorShape
    bare_refusal: bool = False
    no_relationship: str = ""
    mfa: Mfa = Mfa.FAULT
    content_type: bytes = headers.JSON
    locale_twice: bool = False
    etag_required: bool = False
    link_root: str = ""
