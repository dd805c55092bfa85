"""The asynchronous client's resources: the names of `vetline.sdk.resources`, awaited.

What a method does, takes and raises is said there; a test compares the two.
"""

from vetline.sdk.async_resources.customers import (
    AsyncBillingProfiles,
    AsyncCompanyProfiles,
    AsyncCustomerResource,
    AsyncCustomers,
    AsyncProfiles,
)
from vetline.sdk.async_resources.partner import AsyncAuditRecords, AsyncValidations, AsyncWebhooks
from vetline.sdk.async_resources.qualifications import AsyncQualification
from vetline.sdk.async_resources.review import AsyncReview

__all__ = [
    "AsyncAuditRecords",
    "AsyncBillingProfiles",
    "AsyncCompanyProfiles",
    "AsyncCustomerResource",
    "AsyncCustomers",
    "AsyncProfiles",
    "AsyncQualification",
    "AsyncReview",
    "AsyncValidations",
    "AsyncWebhooks",
]
