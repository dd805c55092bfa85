"""The tree of errors is the one that its docstring draws, and every status has its place in it."""

import copy
import pickle
from http import HTTPStatus

import pytest

from tests.sdk.driving import answer
from vetline.sdk import errors
from vetline.sdk.deciphering import error_of
from vetline.sdk.errors import PartnerCenterError


def drawn() -> dict[str, str]:
    """Return each class of the drawing in the docstring, with its parent."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        branch, found, rest = line.rpartition("── ")
        name = (rest if found else line).split(" ")[0]
        if not name.endswith("Error") or (not found and path):
            continue
        depth = len(branch + found) // 4
        path[depth:] = [name]
        if depth:
            parents[name] = path[depth - 1]
    return parents


def real() -> dict[str, type[PartnerCenterError]]:
    """Return the classes of the module."""
    found = vars(errors).items()
    return {name: value for name, value in found if isinstance(value, type) and issubclass(value, PartnerCenterError)}


def test_the_drawing_is_the_tree() -> None:
    """No class is missing in it, none is drawn that is not there, and each hangs where it is drawn."""
    parents = {name: kind.__bases__[0].__name__ for name, kind in real().items() if kind is not PartnerCenterError}
    assert drawn() == parents


def test_a_wrong_argument_is_a_value_error_too() -> None:
    """As everywhere in Python; and only that one."""
    assert [name for name, kind in real().items() if issubclass(kind, ValueError)] == ["InvalidArgumentError"]


# The categories of the .NET client: contract.md, section 8.3.
TABLE = {
    400: (errors.InvalidRequestError, "BadInput"),
    401: (errors.AuthenticationError, "Unauthorized"),
    403: (errors.PermissionDeniedError, "Forbidden"),
    404: (errors.NotFoundError, "NotFound"),
    405: (errors.InvalidRequestError, "InvalidOperation"),
    406: (errors.InvalidRequestError, "UnsupportedDataFormat"),
    408: (errors.InvalidRequestError, "RequestTimeout"),
    409: (errors.ConflictError, "AlreadyExists"),
    412: (errors.ConflictError, "PreconditionFailed"),
    429: (errors.ThrottledError, "TooManyRequests"),
    503: (errors.ServerError, "ServerBusy"),
    504: (errors.ServerError, "GatewayTimeout"),
}


@pytest.mark.parametrize("status", [status for status in range(100, 1000) if not 200 <= status < 300])
def test_every_status_has_its_class_and_category(status: int) -> None:
    """Also those that nobody has defined."""
    error = error_of(answer(status), 0.0)
    if status in TABLE:
        expected = TABLE[status]
    elif status < 400:
        expected = (errors.UnreadableAnswerError, "NotSpecified")
    else:
        expected = (errors.InvalidRequestError, "BadInput") if status < 500 else (errors.ServerError, "ServerError")
    assert (type(error), error.category) == expected
    assert error.status == status
    assert error.description


def test_an_answer_without_a_word_says_what_its_status_means() -> None:
    """Rather than nothing."""
    error = error_of(answer(403, ms_requestid="r"), 0.0)
    assert str(error) == "403: Forbidden, without a word from the service (MS-RequestId r)"
    assert HTTPStatus(403).phrase in error.description


def test_the_text_of_an_error() -> None:
    """Status, code, what is wrong, and the id to name to support."""
    error = error_of(answer(409, {"code": 900141, "description": "No."}, ms_requestid="r", retry_after="5"), 0.0)
    assert str(error) == "409 900141: No. (MS-RequestId r)"
    assert error.retry_after == 5.0
    assert str(errors.ConnectionFailedError("gone")) == "gone"


@pytest.mark.parametrize("kind", sorted(real()), ids=str)
def test_an_error_survives_copying_and_pickling(kind: str) -> None:
    """Process pools send errors to each other."""
    error = errors.WaitTimeoutError("what", token="t") if kind == "WaitTimeoutError" else real()[kind]("what")
    error.request_id = "r"
    error.answer = answer(500, {"a": 1})
    for other in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert type(other) is type(error)
        assert (str(other), other.answer, vars(other)) == (str(error), error.answer, vars(error))


def test_what_is_added_to_a_description_is_shown_everywhere() -> None:
    """By str and repr alike."""
    error = error_of(answer(500), 0.0)
    error.description = "more"
    assert "more" in str(error)
    assert "more" in repr(error)
