"""Every documented shape of an error is understood."""

import time
from typing import Any

import pytest

from tests.sdk.driving import CUSTOMER, SETTINGS, World, answer, written
from vetline.sdk import errors
from vetline.sdk.operations import qualifications
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.settings import changed

ONCE = changed(SETTINGS, retry=RetryPolicy(attempts=1))
LIST = qualifications.get_qualifications(CUSTOMER)
CREATE = qualifications.create_qualifications(CUSTOMER, "Education")


def failed(status: int, body: Any, **headers: str) -> errors.PartnerCenterError:
    """Return the error that an answer is."""
    with pytest.raises(errors.PartnerCenterError) as caught:
        World([answer(status, body, **headers)]).call(LIST, ONCE)
    return caught.value


# contract.md, section 6.1: the shapes of error bodies that were seen or documented.
SHAPES = [
    ({"code": "800002", "description": "Bad", "data": [], "source": "PartnerFD"}, "800002", "", "Bad"),
    (
        {"code": 20002, "description": "No relationship.", "data": [], "source": "PartnerFD"},
        "20002",
        "",
        "No relationship.",
    ),
    ({"Code": 1002, "Description": "Authorization Failed", "Data": []}, "1002", "", "Authorization Failed"),
    (
        {"code": 600061, "message": "M", "description": "D", "errorName": "N", "isRetryable": False, "parameters": {}},
        "600061",
        "N",
        "D",
    ),
    ({"code": "900420", "description": "The audience is invalid."}, "900420", "", "The audience is invalid."),
    ({"statusCode": 429, "message": "Rate limit is exceeded."}, "", "", "Rate limit is exceeded."),
    ('"Customer tagging denied."', "", "", "Customer tagging denied."),
    (None, "", "", "Forbidden, without a word from the service"),
    (b"\xef\xbb\xbf" + b'{"code":"1","description":"D"}', "1", "", "D"),
    ("<html><head><style>p{}</style></head><body><h1>502</h1> Bad\n gateway</body>", "", "", "502 Bad gateway"),
    ("Access denied", "", "", "Access denied"),
    ({"error": {"code": "InvalidX", "message": "Inner"}}, "InvalidX", "", "Inner"),
    ({"code": {}, "description": [], "errorName": None}, "", "", "Forbidden, without a word from the service"),
    ([1, 2], "", "", "Forbidden, without a word from the service"),
    ({"code": 400.0, "description": " D "}, "400", "", "D"),
]


@pytest.mark.parametrize(("body", "code", "name", "description"), SHAPES)
def test_the_shapes_of_errors(body: Any, code: str, name: str, description: str) -> None:
    """One error says the same, whatever shape its body has; the answer itself is kept."""
    error = failed(403, body)
    assert isinstance(error, errors.PermissionDeniedError)
    assert (error.code, error.error_name, error.description) == (code, name, description)
    assert error.answer is not None
    assert (error.status, error.answer.body) == (403, written(body))


@pytest.mark.parametrize(
    "body",
    [
        {"code": "900421", "description": "x"},
        {"code": 900421},
        "Authentication failed. MFA required. (10001)",
        '"Authentication failed. MFA required. (10001)"',
    ],
)
def test_a_sign_in_without_mfa_has_its_own_error(body: Any) -> None:
    """contract.md, section 6.3."""
    assert isinstance(failed(401, body), errors.MfaRequiredError)


def test_an_errors_text_is_one_printable_line() -> None:
    """Whatever the service says: it is shown on terminals and written to logs."""
    error = failed(400, {"code": "1\n2", "description": "a\r\nb\x1b[31m\u2028c" + "d" * 5000, "errorName": "\x07n"})
    assert str(error).isprintable()
    assert len(str(error)) < 1300
    assert "a b" in str(error)
    assert error.error_name.isprintable()


def test_a_hostile_page_is_read_quickly() -> None:
    """No body makes the reader slow. Ten times the time of an honest one is allowed, and a second for the machine."""
    for hostile in ("<script " * 200_000, "<" * 2_000_000, "<style>" * 200_000, "<!--" * 300_000, "< " * 500_000):
        begun = time.process_time()
        failed(502, hostile)
        assert time.process_time() - begun < 1.0
