"""The one table of contracts: which side each document takes where they contradict each other, with its source.

docs/contract-variants.md shows it. Where a document is silent, its contract has the usual value of the others.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from vetline.wire import words
from vetline.wire.contract import (
    BodyForm,
    Casing,
    CodePlace,
    Contract,
    Dated,
    DateForm,
    Details,
    ErrorShape,
    Mfa,
    Presence,
    Shape,
)

CREATE_DATE: Final = "vettingCreateDate"
CREATED_DATE: Final = "vettingCreatedDate"

# https://github.com/xdmushui/partner-center-sdk develop/update-a-customer-s-qualification.md (12/07/2020)
_RUN_TOGETHER: Final = MappingProxyType({**words.SYNCHRONOUS, words.GOVERNMENT: "governmentcommunitycloud"})
_BOTH_DATES: Final = Dated((CREATE_DATE, CREATED_DATE), DateForm.MILLISECONDS)

DOCUMENTED: Final = Contract(
    name="documented",
    what="all documents at once, as far as that is possible; the usual one",
    settable=words.SETTABLE,
    government_role_needed=True,
    created_date=_BOTH_DATES,
    listed_date=_BOTH_DATES,
    government_date=_BOTH_DATES,
    words=words.SYNCHRONOUS,
    front_door_errors=ErrorShape.UNION,
    service_errors=ErrorShape.UNION,
)

LIVE: Final = Contract(
    name="live",
    what="the pages of learn.microsoft.com of today, and what the service was last seen to answer",
    # https://learn.microsoft.com/partner-center/developer/api-change-log (12/15/2020): to retire in February 2021. What
    # a retired address answers no source says; 404 is ours.
    synchronous=Presence.ABSENT,
    # https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous (06/28/2022)
    bodies=frozenset({BodyForm.OBJECT}),
    code_places=frozenset({CodePlace.BODY}),
    settable=words.SETTABLE,
    # https://github.com/kvamseek/partner-center announcements/includes/may-2023/customer-qualifications-apis.md
    details=Details.REQUIRED,
    # https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous: GDAP roles
    government_role_needed=True,
    # the same page: the sample of the answer
    created_date=Dated((CREATE_DATE,), DateForm.SECONDS),
    # https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous (samples)
    listed_date=Dated((CREATED_DATE,), DateForm.MILLISECONDS),
    government_date=Dated((CREATE_DATE,), DateForm.SEVEN_DECIMALS),
    words=words.SYNCHRONOUS,
    # https://github.com/microsoft/Partner-Center-DotNet-Samples/issues/140 (November 2025): code as text
    front_door_errors=ErrorShape.TEXT_CODE,
    # https://learn.microsoft.com/partner-center/developer/get-customer-validation-status (10/27/2021): code as number
    service_errors=ErrorShape.EXTENDED,
    # https://learn.microsoft.com/partner-center/developer/update-a-customer-s-billing-profile: If-Match is required
    etag_required=True,
    # https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers (sample)
    link_root="/v1",
)

SDK_3_4: Final = Contract(
    name="sdk-3.4",
    what="what Microsoft's last .NET client sends and binds (June 2023)",
    # https://github.com/microsoft/partner-center-sdk-for-dotNET has no call for it any more; 410 is ours
    synchronous=Presence.RETIRED,
    # the same, Models/Customers/V2/CustomerQualificationRequest.cs
    bodies=frozenset({BodyForm.OBJECT}),
    code_places=frozenset({CodePlace.BODY}),
    settable=words.SETTABLE,
    details=Details.REQUIRED,
    # the same, Models/Customers/V2/CustomerQualification.cs: no other name is bound
    created_date=Dated((CREATE_DATE,), DateForm.SEVEN_DECIMALS),
    listed_date=Dated((CREATE_DATE,), DateForm.SEVEN_DECIMALS),
    government_date=Dated((CREATE_DATE,), DateForm.SEVEN_DECIMALS),
    words=words.SYNCHRONOUS,
    # the same, ErrorHandling/DefaultPartnerServiceErrorHandler.cs: ApiFault has code, description, data
    front_door_errors=ErrorShape.TEXT_CODE,
    service_errors=ErrorShape.TEXT_CODE,
    # https://github.com/microsoft/Partner-Center-DotNet-Samples/issues/59: a sentence, and no fault
    mfa=Mfa.TEXT,
)

DOCS_2020: Final = Contract(
    name="docs-2020",
    what="the pages of December 2020: the asynchronous generation is announced, the synchronous one still there",
    # https://github.com/xdmushui/partner-center-sdk develop/update-customer-qualification-asynchronous.md (12/07/2020):
    # the enum's integer; (03/23/2021): an object
    code_places=frozenset({CodePlace.QUERY}),
    # the same page: Education and GovernmentCommunityCloud
    settable=frozenset({words.EDUCATION, words.GOVERNMENT}),
    details=Details.IGNORED,
    # the same page knows no other beginning than InReview
    government_reviewed=True,
    # the same page: the sample of the answer
    created_date=Dated((CREATE_DATE,), DateForm.SECONDS),
    # https://learn.microsoft.com/partner-center/developer/api-change-log (12/15/2020): the sample of GET
    listed_shape=Shape.OBJECT,
    listed_casing=Casing.PASCAL,
    listed_date=Dated((CREATED_DATE,), DateForm.PREVIEW),
    government_date=Dated((CREATED_DATE,), DateForm.PREVIEW),
    reasons=MappingProxyType({words.REASONS[0]: "Not an education customer"}),
    words=_RUN_TOGETHER,
    # https://github.com/xdmushui/partner-center-sdk develop/error-codes.md (11/13/2020)
    front_door_errors=ErrorShape.TEXT_CODE,
    service_errors=ErrorShape.TEXT_CODE,
    # https://github.com/microsoft/Partner-Center-PowerShell/issues/258 (January 2020)
    bare_refusal=True,
    # https://github.com/microsoft/BCTech/issues/34 (July 2020)
    mfa=Mfa.TEXT,
    # https://github.com/xdmushui/partner-center-sdk develop/get-customer-qualification-asynchronous.md (samples)
    content_type=b"application/json",
    etag_required=True,
)

DOCS_2018: Final = Contract(
    name="docs-2018",
    what="the pages of autumn 2018: the synchronous generation alone",
    # https://learn.microsoft.com/partner-center/developer/api-change-log (12/15/2020): the other one came in 2020
    asynchronous=Presence.ABSENT,
    # the page of 09/12/2018 sends the enum's integer; the clients of the time send its name:
    # https://github.com/microsoft/Partner-Center-PowerShell, https://github.com/microsoft/Partner-Center-Java
    synchronous_bodies=frozenset({BodyForm.INTEGER, BodyForm.TEXT}),
    code_places=frozenset({CodePlace.QUERY}),
    settable=frozenset({words.EDUCATION, words.GOVERNMENT}),
    details=Details.IGNORED,
    created_date=_BOTH_DATES,
    listed_date=_BOTH_DATES,
    government_date=_BOTH_DATES,
    words=_RUN_TOGETHER,
    # https://github.com/microsoft/Partner-Smart-Office/issues/12 (2018): code as number
    front_door_errors=ErrorShape.NUMBER_CODE,
    service_errors=ErrorShape.NUMBER_CODE,
    no_relationship="No relationship between caller and account.",
    bare_refusal=True,
    # https://learn.microsoft.com/partner-center/partner-security-requirements-mandating-mfa: since August 2019
    mfa=Mfa.UNKNOWN,
    # the page of 09/12/2018, its sample of 19 October 2018
    content_type=b"application/json",
    locale_twice=True,
    etag_required=True,
    # https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers (sample of November 2015)
    link_root="/v1",
)

SWAGGER: Final = Contract(
    name="swagger",
    what="CustomerService.json, and the REST reference that is made of it",
    # https://learn.microsoft.com/rest/api/partner-center/manage-customer-accounts/create-customer-qualifications
    bodies=frozenset({BodyForm.OBJECT}),
    # .../update-customer-qualification: one of the names
    synchronous_bodies=frozenset({BodyForm.TEXT}),
    code_places=frozenset({CodePlace.QUERY}),
    settable=words.SETTABLE,
    details=Details.IGNORED,
    created_status=200,
    created_shape=Shape.WRAPPED,
    created_date=Dated((CREATE_DATE,), DateForm.MILLISECONDS),
    # .../get-customer-qualifications: V2.CustomerQualifications
    listed_shape=Shape.WRAPPED,
    listed_date=Dated((CREATE_DATE,), DateForm.MILLISECONDS),
    government_date=Dated((CREATE_DATE,), DateForm.MILLISECONDS),
    # https://github.com/xdmushui/partner-center-sdk (CustomerService.json): one GccValidationRelationship
    relation_shape=Shape.OBJECT,
    words=words.SYNCHRONOUS,
    front_door_errors=ErrorShape.TEXT_CODE,
    service_errors=ErrorShape.TEXT_CODE,
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {one.name: one for one in (DOCUMENTED, LIVE, SDK_3_4, DOCS_2020, DOCS_2018, SWAGGER)}
)
