"""Which requests a text means."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .requests import CUSTOMER, OPERATIONS, asked

QUALIFICATIONS = f"/v1/customers/{CUSTOMER}/qualifications"


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "create_qualification",
        "POST /v1/customers/*/qualifications",
        "post  /v1/customers/*/qualifications ",
        "POST /V1/Customers/{customer_id}/Qualifications/",
        f"POST {QUALIFICATIONS.upper()}",
        "* /v1/customers/*/qualifications",
        "POST /*/*/*/*",
    ],
)
def test_a_submission_is_meant(text: str) -> None:
    """However it is written; the same path read is meant only where the method says so."""
    target = OPERATIONS.target(text)
    assert target.hits(asked("POST", f"//v1/v1/Customers/{CUSTOMER.upper()}/qualifications"))
    assert target.hits(asked("HEAD", QUALIFICATIONS)) is text.startswith("*")


@pytest.mark.parametrize("text", ["relations", "GET /v1/customers/*/validations"])
def test_a_literal_path_is_another_operation(text: str) -> None:
    """As for the router, `all` is no customer; a pattern of paths means both."""
    target = OPERATIONS.target(text)
    assert target.hits(asked("GET", f"/v1/customers/{CUSTOMER}/validations"))
    assert target.hits(asked("GET", "/v1/customers/all/validations")) is (text != "relations")


def test_one_customer_alone() -> None:
    """A path with an id means that customer."""
    target = OPERATIONS.target(f"GET {QUALIFICATIONS}")
    assert target.hits(asked("GET", QUALIFICATIONS))
    assert not target.hits(asked("GET", "/v1/customers/1/qualifications"))


@pytest.mark.parametrize("path", ["/contoso/oauth2/token", "/contoso/oauth2/v2.0/token"])
@pytest.mark.parametrize("text", ["*", "token"])
def test_tokens(text: str, path: str) -> None:
    """Both of the authority's endpoints are one operation."""
    assert OPERATIONS.target(text).hits(asked("POST", path))


@pytest.mark.parametrize("path", ["/generatetoken", "/v3/GenerateToken"])
def test_the_old_token_is_an_operation_of_its_own(path: str) -> None:
    """It answers in Partner Center's words, so it is not the authority's."""
    assert OPERATIONS.target("generatetoken").hits(asked("POST", path))
    assert not OPERATIONS.target("token").hits(asked("POST", path))


@pytest.mark.parametrize(
    "request_line", ["POST /sandbox/faults", "GET /healthz", "GET /console/", "GET /", "PATCH /v1/customers", "GET /v1"]
)
def test_what_is_no_operation_is_never_struck(request_line: str) -> None:
    """The control surface stays in reach, whatever the plan."""
    assert OPERATIONS.asked(*request_line.split()) is None


@pytest.mark.parametrize(
    "text", ["", " ", "nope", "GET", "GET /", "PUT /v1/customers", "GET /v1/*/*/*/*", "/v1/customers"]
)
def test_what_means_nothing_is_refused(text: str) -> None:
    """The sentence names what there is."""
    with pytest.raises(ValueError, match=r"list_customers, .*token"):
        OPERATIONS.target(text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_a_target_or_refused(text: str, path: str) -> None:
    """Nothing else happens."""
    with contextlib.suppress(ValueError):
        OPERATIONS.target(text)
    OPERATIONS.asked("GET", path)
