"""The blocking client's resources: the fluent path of Partner Center's own clients, one line a method.

`vetline.sdk.async_resources` has the same names, awaited; a test compares the two.
"""

from vetline.sdk.resources.customers import BillingProfiles, CompanyProfiles, CustomerResource, Customers, Profiles
from vetline.sdk.resources.partner import AuditRecords, Validations, Webhooks
from vetline.sdk.resources.qualifications import Qualification
from vetline.sdk.resources.review import Review

__all__ = [
    "AuditRecords",
    "BillingProfiles",
    "CompanyProfiles",
    "CustomerResource",
    "Customers",
    "Profiles",
    "Qualification",
    "Review",
    "Validations",
    "Webhooks",
]
