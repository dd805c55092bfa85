"""Every form in which a qualification request arrives says the same; whatever else arrives is a fault."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.spelling import JSON, SETTABLE, in_any_case, spelled
from vetline.wire import faults, words
from vetline.wire.customers import read_billing, read_customer
from vetline.wire.faults import FaultError
from vetline.wire.paging import read_page
from vetline.wire.qualifications import QualificationRequest, QualificationView, read_request
from vetline.wire.reading import json_of, query_of
from vetline.wire.review import read_code, read_decision

FORMS = ("number", "text", "number as text", "object", "object with number")


@given(st.data(), SETTABLE, st.sampled_from(FORMS))
def test_every_body_form(data: st.DataObject, name: str, form: str) -> None:
    """An integer, a text or an object, in any spelling and with a byte order mark or white space around."""
    before, after = data.draw(st.sampled_from((("", ""), ("\ufeff", ""), (" \r\n", "\t"))))
    body = (before + json.dumps(_written(data, name, form)) + after).encode()
    assert read_request(body, {}) == QualificationRequest(name)


@given(st.data(), st.sampled_from(words.SEGMENTS), st.text("abc.-/:"), st.text("0123456789", min_size=1))
def test_the_whole_object(data: st.DataObject, segment: str, website: str, code: str) -> None:
    """All members, their names in any case, with unknown ones between."""
    members = {
        "qualification": "Education",
        "educationSegment": data.draw(spelled(segment)),
        "website": website,
        "validationCode": code,
        "vettingStatus": data.draw(JSON),
    }
    body = {data.draw(in_any_case(name)): member for name, member in members.items()}
    wanted = QualificationRequest(words.EDUCATION, segment, website.strip() or None, code)
    assert read_request(json.dumps(body).encode(), {}) == wanted


@given(st.text("0123456789ab", min_size=1, max_size=20), st.text("0123456789ab", min_size=1, max_size=20))
def test_both_places_of_the_code(in_body: str, in_query: str) -> None:
    """The code counts from either place; two different ones are a conflict."""
    body = json.dumps({"qualification": words.GOVERNMENT, "validationCode": in_body}).encode()
    assert read_request(body, {}).validation_code == in_body
    assert read_request(b"3", {"code": in_query}).validation_code == in_query
    assert read_request(body, {"code": in_body}).validation_code == in_body
    if in_body != in_query:
        with pytest.raises(FaultError) as refused:
            read_request(body, {"code": in_query})
        assert refused.value.fault is faults.CODE_CONFLICT


@given(st.binary())
def test_any_bytes(body: bytes) -> None:
    """Whatever bytes come, they are read or refused with a fault, by every reader."""
    for read in (json_of, read_customer, read_billing, read_code, lambda raw: read_request(raw, {})):
        _read_or_refused(read, body)


@given(JSON)
def test_any_json(value: Any) -> None:
    """Whatever JSON comes, likewise, also in the place of any member."""
    members = ("qualification", "educationSegment", "website", "validationCode", "companyProfile", "billingProfile")
    for shape in (value, *({"qualification": 1, name: value} for name in members)):
        body = json.dumps(shape).encode()
        for read in (read_customer, read_billing, read_code, lambda raw: read_request(raw, {})):
            _read_or_refused(read, body)
        _read_or_refused(lambda raw: read_decision(raw, with_reason=True), body)


@given(st.binary(), st.text())
def test_any_query(raw: bytes, token: str) -> None:
    """Whatever query and continuation come."""
    _read_or_refused(lambda given: read_page(query_of(given), token), raw)


@given(st.sampled_from(("", "Approved")), st.sampled_from(("", "2020-12-04T20:54:24.000Z")))
def test_answers_hold_no_null(status: str, date: str) -> None:
    """What is absent is left out of an answer, never null."""
    view = QualificationView("Education", status or None, None, date or None, date or None)
    found = json.loads(msgspec.json.encode(view))
    assert None not in found.values()
    assert msgspec.json.decode(msgspec.json.encode(view), type=QualificationView) == view


def _written(data: st.DataObject, name: str, form: str) -> Any:
    number = words.QUALIFICATIONS.index(name)
    text = data.draw(spelled(name))
    member = data.draw(in_any_case("qualification"))
    return {
        "number": number,
        "text": text,
        "number as text": str(number),
        "object": {member: text},
        "object with number": {member: number},
    }[form]


def _read_or_refused(read: Callable[[bytes], object], raw: bytes) -> None:
    refused = _refusal(read, raw)
    assert refused is None or 400 <= refused.fault.status < 500
    assert refused is None or len(refused.description) <= faults.MAX_DESCRIPTION


def _refusal(read: Callable[[bytes], object], raw: bytes) -> FaultError | None:
    try:
        read(raw)
    except FaultError as refused:
        return refused
    return None
