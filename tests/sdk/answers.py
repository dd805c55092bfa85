"""Answers for the tests of reading: what was documented, and whatever else could come."""

from typing import Any

from hypothesis import strategies as st

from tests.sdk.driving import CUSTOMER
from tests.wire.spelling import JSON
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.customers import Address, BillingProfile
from vetline.sdk.models.paging import Follow
from vetline.sdk.operations import audit, customers, qualifications, registrations, review
from vetline.sdk.operations.operation import Operation

_BILLING = BillingProfile(
    email="a@b.test", culture="en-US", language="en", company_name="Contoso", default_address=Address()
)

OPERATIONS: list[Operation[Any]] = [
    qualifications.get_qualifications(CUSTOMER),
    qualifications.create_qualifications(CUSTOMER, "Education"),
    qualifications.get_qualification(CUSTOMER),
    qualifications.update_qualification(CUSTOMER, "Education"),
    qualifications.get_validation_codes(),
    qualifications.get_validation_relations(CUSTOMER),
    customers.list_customers(),
    customers.more_customers(Follow("/customers")),
    customers.get_customer(CUSTOMER),
    customers.create_customer({}),
    customers.delete_customer(CUSTOMER),
    customers.get_company_profile(CUSTOMER),
    customers.get_billing_profile(CUSTOMER),
    customers.update_billing_profile(CUSTOMER, _BILLING),
    audit.query_audit_records(),
    audit.more_audit_records(Follow("/auditrecords")),
    registrations.get_registration(),
    registrations.register("https://a.test", ["test-created"]),
    registrations.get_events(),
    registrations.send_test_event(),
    registrations.get_test_event("c"),
    review.get_queue(),
    review.get_case("p", "c", "Education"),
    review.approve("p", "c", "Education", "", None),
    review.deny("p", "c", "Education", "Not an Academic Domain", "", None),
]

# The members that are looked for, so that hypothesis finds them; each with any value.
_NAMES = st.sampled_from(
    [
        *("qualification", "qualifications", "vettingStatus", "vettingReason", "vettingCreateDate", "items", "links"),
        *("next", "uri", "headers", "key", "value", "totalCount", "companyProfile", "billingProfile", "address"),
        *("userCredentials", "password", "attributes", "etag", "customDomains", "results", "code", "description"),
        *("message", "error", "errorName", "data", "validationId", "maxCreates", "remainingCreates", "operationDate"),
        *("customizedData", "history", "finding", "evidence", "steps", "version", "date", "dateTimeUtc"),
        *("WebhookUrl", "WebhookEvents"),
    ]
)
_AWKWARD: st.SearchStrategy[Any] = st.sampled_from(
    [
        "",
        " ",
        "a\nb",
        "\x1b[31m",
        "9" * 5000,
        10**18,
        -1,
        1.5,
        1e300,
        [],
        {},
        [None],
        [[]],
        {"": ""},
        "9999-12-31T23:59:59-23:59",
    ]
)
HOSTILE_JSON: st.SearchStrategy[Any] = st.recursive(
    JSON | _AWKWARD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=20,
)
# Texts that no encoder would write, but that may come over a wire.
HOSTILE_BYTES: st.SearchStrategy[bytes] = st.binary(max_size=200) | st.sampled_from(
    [
        b"",
        b" \r\n",
        b"\xef\xbb\xbf",
        b"null",
        b"9" * 5000,
        b"-1e999",
        b'{"code":' + b"9" * 5000 + b"}",
        b'{"qualification":1e999}',
        b"[" * 5000,
        b'{"error":' * 2000,
        b'"\\ud800"',
        b'{"description":"\\ud800"}',
        b'{"code":NaN}',
        b"<html><script>",
        b"\xff\xfe{\x00}\x00",
        b"{} {}",
    ]
)
_HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "date", "ms-requestid", "ms-correlationid", "content-type"]), st.text(max_size=30)
)


def answers(statuses: st.SearchStrategy[int], bodies: st.SearchStrategy[bytes]) -> st.SearchStrategy[RawAnswer]:
    """Return answers with any headers that count."""
    return st.builds(RawAnswer, statuses, _HEADERS, bodies)
