"""Qualifications and validation codes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from vetline.sdk import reading
from vetline.sdk.dates import moment_of
from vetline.sdk.models.model import Model
from vetline.wire import words
from vetline.wire.reading import Members


class CustomerQualification(Model, frozen=True, kw_only=True):
    """One qualification of a customer. The names of the .NET enum stand on it: `CustomerQualification.EDUCATION`.

    All texts are open: what this version does not know is handed on as it came.
    https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous

    Parameters:
        qualification: ``Education``, ``GovernmentCommunityCloud``, ``StateOwnedEntity`` or another.
        vetting_status: ``InReview``, ``Approved``, ``Denied`` or another; `None` where nothing is vetted.
        vetting_reason: why it was denied; `None` otherwise.
        vetting_create_date: when the vetting began, in UTC; `None` when it is not said.
        raw: every member that came, under its name in lower case.
    """

    NONE: ClassVar[str] = words.NONE
    EDUCATION: ClassVar[str] = words.EDUCATION
    NONPROFIT: ClassVar[str] = words.NONPROFIT
    GOVERNMENT_COMMUNITY_CLOUD: ClassVar[str] = words.GOVERNMENT
    STATE_OWNED_ENTITY: ClassVar[str] = words.STATE_OWNED

    qualification: str
    vetting_status: str | None = None
    vetting_reason: str | None = None
    vetting_create_date: datetime | None = None
    raw: Mapping[str, Any] = {}

    @property
    def is_in_review(self) -> bool:
        """Whether it is being vetted."""
        return _same(self.vetting_status, words.IN_REVIEW)

    @property
    def is_approved(self) -> bool:
        """Whether the customer holds it: it is approved, or it is of a kind that is not vetted."""
        if self.vetting_status is None:
            return self.qualification not in _VETTED
        return _same(self.vetting_status, words.APPROVED)

    @property
    def is_denied(self) -> bool:
        """Whether it was refused."""
        return _same(self.vetting_status, words.DENIED)

    @property
    def is_decided(self) -> bool:
        """Whether nothing more is waited for."""
        return self.is_approved or self.is_denied


class CustomerQualificationRequest(Model, frozen=True):
    """What to ask for.

    https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous (06/28/2022)

    Parameters:
        qualification: ``Education``, ``GovernmentCommunityCloud`` or ``StateOwnedEntity``.
        education_segment: ``K12`` or ``HigherEducation``; the real service demands it for Education.
        website: the institution's website, for Education; it helps the vetting.
        validation_code: for GovernmentCommunityCloud, one of `validations.get_validation_codes()`.
    """

    qualification: str
    education_segment: str | None = None
    website: str | None = None
    validation_code: str | None = None


class ValidationCode(Model, frozen=True, kw_only=True):
    """A GCC validation code of the partner.

    https://learn.microsoft.com/partner-center/developer/get-a-partner-s-validation-codes

    Parameters:
        validation_id: the code itself.
        organization_name: whom it was given to.
        max_creates: how many customers it can qualify in all; `None` when it is not said.
        remaining_creates: how many are left; `None` when it is not said.
        partner_id: the partner's tenant.
        etag: changes with each use.
        raw: every member that came, under its name in lower case.
    """

    validation_id: str
    organization_name: str = ""
    max_creates: int | None = None
    remaining_creates: int | None = None
    partner_id: str = ""
    etag: str = ""
    raw: Mapping[str, Any] = {}


class ValidationRelation(Model, frozen=True, kw_only=True):
    """The code by which a customer was qualified for GCC.

    https://github.com/xdmushui/partner-center-sdk (CustomerService.json, GccValidationRelationship)
    """

    validation_id: str
    customer_id: str = ""
    partner_id: str = ""
    organization_name: str = ""
    etag: str = ""
    raw: Mapping[str, Any] = {}


def qualification_in(members: Members) -> CustomerQualification:
    """Return a qualification from its members under their lower-case names.

    Both date names count: `vettingCreateDate` and `vettingCreatedDate` stand in documents of the same service.

    Raises:
        ValueError: it names none.
    """
    named = reading.text(members, "qualification")
    if not named:
        raise ValueError("it names no qualification")
    return CustomerQualification(
        qualification=words.qualification_named(named) or named,
        vetting_status=_status(reading.text(members, "vettingStatus")),
        vetting_reason=reading.text(members, "vettingReason") or None,
        vetting_create_date=moment_of(members.get("vettingcreatedate")) or moment_of(members.get("vettingcreateddate")),
        raw=members,
    )


def validation_code_in(members: Members) -> ValidationCode:
    """Return a validation code from its members under their lower-case names."""
    return ValidationCode(
        validation_id=reading.text(members, "validationId"),
        organization_name=reading.text(members, "organizationName"),
        max_creates=reading.number(members, "maxCreates"),
        remaining_creates=reading.number(members, "remainingCreates"),
        partner_id=reading.text(members, "partnerId"),
        etag=reading.text(members, "eTag"),
        raw=members,
    )


def relation_in(members: Members) -> ValidationRelation:
    """Return a code's relation to a customer from its members under their lower-case names."""
    return ValidationRelation(
        validation_id=reading.text(members, "validationId"),
        customer_id=reading.text(members, "customerId"),
        partner_id=reading.text(members, "partnerId"),
        organization_name=reading.text(members, "organizationName"),
        etag=reading.text(members, "eTag"),
        raw=members,
    )


# Every sample shows these with a status, and StateOwnedEntity without.
# https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous
_VETTED = frozenset({words.EDUCATION, words.GOVERNMENT})
_STATUSES = {name.casefold(): name for name in (words.IN_REVIEW, words.APPROVED, words.DENIED)}


def _status(text: str) -> str | None:
    return _STATUSES.get(text.casefold(), text) or None


def _same(text: str | None, name: str) -> bool:
    return text is not None and text.casefold() == name.casefold()
