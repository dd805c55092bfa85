"""Every documented variant of an answer is understood, and no answer at all breaks anything."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.answers import HOSTILE_BYTES, HOSTILE_JSON, OPERATIONS, answers
from tests.sdk.driving import CUSTOMER, SETTINGS, World, answer, written
from tests.wire.spelling import QUALIFICATIONS, spelled
from vetline import CustomerQualification
from vetline.sdk import errors
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.customers import Customer
from vetline.sdk.operations import audit, customers, qualifications, registrations, review
from vetline.sdk.operations.operation import Operation
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.settings import CallSettings, changed
from vetline.wire import words

ONCE = changed(SETTINGS, retry=RetryPolicy(attempts=1))
LIST = qualifications.get_qualifications(CUSTOMER)
CREATE = qualifications.create_qualifications(CUSTOMER, "Education")


def said(operation: Operation[Any], body: Any, status: int = 200) -> Any:
    """Return what an operation makes of a body."""
    return World([answer(status, body)]).call(operation, ONCE)


def only(body: Any) -> CustomerQualification:
    """Return the one qualification in a body."""
    found: list[CustomerQualification] = said(LIST, body)
    assert len(found) == 1
    return found[0]


def shown_by(world: World, operation: Operation[Any], settings: CallSettings) -> list[str]:
    """Return every text in which the result of a call, or its PartnerCenterError, shows itself."""
    try:
        return [repr(world.call(operation, settings))]
    except errors.PartnerCenterError as error:
        return [str(error), repr(error), repr(error.answer), repr(error.args)]


# contract.md, section 1.2: the elements of the GET samples.
SAMPLES = [
    ({"qualification": "Education", "vettingStatus": "Approved"}, ("Education", "Approved", None, False)),
    (
        {"qualification": "Education", "vettingStatus": "InReview", "vettingCreatedDate": "2020-12-03T10:37:38.885Z"},
        ("Education", "InReview", None, True),
    ),
    (
        {
            "qualification": "Education",
            "vettingStatus": "Denied",
            "vettingReason": "Not an Education Customer",
            "vettingCreatedDate": "2020-12-03T10:37:38.885Z",
        },
        ("Education", "Denied", "Not an Education Customer", True),
    ),
    ({"qualification": "StateOwnedEntity"}, ("StateOwnedEntity", None, None, False)),
    (
        {
            "qualification": "GovernmentCommunityCloud",
            "vettingStatus": "Approved",
            "vettingCreateDate": "2021-05-06T19:59:56.6832021+00:00",
        },
        ("GovernmentCommunityCloud", "Approved", None, True),
    ),
]


@pytest.mark.parametrize(("element", "expected"), SAMPLES)
@pytest.mark.parametrize("pascal", [False, True])
@pytest.mark.parametrize(
    "wrap", [lambda one: [one], lambda one: one, lambda one: {"qualifications": [one]}, lambda one: {"Items": [one]}]
)
def test_the_samples_in_every_wrapping_and_casing(wrap: Any, pascal: bool, element: Any, expected: Any) -> None:
    """An array, a single object, an array under a name; camelCase and PascalCase."""
    cased = {name[0].upper() + name[1:]: value for name, value in element.items()} if pascal else element
    found = only(wrap(cased))
    has_date = found.vetting_create_date is not None
    assert (found.qualification, found.vetting_status, found.vetting_reason, has_date) == expected


@pytest.mark.parametrize("name", ["vettingCreateDate", "vettingCreatedDate", "VettingCreatedDate", "VETTINGCREATEDATE"])
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-12-04T20:54:24Z", datetime(2020, 12, 4, 20, 54, 24, tzinfo=UTC)),
        ("2020-12-03T10:37:38.885Z", datetime(2020, 12, 3, 10, 37, 38, 885000, tzinfo=UTC)),
        ("2021-05-06T19:59:56.6832021+00:00", datetime(2021, 5, 6, 19, 59, 56, 683202, tzinfo=UTC)),
        ("2021-05-06T21:59:56+02:00", datetime(2021, 5, 6, 19, 59, 56, tzinfo=UTC)),
        ("2020-12-04T20:54:24", datetime(2020, 12, 4, 20, 54, 24, tzinfo=UTC)),
        ("07/09/2020: 00:00:00", datetime(2020, 7, 9, tzinfo=UTC)),
        ("6/1/2017 12:00:00 AM", datetime(2017, 6, 1, tzinfo=UTC)),
        ("6/1/2017 1:02:03 PM", datetime(2017, 6, 1, 13, 2, 3, tzinfo=UTC)),
    ],
)
def test_both_names_and_every_form_of_the_date(name: str, text: str, moment: datetime) -> None:
    """The documents of one service show all of them."""
    assert only([{"qualification": "Education", name: text}]).vetting_create_date == moment


@pytest.mark.parametrize("text", ["", "soon", 5, None, [], "13/13/2020: 00:00:00", "0001-01-01T00:00:00+23:59"])
def test_a_date_that_is_not_understood_is_none_and_stands_in_raw(text: Any) -> None:
    """Nothing is lost."""
    found = only([{"qualification": "Education", "vettingCreateDate": text}])
    assert found.vetting_create_date is None
    assert found.raw["vettingcreatedate"] == text


def test_the_other_date_counts_where_the_first_is_not_understood() -> None:
    """Both may be there."""
    found = only([{"qualification": "E", "vettingCreateDate": "?", "vettingCreatedDate": "2020-12-04T20:54:24Z"}])
    assert found.vetting_create_date == datetime(2020, 12, 4, 20, 54, 24, tzinfo=UTC)


def test_what_is_unknown_is_handed_on() -> None:
    """A new kind, status, reason or member breaks nobody; only what is known decides."""
    element = {"qualification": "Charity", "vettingStatus": "Appealed", "vettingReason": "New", "tier": {"A": 1}}
    found = only([element])
    assert (found.qualification, found.vetting_status, found.vetting_reason) == ("Charity", "Appealed", "New")
    assert found.raw == {name.lower(): value for name, value in element.items()}
    assert not found.is_decided


@given(st.data(), QUALIFICATIONS)
def test_names_in_any_spelling(data: st.DataObject, name: str) -> None:
    """Qualifications and statuses; the numbers of the .NET enum, too."""
    assert only([{"qualification": data.draw(spelled(name))}]).qualification == name
    number = words.QUALIFICATIONS.index(name)
    assert only([{"qualification": data.draw(st.sampled_from([number, str(number)]))}]).qualification == name


@pytest.mark.parametrize("text", ["inreview", "INREVIEW", "InReview"])
def test_a_status_in_any_casing(text: str) -> None:
    """It is told in one."""
    assert only([{"qualification": "Education", "vettingStatus": text}]).vetting_status == "InReview"


@pytest.mark.parametrize("kind", ["Education", "GovernmentCommunityCloud"])
@pytest.mark.parametrize("status", [None, "", 7, {}, "Unknown"])
def test_what_is_vetted_is_not_approved_without_a_word(kind: str, status: Any) -> None:
    """Only what is never vetted, such as StateOwnedEntity, is held without a status."""
    found = only([{"qualification": kind, "vettingStatus": status}])
    assert not found.is_approved
    assert not found.is_decided


@pytest.mark.parametrize("empty", [None, " ", [], {}, "null", {"qualifications": []}, b"\xef\xbb\xbf[]"])
def test_nobody_is_qualified(empty: Any) -> None:
    """An empty answer in every form."""
    assert said(LIST, empty) == []


@pytest.mark.parametrize(
    "strange", ["<html>", '"Education"', "5", "true", {"message": "hello"}, "[", b"\xff", b"{} {}"]
)
def test_what_is_no_qualification_is_an_error_that_holds_the_answer(strange: Any) -> None:
    """Rather than an approval that nobody gave."""
    with pytest.raises(errors.UnreadableAnswerError) as caught:
        said(LIST, strange)
    assert caught.value.category == "ResponseParsing"
    assert caught.value.answer is not None
    assert caught.value.answer.body == written(strange)
    assert caught.value.request_id


@pytest.mark.parametrize("status", [200, 201])
def test_what_was_created_is_found_among_several(status: int) -> None:
    """The swagger's answer lists all; the 201 is one."""
    both = [{"qualification": "StateOwnedEntity"}, {"qualification": "Education", "vettingStatus": "InReview"}]
    assert said(CREATE, {"qualifications": both}, status).qualification == "Education"
    assert said(CREATE, both[1], status).is_in_review


def test_a_creation_without_a_qualification_is_not_understood() -> None:
    """Success is not guessed."""
    for body in ("", "[]", "{}"):
        with pytest.raises(errors.UnreadableAnswerError):
            said(CREATE, body, 201)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('"education"', "Education"),
        ('"governmentcommunitycloud"', "GovernmentCommunityCloud"),
        ('"government_community_cloud"', "GovernmentCommunityCloud"),
        ('"Education"', "Education"),
        ("1", "Education"),
        ("3", "GovernmentCommunityCloud"),
        ("education", "Education"),
        (b'\xef\xbb\xbf"education"', "Education"),
        ('"none"', "None"),
        ("null", "None"),
        ("", "None"),
        ('{"Qualification":"Education"}', "Education"),
        ('"charity"', "charity"),
    ],
)
def test_the_one_value_in_every_form(body: Any, value: str) -> None:
    """A JSON text in three casings, a number, an object, and nothing."""
    assert said(qualifications.get_qualification(CUSTOMER), body) == value


@pytest.mark.parametrize("body", ["<html></html>", "[]", "true", "{}", '{"message":"hello"}'])
def test_the_one_value_is_not_guessed(body: str) -> None:
    """A page of a proxy is no qualification, an object without the member is not None."""
    with pytest.raises(errors.UnreadableAnswerError):
        said(qualifications.get_qualification(CUSTOMER), body)


def test_validation_codes() -> None:
    """contract.md, section 1.5; numbers may be texts, the code may be a number."""
    sample = {
        "partnerId": "P",
        "organizationName": "Contoso, Inc.",
        "validationId": "12345",
        "maxCreates": 5,
        "remainingCreates": "4",
        "eTag": "W/\"datetime'2018-10-10T18%3A49%3A58.727348Z'\"",
    }
    found, numbered = said(qualifications.get_validation_codes(), [sample, {"ValidationId": 987654}])
    assert (found.validation_id, found.max_creates, found.remaining_creates) == ("12345", 5, 4)
    assert (found.partner_id, found.organization_name, found.etag) == ("P", "Contoso, Inc.", sample["eTag"])
    assert (numbered.validation_id, numbered.max_creates) == ("987654", None)


def test_a_customer() -> None:
    """contract.md, sections 1.8 and 1.9."""
    body = {
        "Id": CUSTOMER,
        "commerceId": "c",
        "CompanyProfile": {
            "tenantId": CUSTOMER,
            "domain": "contoso.edu",
            "CompanyName": "Contoso",
            "address": {"city": "X"},
        },
        "billingProfile": {"email": "a@b.test", "attributes": {"etag": "-42"}, "defaultAddress": {"addressLine1": "1"}},
        "relationshipToPartner": "reseller",
        "allowDelegatedAccess": True,
        "customDomains": ["contoso.edu", 5],
        "userCredentials": {"userName": "admin", "password": "hush"},
    }
    found: Customer = said(customers.get_customer(CUSTOMER), body)
    assert (found.id, found.company_name, found.domain) == (CUSTOMER, "Contoso", "contoso.edu")
    assert (found.relationship_to_partner, found.allow_delegated_access) == ("reseller", True)
    assert (found.company_profile.address.city, found.custom_domains) == ("X", ("contoso.edu",))
    assert found.billing_profile is not None
    assert (found.billing_profile.etag, found.billing_profile.default_address.address_line1) == ("-42", "1")
    assert (found.user_name, found.password) == ("admin", "hush")
    assert "hush" not in repr(found)


def test_a_customer_without_its_parts() -> None:
    """Who may see less gets less: the company's address and the domains may be missing."""
    found: Customer = said(customers.get_customer(CUSTOMER), {"companyProfile": {"tenantId": CUSTOMER}})
    assert (found.id, found.billing_profile, found.custom_domains) == (CUSTOMER, None, ())


def test_an_audit_record() -> None:
    """contract.md, section 1.11."""
    record = {
        "id": "1",
        "operationType": "update_customer_qualification",
        "operationDate": "2017-06-15T22:56:05.0589308Z",
        "operationStatus": "succeeded",
        "customizedData": [{"key": "a", "value": "b"}, 5],
        "resourceNewValue": '{"Id":1}',
    }
    page = said(audit.query_audit_records(), {"totalCount": 1, "items": [record]})
    assert page.total_count == 1
    assert page.items[0].operation_date == datetime(2017, 6, 15, 22, 56, 5, 58930, tzinfo=UTC)
    assert page.items[0].customized_data["a"] == "b"
    assert page.items[0].resource_new_value == '{"Id":1}'


def test_a_webhook_registration_and_its_test() -> None:
    """contract.md, section 1.12."""
    body = {"SubscriberId": "s", "WebhookUrl": "https://a.test", "WebhookEvents": ["test-created", 5]}
    found = said(registrations.get_registration(), body)
    assert (found.url, found.events, found.subscriber_id) == ("https://a.test", ("test-created",), "s")
    assert said(registrations.get_events(), ["test-created"]) == ["test-created"]
    assert said(registrations.send_test_event(), {"correlationId": "c"}) == "c"
    results = [{"responseCode": "OK", "systemError": False, "dateTimeUtc": "2017-12-08T21:39:48.2386997"}]
    tested = said(registrations.get_test_event("c"), {"correlationId": "c", "status": "completed", "results": results})
    assert (tested.status, tested.results[0].response_code, tested.results[0].system_error) == (
        "completed",
        "OK",
        False,
    )


def test_a_case_on_the_review_desk() -> None:
    """Vetline's own."""
    finding = {"outcome": "review", "rule": "r", "evidence": [{"rule": "r", "saw": "x"}]}
    body = {"partnerId": "p", "stage": "Reviewing", "version": 3, "finding": finding, "history": [{"step": "submit"}]}
    found = said(review.get_case("p", "c", "Education"), body)
    assert (found.partner_id, found.version, found.history[0].step) == ("p", 3, "submit")
    assert found.finding.evidence[0].saw == "x"
    queue = said(review.get_queue(), {"items": [body, 5], "next": "n"})
    assert (len(queue.items), queue.next) == (1, "n")


STATUSES = st.integers(100, 999)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
@given(st.data())
def test_no_answer_breaks_anything(operation: Operation[Any], data: st.DataObject) -> None:
    """For every operation, any JSON or any bytes with any status are a result or a PartnerCenterError."""
    statuses = st.sampled_from([200, 201, 204]) if data.draw(st.booleans()) else STATUSES
    given_answer: RawAnswer = data.draw(answers(statuses, HOSTILE_JSON.map(msgspec.json.encode) | HOSTILE_BYTES))
    patient = changed(SETTINGS, retry=RetryPolicy(total_seconds=1e9))
    shown = shown_by(World([given_answer, answer(418)]), operation, patient)
    assert all(text.isprintable() for text in shown)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
@pytest.mark.parametrize("status", [200, 201, 400, 401, 500])
def test_no_secret_is_shown(operation: Operation[Any], status: int) -> None:
    """Neither by a result nor by an error nor by what they hold: no password, no token."""
    secret = {"userName": "admin", "password": "hush-password"}
    one = {"id": "1", "qualification": "Education", "userCredentials": secret, "access_token": "hush-token"}
    body = one | {"items": [one], "WebhookUrl": "https://a.test", "correlationId": "c"}
    world = World([answer(status, body, set_cookie="hush-cookie")] * 2)
    shown = shown_by(world, operation, ONCE)
    assert "hush" not in "".join(shown)
    assert "hush" not in repr(world.steps)
