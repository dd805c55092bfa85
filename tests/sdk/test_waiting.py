"""Waiting for days, in virtual time: gently, to the end, and across processes."""

import base64
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.driving import CUSTOMER, LOST, SETTINGS, Scripted, Slow, World, answer
from vetline.sdk import errors
from vetline.sdk.messages import Outcome, RawAnswer, RawRequest
from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.observing import Event, Paused
from vetline.sdk.resuming import state_in
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.settings import changed
from vetline.sdk.waiting import DEFAULT_SECONDS, PollPolicy, Wait, WaitProgress

DAY = 24 * 3600.0
STATE_OWNED = {"qualification": "StateOwnedEntity"}


def education(status: str = "InReview") -> dict[str, str]:
    """Return an element of the GET answer."""
    return {"qualification": "Education", "vettingStatus": status}


REVIEWED = answer(200, [education()])
APPROVED = answer(200, [education("Approved")])


def waited(
    world: World,
    name: str | None = None,
    timeout: float = DEFAULT_SECONDS,
    poll: PollPolicy = PollPolicy(hold=0.0),  # noqa: B008 - frozen
    told: Callable[[WaitProgress], None] | None = None,
    resume: str | None = None,
    customer: str = CUSTOMER,
) -> CustomerQualification:
    """Wait for a decision."""
    wait = Wait(customer, name, timeout, poll, told, resume, SETTINGS, world.around)
    return world.run(wait.conversation())


def until(moment: float, world_of: Callable[[Iterable[Scripted]], World] = World) -> World:
    """Return a world that decides at a moment."""
    world: World

    def look(request: RawRequest) -> RawAnswer:
        return REVIEWED if world.elapsed < moment else APPROVED

    world = world_of(itertools.repeat(look))
    return world


def uneven(script: Iterable[Scripted]) -> World:
    """Return a world whose throws of the dice differ."""
    return World(script, chance=None)


def test_three_days_are_about_450_looks() -> None:
    """A vetting takes three business days; the service is asked seldom, and hears of the decision soon all the same."""
    world = until(3 * DAY, uneven)
    assert waited(world).is_approved
    assert 400 <= len(world.requests) <= 460
    assert world.elapsed <= 3 * DAY + 600 * 1.25


def test_the_waits_grow_to_the_longest() -> None:
    """From two seconds to ten minutes, each half as long again as the one before."""
    world = until(DAY)
    waited(world)
    assert world.pauses[:4] == [2.0, 3.0, 4.5, 6.75]
    assert all(later >= earlier for earlier, later in itertools.pairwise(world.pauses))
    assert world.pauses[20:] == [600.0] * len(world.pauses[20:])


def test_waits_are_jittered() -> None:
    """So that many who began together do not look together: over half of the wait."""
    shortest, longest = [World([REVIEWED, APPROVED], chance=chance) for chance in (0.0, 1.0)]
    waited(shortest)
    waited(longest)
    assert (shortest.pauses, longest.pauses) == ([1.5], [2.5])


@pytest.mark.parametrize(
    ("poll", "pauses"),
    [
        (PollPolicy(first=10.0, hold=0.0), [10.0, 15.0, 22.5]),
        (PollPolicy(growth=1.0, hold=0.0), [2.0, 2.0, 2.0]),
        (PollPolicy(longest=2.5, hold=0.0), [2.0, 2.5, 2.5]),
    ],
)
def test_each_number_of_the_policy_counts(poll: PollPolicy, pauses: list[float]) -> None:
    """Seen over three looks."""
    world = World([REVIEWED] * 3 + [APPROVED])
    waited(world, poll=poll)
    assert world.pauses == pauses


@pytest.mark.parametrize(
    "numbers", [{"first": 0}, {"growth": 0.5}, {"longest": 1}, {"hold": -1}, {"first": float("nan")}, {"growth": "2"}]
)
def test_a_policy_that_hammers_is_refused(numbers: dict[str, Any]) -> None:
    """With an error of our own, which is a ValueError."""
    with pytest.raises(errors.InvalidArgumentError):
        PollPolicy(**numbers)


@pytest.mark.parametrize("status", ["Appealed", "Pending", ""])
def test_an_unknown_status_is_waited_for(status: str) -> None:
    """Only Approved and Denied decide."""
    world = World([answer(200, [education(status)]), answer(200, [education("Denied")])])
    assert waited(world).is_denied


def test_what_is_not_vetted_is_there_at_once() -> None:
    """StateOwnedEntity has no status at all."""
    world = World([answer(200, [STATE_OWNED])])
    assert waited(world, "StateOwnedEntity").is_approved
    assert not world.pauses


def test_whichever_is_vetted_is_waited_for() -> None:
    """Without a name; what is held beside it does not end the wait."""
    world = World([answer(200, [STATE_OWNED, education()]), answer(200, [STATE_OWNED, education("Denied")])])
    assert waited(world, None).qualification == "Education"


def test_the_one_named_is_waited_for() -> None:
    """In whatever spelling."""
    world = World(
        [answer(200, [education(), {"qualification": "GovernmentCommunityCloud", "vettingStatus": "Approved"}])]
    )
    assert waited(world, "government_community_cloud").qualification == "GovernmentCommunityCloud"


@pytest.mark.parametrize(("name", "found"), [(None, []), ("Education", [STATE_OWNED])])
def test_where_there_is_nothing_to_wait_for(name: str | None, found: list[Any]) -> None:
    """The error says what to do first."""
    with pytest.raises(errors.NotFoundError, match="create_qualifications"):
        waited(World([answer(200, found)]), name)


@given(st.floats(0, 10 * DAY), st.floats(0, 1, exclude_max=True))
def test_the_wait_ends_at_the_time_given_with_a_last_look(timeout: float, chance: float) -> None:
    """Not a moment before, and not after."""
    world = World(itertools.repeat(REVIEWED), chance=chance)
    with pytest.raises(errors.WaitTimeoutError, match="InReview") as caught:
        waited(world, timeout=timeout)
    assert world.elapsed == pytest.approx(timeout, abs=1e-3)
    assert world.sent_at[-1] == world.elapsed
    assert state_in(caught.value.token).customer_id == CUSTOMER


@pytest.mark.parametrize("timeout", [-1.0, float("nan"), "5", None])
def test_a_time_that_is_none_is_refused(timeout: Any) -> None:
    """Before anything is asked."""
    with pytest.raises(errors.InvalidArgumentError):
        waited(World(), timeout=timeout)


def test_a_wait_without_end() -> None:
    """Whoever wants to wait for ever may."""
    assert waited(until(30 * DAY), timeout=float("inf")).is_approved


PASSING: list[tuple[str, Outcome]] = [
    ("lost", LOST),
    ("busy", answer(503)),
    ("throttled", answer(429, None, retry_after="5000")),
]


@pytest.mark.parametrize("outage", [outcome for _, outcome in PASSING], ids=[name for name, _ in PASSING])
def test_an_outage_does_not_end_a_wait_of_days(outage: Outcome) -> None:
    """Once a look went well; an hour without service is nothing against three days."""
    world: World

    def look(request: RawRequest) -> Outcome:
        if DAY <= world.elapsed < DAY + 3600:
            return outage
        return REVIEWED if world.elapsed < 2 * DAY else APPROVED

    world = World(itertools.repeat(look))
    assert waited(world).is_approved
    assert len(world.requests) < 500


def test_retry_after_is_kept_between_looks() -> None:
    """Also when it is longer than one call would wait."""
    world = World([REVIEWED, answer(429, None, retry_after="1000"), APPROVED], chance=0.0)
    waited(world)
    assert world.sent_at[2] - world.sent_at[1] >= 1000


def test_a_retry_after_beyond_the_end_is_the_error() -> None:
    """Nobody looks earlier than told, not even a last time."""
    world = World([REVIEWED, answer(429, None, retry_after="1000")])
    with pytest.raises(errors.ThrottledError) as caught:
        waited(world, timeout=500)
    assert caught.value.retry_after == 1000


@pytest.mark.parametrize("outcome", [LOST, answer(503), answer(401), answer(403), answer(404)])
def test_what_fails_at_the_first_look_is_an_error_at_once(outcome: Outcome) -> None:
    """A wrong address or token is not waited for."""
    world = World([outcome] * 4)
    with pytest.raises(errors.PartnerCenterError):
        waited(world)
    assert world.elapsed < 10


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_will_not_pass_ends_the_wait(status: int) -> None:
    """Such as a customer that is gone."""
    with pytest.raises(errors.PartnerCenterError):
        waited(World([REVIEWED, answer(status)]))


def test_progress_is_told_after_each_look_without_decision() -> None:
    """What was seen, how often, for how long, and when the next look is."""
    told: list[WaitProgress] = []
    world = World([REVIEWED, REVIEWED, APPROVED])
    waited(world, told=told.append)
    assert [(one.looks, one.waited, one.next_look) for one in told] == [(1, 0.0, 2.0), (2, 2.0, 3.0)]
    assert told[0].qualification.is_in_review


def test_pauses_are_events() -> None:
    """For whoever watches the client."""
    events: list[Event] = []
    world = World([REVIEWED, APPROVED])
    settings = changed(SETTINGS, on_event=events.append)
    world.run(Wait(CUSTOMER, None, 9.0, PollPolicy(hold=0), None, None, settings, world.around).conversation())
    assert [event.seconds for event in events if isinstance(event, Paused)] == world.pauses


def _interrupted() -> tuple[str, float]:
    """Return the token of a wait that ended after a hundred seconds, and when."""
    world = World(itertools.repeat(REVIEWED))
    with pytest.raises(errors.WaitTimeoutError) as caught:
        waited(world, "Education", timeout=100.0)
    return caught.value.token, world.elapsed


def test_a_wait_is_continued_in_another_process() -> None:
    """The token is a short text without a secret; looks and time go on."""
    token, seconds = _interrupted()
    assert token.isascii()
    assert len(token) < 200
    told: list[WaitProgress] = []
    world = World([answer(200, [STATE_OWNED, education()]), answer(200, [STATE_OWNED, education("Denied")])])
    world.elapsed = 3600.0 + seconds
    assert waited(world, None, told=told.append, resume=token).qualification == "Education"
    assert told[0].waited == 3600.0 + seconds
    assert told[0].looks > 5


def test_a_wait_for_whichever_may_be_continued_for_one() -> None:
    """The name that is given later counts."""
    begun = World(itertools.repeat(REVIEWED))
    with pytest.raises(errors.WaitTimeoutError) as caught:
        waited(begun, timeout=0.0)
    world = World([answer(200, [education(), {"qualification": "StateOwnedEntity"}])])
    assert waited(world, "StateOwnedEntity", resume=caught.value.token).qualification == "StateOwnedEntity"


@pytest.mark.parametrize(("name", "customer"), [("StateOwnedEntity", CUSTOMER), (None, "another")])
def test_a_token_of_another_wait_is_refused(name: str | None, customer: str) -> None:
    """Before anything is asked."""
    token, _ = _interrupted()
    with pytest.raises(errors.InvalidArgumentError):
        waited(World(), name, resume=token, customer=customer)


def _token(*members: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(members)).decode().rstrip("=")


@given(
    st.text()
    | st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode())
    | st.lists(st.none() | st.integers() | st.text() | st.floats(allow_nan=False), max_size=5).map(lambda m: _token(*m))
)
def test_a_hostile_token_is_refused_or_harmless(token: str) -> None:
    """Whatever it holds: an error of our own, or a wait for a customer that it names."""
    world = World([APPROVED])
    try:
        waited(world, resume=token, customer=state_in(token).customer_id)
    except errors.PartnerCenterError as error:
        assert str(error)  # noqa: PT017 - it may also go well


@pytest.mark.parametrize(
    "token",
    [
        _token(CUSTOMER, "Education", -1.0, 1),
        _token(CUSTOMER, "Education", 1e300, 1),
        _token(CUSTOMER, "Education", 1.0, -1),
        _token(CUSTOMER, "Education", 1.0),
        _token(5, "Education", 1.0, 1),
        _token(CUSTOMER, None, 1.0, 1),
        "",
        "ä",
        None,
    ],
)
def test_a_damaged_token_is_refused(token: Any) -> None:
    """It says how to begin anew."""
    with pytest.raises(errors.InvalidArgumentError, match="begin a new one"):
        state_in(token)


def held(seconds: float, found: RawAnswer = REVIEWED, applied: str = "wait=20") -> Slow:
    """Return an answer that the service held."""
    return Slow(seconds, msgspec.structs.replace(found, headers={"preference-applied": applied}))


def preferred(world: World) -> list[str]:
    """Return what was preferred, look by look."""
    return [request.headers.get("Prefer", "") for request in world.requests]


def test_a_service_that_holds_its_answer_is_asked_again_at_once() -> None:
    """It has waited for us; the decision is there as soon as it falls."""
    world = World([held(20.0), held(20.0), held(7.0, APPROVED)])
    assert waited(world, poll=PollPolicy()).is_approved
    assert preferred(world) == ["wait=20"] * 3
    assert not world.pauses


def test_a_service_that_claims_to_hold_and_answers_at_once_is_not_hammered() -> None:
    """Neither at once nor after a moment: it is looked as seldom as without."""
    for moment in (0.0, 1.0, 5.0):
        world = World(itertools.repeat(held(moment)))
        with pytest.raises(errors.WaitTimeoutError):
            waited(world, timeout=DAY, poll=PollPolicy())
        assert len(world.requests) < 170


def test_a_service_that_ignores_the_preference_is_looked_at_as_ever() -> None:
    """RFC 7240, section 2: it may."""
    with_hold, without = until(DAY), until(DAY)
    waited(with_hold, poll=PollPolicy())
    waited(without)
    assert with_hold.pauses == without.pauses
    assert preferred(without) == [""] * len(without.requests)


def test_no_answer_is_asked_to_be_held_beyond_the_end_or_the_attempt() -> None:
    """Half of an attempt's time at most, and never past the end of the wait."""
    world = World([held(20.0), held(20.0), held(5.0)])
    with pytest.raises(errors.WaitTimeoutError):
        waited(world, timeout=45.0, poll=PollPolicy())
    assert preferred(world) == ["wait=20", "wait=20", "wait=5"]
    assert world.elapsed == 45.0
    hurried = World([APPROVED])
    wait = Wait(CUSTOMER, None, 99.0, PollPolicy(), None, None, changed(SETTINGS, timeout=8.0), hurried.around)
    hurried.run(wait.conversation())
    assert preferred(hurried) == ["wait=4"]


def test_a_wait_that_nobody_ends_is_bounded_by_its_retries() -> None:
    """The last look may fail; the wait then ends as one without decision, and can be resumed."""

    def script() -> Iterator[Scripted]:
        yield REVIEWED
        yield from itertools.repeat(answer(503))

    world = World(script())
    wait = Wait(
        CUSTOMER, None, 60.0, PollPolicy(hold=0), None, None, changed(SETTINGS, retry=RetryPolicy()), world.around
    )
    with pytest.raises(errors.WaitTimeoutError) as caught:
        world.run(wait.conversation())
    assert isinstance(caught.value.__cause__, errors.ServerError)
    assert caught.value.token
