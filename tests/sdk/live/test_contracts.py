"""The client against every contract: whatever documents a service goes by, it says the same things of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.processes import CONTOSO, Sandbox
from vetline import AsyncPartnerCenter, CustomerQualificationRequest, PartnerCenter
from vetline.clock import SystemClock
from vetline.sdk import errors
from vetline.sdk.models.audit import AuditFilter
from vetline.sdk.operations import qualifications
from vetline.sdk.operations.operation import Operation
from vetline.sdk.retrying import RetryPolicy
from vetline.wire.contracts import CONTRACTS

ONCE = RetryPolicy(attempts=1)
REASON = "Not an Education Customer"
PLURAL = [name for name in CONTRACTS if name != "docs-2018"]
SINGULAR = ["documented", "docs-2020", "docs-2018", "swagger"]
OXFORD, HARVARD, FINE_ART = (f"11111111-c0c0-4000-8000-00000000000{number}" for number in (1, 2, 6))
ASKED = CustomerQualificationRequest("Education", "HigherEducation", "harvard.edu")


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[dict[str, Sandbox]]:
    """A sandbox for each contract, once it is asked for."""
    found: dict[str, Sandbox] = {}
    yield found
    for sandbox in found.values():
        sandbox.stop()
        sandbox.close()


@pytest.fixture
def sandbox(sandboxes: dict[str, Sandbox], contract: str) -> Sandbox:
    """A fresh sandbox with a contract."""
    if contract not in sandboxes:
        sandboxes[contract] = Sandbox("--contract", contract, "--log-level", "error")
    sandboxes[contract].reset()
    return sandboxes[contract]


@pytest.fixture
def partner(sandbox: Sandbox) -> Iterator[PartnerCenter]:
    """Contoso's client."""
    with PartnerCenter(sandbox.token(), base_url=sandbox.base, retry=ONCE) as found:
        yield found


def _decide(sandbox: Sandbox, customer: str, status: str, **more: Any) -> None:
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 0}).raise_for_status()
    decision = {"customerId": customer, "qualification": "Education", "vettingStatus": status, **more}
    sandbox.http.post("/sandbox/decisions", json=decision).raise_for_status()


def _for_users(sandbox: Sandbox) -> Operation[Any]:
    """Return an operation that only users may do, of a generation that is there."""
    if sandbox.info["contract"] == "docs-2018":
        return qualifications.update_qualification(FINE_ART, "Education")
    return qualifications.create_qualifications(FINE_ART, "Education")


@pytest.mark.parametrize("contract", PLURAL)
def test_a_round_from_asking_to_a_denial(sandbox: Sandbox, partner: PartnerCenter) -> None:
    """Nothing, asked, in review, denied, asked again: status, reason and date are the same under all names."""
    qualification = partner.customers.by_id(FINE_ART).qualification
    assert qualification.get_qualifications() == []
    asked = qualification.create_qualifications(CustomerQualificationRequest("Education", "K12"))
    (read,) = qualification.get_qualifications()
    for one in (asked, read):
        assert (one.qualification, one.is_in_review, one.vetting_reason) == ("Education", True, None)
        assert one.vetting_create_date is not None
        assert abs(one.vetting_create_date - SystemClock().now()) < timedelta(minutes=1)
    _decide(sandbox, FINE_ART, "Denied", vettingReason=REASON)
    (denied,) = qualification.get_qualifications()
    assert denied.is_denied
    assert str(denied.vetting_reason).casefold() == REASON.casefold()
    assert qualification.create_qualifications(CustomerQualificationRequest("Education", "K12")).is_in_review


@pytest.mark.parametrize("contract", PLURAL)
def test_waiting_for_a_decision(partner: PartnerCenter) -> None:
    """An approval is recognised."""
    qualification = partner.customers.by_id(HARVARD).qualification
    qualification.create_qualifications(ASKED)
    assert qualification.wait_for_decision("Education", timeout=60).is_approved


@pytest.mark.parametrize("contract", PLURAL)
async def test_the_asynchronous_client_reads_the_same(sandbox: Sandbox) -> None:
    """Both clients share their reading."""
    async with AsyncPartnerCenter(sandbox.token(), base_url=sandbox.base, retry=ONCE) as partner:
        qualification = partner.customers.by_id(HARVARD).qualification
        assert (await qualification.create_qualifications(ASKED)).is_in_review
        (found,) = await qualification.get_qualifications()
        assert found.qualification == "Education"


@pytest.mark.parametrize("contract", PLURAL)
def test_conflicts(partner: PartnerCenter) -> None:
    """The code is a text, whether it came as one or as a number."""
    qualification = partner.customers.by_id(FINE_ART).qualification
    qualification.create_qualifications(CustomerQualificationRequest("Education", "K12"))
    with pytest.raises(errors.ConflictError, match="already in review") as caught:
        qualification.create_qualifications(CustomerQualificationRequest("Education", "K12"))
    assert (caught.value.status, caught.value.code) == (409, "900141")


@pytest.mark.parametrize("contract", list(CONTRACTS))
def test_errors(sandbox: Sandbox, partner: PartnerCenter) -> None:
    """Unknown customers, strangers' customers, and what an application alone may not do."""
    with pytest.raises(errors.NotFoundError, match="Tenant not found") as unknown:
        partner.customers.get("11111111-c0c0-4000-8000-0000000000ff")
    assert unknown.value.code == "60003"
    stranger = next(one["id"] for one in sandbox.info["customers"] if one["partnerTenantId"] != CONTOSO)
    with pytest.raises(errors.PermissionDeniedError, match="relationship") as foreign:
        partner.customers.get(stranger)
    assert foreign.value.code == "20002"
    with (
        PartnerCenter(sandbox.token("app"), base_url=sandbox.base, retry=ONCE) as application,
        pytest.raises(errors.PermissionDeniedError) as alone,
    ):
        application.send(_for_users(sandbox))
    assert alone.value.code == "900329"


@pytest.mark.parametrize("contract", list(CONTRACTS))
def test_mfa(sandbox: Sandbox) -> None:
    """A fault and a sentence are the same error; before 2019 there is none."""
    token = sandbox.token("user-without-mfa")
    with PartnerCenter(token, base_url=sandbox.base, retry=ONCE) as partner:
        if sandbox.info["contract"] == "docs-2018":
            assert partner.customers.get(HARVARD).id == HARVARD
            return
        with pytest.raises(errors.MfaRequiredError):
            partner.customers.get(HARVARD)


@pytest.mark.parametrize("contract", list(CONTRACTS))
def test_codes_customers_and_audit_records(partner: PartnerCenter) -> None:
    """What the documents agree on; links are followed with and without their /v1."""
    assert [code.validation_id for code in partner.validations.get_validation_codes()] == ["12345", "987654"]
    assert len(list(partner.customers.list(size=2))) == 6
    wanted = AuditFilter("CustomerId", HARVARD)
    assert [one.operation_type for one in partner.audit_records.query(filter=wanted)] == ["add_customer"]


@pytest.mark.parametrize("contract", list(CONTRACTS))
def test_relations(partner: PartnerCenter) -> None:
    """None is none, in an array and in an empty object."""
    assert partner.customers.by_id(HARVARD).get_validations() == []


@pytest.mark.parametrize("contract", PLURAL)
def test_what_happened_is_in_the_audit_records(partner: PartnerCenter) -> None:
    """They are the same in every contract."""
    partner.customers.by_id(FINE_ART).qualification.create_qualifications(
        CustomerQualificationRequest("Education", "K12")
    )
    records = list(partner.audit_records.query(filter=AuditFilter("CompanyName", "fine", "substring"), size=1))
    assert [one.operation_type for one in records] == ["update_customer_qualification", "add_customer"]
    assert records[0].resource_new_value == '{"Qualification":"Education","VettingStatus":"InReview"}'
    assert records[0].operation_date is not None


@pytest.mark.parametrize("contract", SINGULAR)
def test_the_synchronous_generation(partner: PartnerCenter) -> None:
    """Every casing of a value is the same value, and a bare text is an error with its words."""
    qualification = partner.customers.by_id(OXFORD).qualification
    assert qualification.get() == "None"
    assert qualification.update("Education") == "Education"
    assert qualification.get() == "Education"
    wide = next(one for one in partner.customers.list() if one.company_profile.company_name == "Wide World Importers")
    with pytest.raises(errors.InvalidRequestError, match="Customer tagging denied"):
        partner.customers.by_id(wide.id).qualification.update("Education")


@pytest.mark.parametrize(("contract", "status"), [("live", 404), ("sdk-3.4", 410)])
def test_the_synchronous_generation_is_gone(partner: PartnerCenter, status: int) -> None:
    """An error says so."""
    with pytest.raises(errors.PartnerCenterError) as caught:
        partner.customers.by_id(OXFORD).qualification.get()
    assert caught.value.status == status


@pytest.mark.parametrize("contract", ["docs-2018"])
def test_the_asynchronous_generation_is_not_there_yet(partner: PartnerCenter) -> None:
    """An error says so."""
    with pytest.raises(errors.NotFoundError):
        partner.customers.by_id(OXFORD).qualification.get_qualifications()


@pytest.mark.parametrize("contract", list(CONTRACTS))
def test_a_billing_profile_is_read_and_replaced(partner: PartnerCenter) -> None:
    """The etag goes along, as it is demanded."""
    profile = partner.customers.by_id(HARVARD).profiles.billing
    assert profile.update(profile.get()).company_name == profile.get().company_name
