"""Contracts without a service: every error in every shape, every form of body, and nothing that is left unsaid."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.choices import Choices
from vetline.sdk.dates import moment_of
from vetline.vetting.commands import Rules
from vetline.wire import faults, words
from vetline.wire.contract import BodyForm, Casing, CodePlace, Contract, DateForm, Details, Mfa, Shape
from vetline.wire.contracts import CONTRACTS, DOCS_2018, DOCS_2020, DOCUMENTED, LIVE, SDK_3_4, SWAGGER
from vetline.wire.fault_bodies import MFA_SENTENCE, fault_body
from vetline.wire.faults import CATALOGUE, Fault, FaultError
from vetline.wire.qualifications import QualificationView, date_text, read_request, shaped

ALL = pytest.mark.parametrize("contract", list(CONTRACTS.values()), ids=list(CONTRACTS))
FORMS: dict[BodyForm, bytes] = {
    BodyForm.INTEGER: b"1",
    BodyForm.TEXT: b'"Education"',
    BodyForm.OBJECT: b'{"qualification":"Education"}',
}
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@ALL
@pytest.mark.parametrize("fault", CATALOGUE, ids=[fault.name for fault in CATALOGUE])
def test_every_error_has_a_body(contract: Contract, fault: Fault) -> None:
    """Its code is the catalogue's, as a text or as a number, and its sentence stands in it."""
    error = FaultError(fault)
    body, media_type = fault_body(error, contract)
    if media_type.startswith(b"text/plain"):
        assert (fault, contract.mfa, body) == (faults.MFA_REQUIRED, Mfa.TEXT, MFA_SENTENCE)
        return
    found = json.loads(body)
    assert media_type == contract.content_type
    if isinstance(found, str):
        assert (fault, contract.bare_refusal, found) == (faults.TAGGING_DENIED, True, error.description)
        return
    assert str(found["code"]) == fault.code
    assert found["description"] == error.description


@ALL
@pytest.mark.parametrize("form", list(BodyForm))
@pytest.mark.parametrize("synchronous", [False, True])
def test_a_form_of_body_is_read_or_refused(contract: Contract, form: BodyForm, synchronous: bool) -> None:
    """What a document does not know is refused with what it does."""
    known = contract.synchronous_bodies if synchronous else contract.bodies
    if form in known:
        assert read_request(FORMS[form], {}, contract, synchronous=synchronous).qualification == words.EDUCATION
        return
    with pytest.raises(FaultError, match="the body must be") as refused:
        read_request(FORMS[form], {}, contract, synchronous=synchronous)
    assert all(one.value in refused.value.description for one in known)


@ALL
def test_the_code_is_read_where_the_document_has_it(contract: Contract) -> None:
    """The other place is a stranger's: neither read nor compared."""
    body = b'{"qualification":"GovernmentCommunityCloud","validationCode":"in body"}'
    query = {"code": "in query"}
    if contract.code_places == frozenset(CodePlace):
        with pytest.raises(FaultError, match="differ"):
            read_request(body, query, contract)
        return
    (place,) = contract.code_places
    wanted = "in body" if place is CodePlace.BODY else "in query"
    assert read_request(body, query, contract).validation_code == wanted


@ALL
def test_details_are_read_or_ignored(contract: Contract) -> None:
    """Where they are unknown members, nothing in them can be wrong."""
    given_ = b'{"qualification":"Education","educationSegment":"K12","website":"a.edu"}'
    found = read_request(given_, {}, contract)
    ignored = contract.details is Details.IGNORED
    assert (found.education_segment, found.website) == ((None, None) if ignored else ("K12", "a.edu"))
    wrong = b'{"qualification":"Education","educationSegment":"?","website":5.5}'
    if ignored:
        assert read_request(wrong, {}, contract).education_segment is None
        return
    with pytest.raises(FaultError):
        read_request(wrong, {}, contract)


@ALL
@pytest.mark.parametrize("name", words.QUALIFICATIONS)
def test_what_can_be_asked_for(contract: Contract, name: str) -> None:
    """The sentence of a refusal names what can be, and nothing else."""
    body = json.dumps({"qualification": name}).encode()
    if name in contract.settable:
        assert read_request(body, {}, contract).qualification == name
        return
    with pytest.raises(FaultError) as refused:
        read_request(body, {}, contract)
    assert {one for one in words.SETTABLE if one in refused.value.description} == contract.settable


@given(st.sampled_from(list(DateForm)), MOMENTS)
def test_every_form_of_a_date_is_understood(form: DateForm, moment: datetime) -> None:
    """The client reads the moment, as exactly as it was written."""
    found = moment_of(date_text(moment, form))
    exact = {DateForm.SEVEN_DECIMALS: 0, DateForm.MILLISECONDS: 1_000}.get(form, 1_000_000)
    cut = moment.replace(microsecond=moment.microsecond - moment.microsecond % exact if exact else moment.microsecond)
    assert found == cut


@pytest.mark.parametrize("casing", list(Casing))
@pytest.mark.parametrize("count", [0, 1, 2])
def test_shapes(casing: Casing, count: int) -> None:
    """None, one and two qualifications in each."""
    views = [QualificationView("Education", "Approved"), QualificationView("StateOwnedEntity")][:count]
    listed: Any = shaped(views, Shape.ARRAY, casing)
    assert len(listed) == count
    assert shaped(views, Shape.OBJECT, casing) == (listed[0] if count else {})
    wrapped: Any = shaped(views, Shape.WRAPPED, casing)
    assert wrapped.qualifications == listed


def test_the_usual_contract_is_the_widest() -> None:
    """It understands what any of the others does."""
    for one in CONTRACTS.values():
        assert one.bodies <= DOCUMENTED.bodies
        assert one.synchronous_bodies <= DOCUMENTED.synchronous_bodies
        assert one.code_places <= DOCUMENTED.code_places
        assert one.settable <= DOCUMENTED.settable


@pytest.mark.parametrize(
    ("contract", "required", "reviewed", "role"),
    [
        (DOCUMENTED, False, False, True),
        (LIVE, True, False, True),
        (SDK_3_4, True, False, False),
        (DOCS_2020, False, True, False),
        (DOCS_2018, False, False, False),
        (SWAGGER, False, False, False),
    ],
)
def test_rules_that_follow(contract: Contract, required: bool, reviewed: bool, role: bool) -> None:
    """Beside what an operator chooses, never instead of it."""
    choices = Choices(contract=contract)
    rules = choices.rules_in_force
    assert (rules.segment_required, rules.government_reviewed, choices.role_needed) == (required, reviewed, role)
    chosen = Choices(contract=contract, rules=Rules(True, True), government_role_needed=False)
    assert chosen.rules_in_force == Rules(True, True)
    assert not chosen.role_needed
