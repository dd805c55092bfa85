"""The same MS-RequestId many times at once, and after the process was killed: one effect, one answer."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2

from tests.api.conftest import Serve
from tests.api.service import CODE, Service

GCC = {"qualification": "GovernmentCommunityCloud", "validationCode": CODE}
EDUCATION = {"qualification": "Education", "educationSegment": "K12"}


def test_in_flight(serve: Serve) -> None:
    """Thirty-two equal requests at once: thirty-two equal answers, one creation used up."""
    service = serve()
    service.issue_code(5)
    path = service.customer() + "/qualifications"
    answers = _at_once(32, lambda _: _posted(service, path, GCC, "5f6a1d0e-0000-4000-8000-000000000001"))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert service.remaining() == 4


def test_in_flight_with_other_bodies(serve: Serve) -> None:
    """The same id with two bodies at once: one of them is answered, the other is told that the id was used."""
    service = serve()
    path = service.customer() + "/qualifications"
    bodies = ({"qualification": "StateOwnedEntity"}, EDUCATION)
    answers = _at_once(
        16, lambda turn: _posted(service, path, bodies[turn % 2], "5f6a1d0e-0000-4000-8000-00000000000a")
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 8 + [400] * 8
    assert {answer.json()["errorName"] for answer in answers if answer.status_code == 400} == {"RequestIdReused"}
    assert len(service.call("GET", path).json()) == 1


def test_after_a_kill(serve: Serve) -> None:
    """What was answered is answered again, byte for byte, by the next process on the same data."""
    first = serve()
    path, name = first.customer() + "/qualifications", str(uuid.uuid4())
    before = _posted(first, path, EDUCATION, name)
    first.kill()
    second = serve()
    after = _posted(second, path, EDUCATION, name)
    assert (after.status_code, after.content) == (before.status_code, before.content)
    refused = _posted(second, path, EDUCATION, str(uuid.uuid4()))
    assert refused.json()["errorName"] in ("AlreadyInReview", "AlreadyQualified")


def test_creations_are_neither_lost_nor_invented(serve: Serve) -> None:
    """Sixteen customers at once, five creations left: exactly five succeed and none is left."""
    service = serve()
    service.issue_code(5)
    paths = [service.customer() + "/qualifications" for _ in range(16)]
    answers = _at_once(16, lambda turn: _posted(service, paths[turn], GCC, str(uuid.uuid4())))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [400] * 11
    assert {answer.json()["errorName"] for answer in answers if answer.status_code == 400} == {
        "ValidationCodeExhausted"
    }
    assert service.remaining() == 0


def test_programmes_that_exclude_each_other(serve: Serve) -> None:
    """Education and GCC at once: one is accepted, the other never is."""
    service = serve()
    service.issue_code(5)
    path = service.customer() + "/qualifications"
    answers = _at_once(16, lambda turn: _posted(service, path, (GCC, EDUCATION)[turn % 2], str(uuid.uuid4())))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15
    assert len(service.call("GET", path).json()) == 1
    assert service.remaining() in (4, 5)


def _posted(service: Service, path: str, body: object, name: str) -> httpx2.Response:
    return service.call("POST", path, json=body, headers={"MS-RequestId": name})


def _at_once(count: int, request: Callable[[int], httpx2.Response]) -> list[httpx2.Response]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(request, range(count)))
