"""The closed vocabulary of vetting. Wire spellings live in `vetline.wire`; these words never leave the service."""

from enum import StrEnum


class Programme(StrEnum):
    """What a customer can be qualified for."""

    EDUCATION = "education"
    GOVERNMENT = "government"
    STATE_OWNED = "state-owned"


class Segment(StrEnum):
    """Which part of education a customer says it belongs to."""

    K12 = "k12"
    HIGHER = "higher"


class Stage(StrEnum):
    """Where a case stands. Only these, and only along `transitions.TRANSITIONS`."""

    NEW = "new"
    SCREENING = "screening"
    REVIEWING = "reviewing"
    APPROVED = "approved"
    DENIED = "denied"
    HELD = "held"


class FourEyes(StrEnum):
    """Which decisions of a person take effect only when a second person agrees."""

    DENIALS = "denials"
    GOVERNMENT = "government"


class Reason(StrEnum):
    """Why a case was denied: seven reasons, no other.

    Source: https://learn.microsoft.com/partner-center/developer/api-change-log (12/15/2020)
    """

    NOT_EDUCATION = "not-education"
    NO_LONGER_EDUCATION = "no-longer-education"
    NOT_EDUCATION_AFTER_REVIEW = "not-education-after-review"
    RESTRICTED = "restricted"
    NOT_ACADEMIC_DOMAIN = "not-academic-domain"
    NOT_ELIGIBLE_LIBRARY = "not-eligible-library"
    NOT_ELIGIBLE_MUSEUM = "not-eligible-museum"
