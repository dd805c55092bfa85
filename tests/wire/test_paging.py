"""A continuation token brings back exactly what was asked; a token that was made elsewhere brings nothing."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.spelling import JSON, in_any_case
from vetline.wire import faults
from vetline.wire.faults import FaultError
from vetline.wire.paging import (
    EQUALS,
    MAX_SIZE,
    STARTS_WITH,
    CustomerFilter,
    PageRequest,
    continuation_token,
    read_page,
)

FILTERS = st.none() | st.builds(
    CustomerFilter,
    st.sampled_from(("CompanyName", "Domain")),
    st.text(st.characters(codec="utf-8"), max_size=256),
    st.sampled_from((STARTS_WITH, EQUALS)),
)
SIZES = st.integers(1, MAX_SIZE)
NAMES = st.text(st.characters(codec="utf-8"), max_size=60)


@given(SIZES, FILTERS, NAMES, st.uuids())
def test_round_trip(size: int, wanted: CustomerFilter | None, name: str, last: object) -> None:
    """Size, filter and place survive the token, which is plain enough for a header."""
    token = continuation_token(PageRequest(size, wanted, None), name, str(last))
    assert token.isascii()
    assert " " not in token
    assert read_page({"seekoperation": "Next"}, token) == PageRequest(size, wanted, (name, str(last)))


@given(SIZES, FILTERS, st.data())
def test_the_first_page(size: int, wanted: CustomerFilter | None, data: st.DataObject) -> None:
    """The filter is read in any casing of its members, as the .NET and other clients write them."""
    query = {"size": str(size)}
    if wanted:
        members = {"Field": wanted.field, "Value": wanted.value, "Operator": wanted.operator}
        query["filter"] = json.dumps({data.draw(in_any_case(name)): member for name, member in members.items()})
    assert read_page(query, "") == PageRequest(size, wanted, None)


@given(JSON)
def test_forged_tokens(value: object) -> None:
    """A token of our form with other contents is refused as not issued here."""
    token = base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    with pytest.raises(FaultError) as refused:
        read_page({}, token or "x")
    assert refused.value.fault is faults.INVALID_CONTINUATION


@given(st.sampled_from((0, -1, MAX_SIZE + 1, 10**30)), st.sampled_from(("Password", "companyname", "*")))
def test_tokens_beyond_the_limits(size: int, field: str) -> None:
    """Neither size nor field can be widened by hand."""
    guid = "11111111-c0c0-4000-8000-000000000001"
    for held in (["a", guid, size, "", "", ""], ["a", guid, 1, field, "a", EQUALS], ["a", "no guid", 1, "", "", ""]):
        token = base64.urlsafe_b64encode(json.dumps(held).encode()).decode()
        with pytest.raises(FaultError) as refused:
            read_page({}, token)
        assert refused.value.fault is faults.INVALID_CONTINUATION
