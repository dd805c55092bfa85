"""How an operation goes: identifiers, headers, events, repetition."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import msgspec
import pytest

from tests.sdk.driving import BASE, CUSTOMER, LOST, NEVER_SENT, SETTINGS, Scripted, Slow, World, answer, tokens, watched
from vetline import __version__
from vetline.sdk import errors
from vetline.sdk.exchange import converse
from vetline.sdk.messages import RawAnswer, RawRequest
from vetline.sdk.models.customers import Address, BillingProfile, CustomerFilter
from vetline.sdk.observing import Answered, Begun, Ended, Event, Paused
from vetline.sdk.operations import customers, qualifications, registrations, review
from vetline.sdk.operations.operation import Operation
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.settings import CallSettings, changed
from vetline.sdk.steps import GetToken, Send

BUSY = answer(503)
REFUSED = answer(401, {"code": "800001", "description": "Partner Token missing in request context"})
LIST = qualifications.get_qualifications(CUSTOMER)
DELETE = customers.delete_customer(CUSTOMER)
FOUND = answer(200, [])


def ids(world: World, name: str) -> list[str]:
    """Return a header of every request."""
    return [request.headers[name] for request in world.requests]


def test_the_request_id_is_the_same_over_all_attempts_and_new_for_each_operation() -> None:
    """The service recognises a repetition by it."""
    world = World([LOST, BUSY, answer(429), FOUND, FOUND])
    world.call(LIST)
    world.call(LIST)
    first, *repeated, other = ids(world, "MS-RequestId")
    assert repeated == [first] * 3
    assert other != first


def test_a_given_request_id_is_kept() -> None:
    """Over all attempts, for whoever repeats an operation in another process."""
    world = World([BUSY, answer(201, {"qualification": "Education"})])
    world.call(qualifications.create_qualifications(CUSTOMER, "Education", request_id="mine"))
    assert ids(world, "MS-RequestId") == ["mine", "mine"]


def test_the_correlation_id_is_fresh_for_each_call_or_the_context() -> None:
    """And the same over its attempts."""
    world = World([BUSY, FOUND, FOUND, FOUND])
    world.call(LIST)
    world.call(LIST)
    world.call(LIST, changed(SETTINGS, correlation_id="all-mine"))
    first, repeated, other, fixed = ids(world, "MS-CorrelationId")
    assert first == repeated != other
    assert fixed == "all-mine"


def test_the_documented_headers_are_sent() -> None:
    """Each of them once; a body's type only with a body."""
    world = World([FOUND, answer(201, {"qualification": "Education"})])
    settings = changed(SETTINGS, application_name="Contoso", locale="de-DE", correlation_id="c")
    world.call(LIST, settings)
    world.call(qualifications.create_qualifications(CUSTOMER, "Education"), settings)
    read, write = world.requests
    assert read.headers == {
        "Accept": "application/json",
        "Authorization": "Bearer token",
        "MS-RequestId": "00000001-0000-4000-8000-000000000000",
        "MS-CorrelationId": "c",
        "MS-Contract-Version": "v1",
        "MS-PartnerCenter-Application": "Contoso",
        "MS-PartnerCenter-Client": "Vetline Python SDK",
        "MS-SdkVersion": __version__,
        "User-Agent": f"vetline-python/{__version__}",
        "X-Locale": "de-DE",
    }
    assert write.headers["Content-Type"] == "application/json"
    assert (write.method, write.url) == ("POST", f"{BASE}/v1/customers/{CUSTOMER}/qualifications")
    assert msgspec.json.decode(write.body) == {"qualification": "Education"}


def test_a_users_header_replaces_ours_in_whatever_casing() -> None:
    """Two headers of one name would be read by nobody alike; the token is never replaced."""
    world = World([FOUND])
    world.call(LIST, changed(SETTINGS, headers={"x-locale": "fr-FR", "authorization": "Bearer other", "Mine": "1"}))
    sent = {name.lower(): value for name, value in world.requests[0].headers.items()}
    assert len(sent) == len(world.requests[0].headers)
    assert (sent["x-locale"], sent["authorization"], sent["mine"]) == ("fr-FR", "Bearer token", "1")


def _profile(etag: str) -> BillingProfile:
    return BillingProfile(
        email="a@b.test", culture="en-US", language="en", company_name="C", default_address=Address(), etag=etag
    )


@pytest.mark.parametrize(
    "operation",
    [
        qualifications.create_qualifications(CUSTOMER, "Education", request_id="a\r\nX-Evil: 1"),
        qualifications.create_qualifications(CUSTOMER, "Education", request_id="ä"),
        customers.update_billing_profile(CUSTOMER, _profile("a\nb")),
        customers.create_customer({"companyProfile": object()}),
        customers.create_customer({"companyProfile": "\ud800"}),
    ],
)
def test_what_cannot_be_sent_is_the_callers_error_and_nothing_is_sent(operation: Operation[Any]) -> None:
    """Not a failed connection, which would be tried four times."""
    world = World()
    with pytest.raises(errors.InvalidArgumentError):
        world.call(operation)
    assert not world.steps


def test_events_tell_the_whole_story_in_order() -> None:
    """Begun, every attempt, every wait, and the end."""
    seen: list[Event] = []
    world = World([Slow(2.0, LOST), answer(429, retry_after="3"), FOUND])
    world.call(LIST, watched(seen))
    name, rid = "qualifications.list", "00000001-0000-4000-8000-000000000000"
    cid = "00000002-0000-4000-8000-000000000000"
    waits = world.pauses
    assert seen == [
        Begun(name, "GET", qualifications.QUALIFICATIONS, "partner.test", rid, cid),
        Answered(name, rid, 1, 0, 2.0, "connection reset"),
        Paused(name, rid, waits[0], 0, told=False),
        Answered(name, rid, 2, 429, 0.0),
        Paused(name, rid, waits[1], 429, told=True),
        Answered(name, rid, 3, 200, 0.0),
        Ended(name, rid, world.elapsed, 3, "", 200),
    ]


def _ends(seen: list[Event]) -> list[str]:
    return [event.error for event in seen if isinstance(event, Ended)]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([FOUND], ""),
        ([answer(404)], "NotFoundError"),
        ([BUSY] * 4, "ServerError"),
        ([answer(200, "<html>")], "UnreadableAnswerError"),
        ([KeyboardInterrupt()], "stopped"),
        ([asyncio.CancelledError()], "stopped"),
        ([errors.InvalidArgumentError("no such URL")], "InvalidArgumentError"),
    ],
)
def test_the_end_is_told_exactly_once(script: list[Scripted], error: str) -> None:
    """However an operation ends."""
    seen: list[Event] = []
    world = World(script)
    conversation = converse(LIST, watched(seen), world.around)
    expected: Any = type(script[0]) if error == "stopped" else errors.PartnerCenterError
    with pytest.raises(expected) if error else nullcontext():
        world.run(conversation)
    assert _ends(seen) == [error]


@pytest.mark.parametrize("steps", [1, 2])
def test_a_conversation_that_is_given_up_tells_its_end(steps: int) -> None:
    """Whoever drives it may close it, at the token or while the answer is on its way."""
    seen: list[Event] = []
    conversation = converse(LIST, watched(seen), World().around)
    step = next(conversation)
    assert isinstance(step, GetToken)
    if steps == 2:
        assert isinstance(conversation.send("token"), Send)
    conversation.close()
    assert _ends(seen) == ["stopped"]


def test_on_answer_is_given_every_request_and_its_raw_answer() -> None:
    """Also those that are repeated; nothing for an attempt without answer."""
    seen: list[tuple[RawRequest, RawAnswer]] = []
    world = World([LOST, BUSY, FOUND])
    world.call(LIST, changed(SETTINGS, on_answer=lambda request, given: seen.append((request, given))))
    assert seen == [(world.requests[1], BUSY), (world.requests[2], FOUND)]


def test_deleting_what_is_not_there_is_an_error() -> None:
    """At first; and also when nothing that came before can have deleted it."""
    before: list[list[Scripted]] = [[], [NEVER_SENT], [answer(429)], [REFUSED]]
    for script in before:
        with pytest.raises(errors.NotFoundError):
            World([*script, answer(404)], tokens("a", "b", "c")).call(DELETE)


def test_deleting_what_the_attempt_before_deleted_is_success() -> None:
    """Nobody heard its answer; what was wanted is done."""
    before: list[list[Scripted]] = [[LOST], [BUSY], [LOST, answer(429)], [BUSY, NEVER_SENT]]
    for script in before:
        World([*script, answer(404)]).call(DELETE)


def test_reading_what_is_gone_is_an_error_at_any_attempt() -> None:
    """Only a deletion may find it gone."""
    with pytest.raises(errors.NotFoundError):
        World([BUSY, answer(404)]).call(customers.get_customer(CUSTOMER))


ONCE = [
    registrations.send_test_event(),
    review.approve("p", "c", "Education", "", None),
    review.deny("p", "c", "Education", "Not an Academic Domain", "", 3),
]


@pytest.mark.parametrize("operation", ONCE)
@pytest.mark.parametrize("outcome", [LOST, BUSY, answer(408), answer(500)])
def test_what_is_not_recognised_is_not_repeated(operation: Operation[Any], outcome: Scripted) -> None:
    """When it may have been done."""
    world = World([outcome])
    with pytest.raises(errors.PartnerCenterError):
        world.call(operation)


@pytest.mark.parametrize("operation", ONCE)
@pytest.mark.parametrize("outcome", [NEVER_SENT, answer(429, retry_after="1")])
def test_what_was_certainly_not_done_is_repeated(operation: Operation[Any], outcome: Scripted) -> None:
    """Also when it is not recognised."""
    world = World([outcome, answer(200, {"correlationId": "x"})])
    world.call(operation)
    assert len(world.requests) == 2


def test_no_attempt_takes_longer_than_is_left() -> None:
    """The time for all attempts also bounds each."""
    world = World([Slow(8.0, LOST), FOUND])
    world.call(LIST, changed(SETTINGS, timeout=9.0, retry=RetryPolicy(total_seconds=10.0)))
    first, second = [step.seconds for step in world.steps if isinstance(step, Send)]
    assert first == 9.0
    assert second == pytest.approx(2.0 - world.pauses[0])


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (LOST, errors.ConnectionFailedError),
        (msgspec.structs.replace(LOST, timed_out=True), errors.TimedOutError),
    ],
)
def test_no_answer_is_an_error_that_names_the_host(outcome: Any, kind: type[errors.PartnerCenterError]) -> None:
    """And what the connection said, and how often it was tried."""
    world = World([outcome] * 4)
    with pytest.raises(kind, match=r"partner\.test: connection reset.*4 attempts") as caught:
        world.call(LIST)
    assert caught.value.status is None
    assert caught.value.request_id == world.requests[0].headers["MS-RequestId"]
    assert type(caught.value) is kind


def test_the_services_identifiers_prevail_in_an_error() -> None:
    """They are what its support can find."""
    world = World([answer(404, ms_requestid="theirs", ms_correlationid="also")])
    with pytest.raises(errors.NotFoundError) as caught:
        world.call(LIST)
    assert (caught.value.request_id, caught.value.correlation_id) == ("theirs", "also")


@pytest.mark.parametrize(
    "change",
    [
        {"timeout": 0},
        {"timeout": float("nan")},
        {"correlation_id": "a\r\nb"},
        {"locale": "ä"},
        {"headers": {"X Y": "1"}},
        {"headers": {"": "1"}},
        {"headers": {"X-Count": 5}},
        {"headers": {"X": "a\x00"}},
    ],
)
def test_settings_that_cannot_be_sent_are_refused_at_once(change: dict[str, Any]) -> None:
    """By the constructor and by a copy alike."""
    with pytest.raises(errors.InvalidArgumentError):
        changed(SETTINGS, **change)
    with pytest.raises(errors.InvalidArgumentError):
        CallSettings(**({"base_url": BASE} | change))


def test_a_callback_of_the_user_may_stop_the_call() -> None:
    """What it raises comes out as it is, and the end is told."""

    def stop(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Answered):
            raise LookupError("enough")

    seen: list[Event] = []
    with pytest.raises(LookupError, match="enough"):
        World([FOUND]).call(LIST, changed(SETTINGS, on_event=stop))
    assert _ends(seen) == ["stopped"]


Factory = Callable[[], Operation[Any]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: customers.get_customer(" "),
        lambda: customers.get_customer(".."),
        lambda: customers.get_customer("\ud800"),
        lambda: customers.get_customer(None),  # type: ignore[arg-type]
        lambda: customers.list_customers(0),
        lambda: customers.list_customers(5, CustomerFilter("CompanyName", "\ud800")),
        lambda: customers.create_customer("Contoso"),  # type: ignore[arg-type]
        lambda: qualifications.create_qualifications(CUSTOMER, " "),
        lambda: qualifications.create_qualifications(CUSTOMER, 5),  # type: ignore[arg-type]
        lambda: qualifications.create_qualifications(CUSTOMER, {"validationCode": "1"}, "2"),
        lambda: qualifications.update_qualification(CUSTOMER, "Education", "\ud800"),
        lambda: registrations.register("", ["test-created"]),
        lambda: registrations.register("https://a.test", []),
        lambda: registrations.register("https://a.test", "test-created"),
    ],
)
def test_hostile_arguments_are_refused_before_anything_is_sent(make: Factory) -> None:
    """With an error of our own that is a ValueError, too."""
    with pytest.raises(errors.InvalidArgumentError) as caught:
        make()
    assert isinstance(caught.value, ValueError)


def test_a_hostile_id_stays_in_its_segment() -> None:
    """No ID leads to another resource."""
    for hostile in ("a/b", "a?code=1", "a#b", "../x", "a%2fb", "a b"):
        path = customers.get_customer(hostile).path
        assert path.startswith("/v1/customers/")
        assert path.count("/") == 3
        assert not {"?", "#", " "} & set(path)
