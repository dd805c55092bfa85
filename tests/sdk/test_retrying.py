"""When is tried again, and after how long: never earlier than told, never together, never without end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.driving import BEGIN, CUSTOMER, LOST, NEVER_SENT, SETTINGS, Scripted, Slow, World, answer
from vetline.sdk import errors
from vetline.sdk.messages import Outcome, RawAnswer, Unanswered
from vetline.sdk.operations.qualifications import get_qualifications
from vetline.sdk.retrying import Again, Enough, Repeat, RetryPolicy, asked_wait, pause_before, verdict
from vetline.sdk.settings import changed

LIST = get_qualifications(CUSTOMER)
NOW = datetime.fromtimestamp(BEGIN, UTC)
TEN_YEARS = 10 * 365 * 24 * 3600
PATIENT = RetryPolicy(max_retry_after=1e13, total_seconds=1e14)
CHANCES = st.floats(0, 1, exclude_max=True)
PAUSES = st.floats(0, 1000)
POLICIES = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 8),
    backoff=PAUSES,
    max_backoff=PAUSES,
    max_retry_after=PAUSES,
    total_seconds=st.floats(0.01, 1000),
    jitter=st.floats(0, 2),
)


def imf(moment: datetime) -> str:
    """Return the form that is to be written, IMF-fixdate."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def rfc850(moment: datetime) -> str:
    """Return the obsolete form with a short year."""
    return moment.strftime("%A, %d-%b-%y %H:%M:%S GMT")


def asctime(moment: datetime) -> str:
    """Return the obsolete form of C."""
    return moment.strftime("%a %b %e %H:%M:%S %Y")


FORMS = st.sampled_from([imf, rfc850, asctime])


def throttled(retry_after: str, **headers: str) -> RawAnswer:
    """Return a 429 that says when to come back."""
    return answer(429, None, retry_after=retry_after, **headers)


def waited(retry_after: str, chance: float = 0.0, **headers: str) -> float:
    """Return how long a patient client waits when it is told so."""
    world = World([throttled(retry_after, **headers), answer(200, [])], chance=chance)
    world.call(LIST, changed(SETTINGS, retry=PATIENT))
    return world.elapsed


@given(st.integers(0, 10**12), CHANCES)
def test_seconds_are_waited_for(told: int, chance: float) -> None:
    """However many they are."""
    assert waited(str(told), chance) >= told


@given(st.decimals(0, 10**6, allow_nan=False, places=3), CHANCES)
def test_decimals_are_waited_for(told: Any, chance: float) -> None:
    """No document shows them, some gateways write them."""
    assert waited(f"{told:f}", chance) >= float(told)


@pytest.mark.parametrize("text", ["5.000000000000000000001", "000000000000000000005", " 5 ", "5."])
def test_unusual_spellings_of_a_number_are_that_number(text: str) -> None:
    """Not some enormous one."""
    assert waited(text) == pytest.approx(5.0)


@given(FORMS, st.integers(0, TEN_YEARS), CHANCES)
def test_dates_are_waited_for(form: Any, told: int, chance: float) -> None:
    """In the three forms of RFC 9110, section 5.6.7, up to ten years ahead, by the clock here."""
    assert waited(form(NOW + timedelta(seconds=told)), chance) >= told


@given(FORMS, st.integers(0, TEN_YEARS), st.integers(-TEN_YEARS, TEN_YEARS))
def test_a_date_is_counted_from_the_services_own(form: Any, told: int, wrong: int) -> None:
    """However wrong the clock here is."""
    sent = NOW + timedelta(seconds=wrong)
    assert waited(form(sent + timedelta(seconds=told)), date=imf(sent)) == pytest.approx(told)


@given(FORMS, st.integers(0, TEN_YEARS))
def test_a_past_date_asks_for_nothing(form: Any, ago: int) -> None:
    """But for chance, which spreads those who come back."""
    assert asked_wait(throttled(form(NOW - timedelta(seconds=ago))), BEGIN) == 0


@given(st.text() | st.sampled_from(["", " ", ".", "-5", "+5", "1e3", "0x10", "soon", "5, 10", "²", "٣", "5 s", "NaN"]))
def test_whatever_is_not_understood_is_as_if_it_were_not_there(text: str) -> None:
    """It is an ordinary pause then, and never an error of its own."""
    told = asked_wait(throttled(text), BEGIN)
    assert told is None or told >= 0
    if told is None:
        assert 0.25 <= waited(text) <= 0.5


def test_a_missing_retry_after_is_an_ordinary_pause() -> None:
    """Between half the backoff and all of it."""
    world = World([answer(429), answer(200, [])], chance=0.0)
    world.call(LIST)
    assert world.pauses == [0.25]


@given(st.integers(121, 10**12) | st.just(TEN_YEARS))
def test_longer_than_anybody_waits_is_an_error_at_once(told: int) -> None:
    """It says for how long, and what can be done."""
    world = World([throttled(str(told))])
    with pytest.raises(errors.ThrottledError, match=rf"wait {told} seconds.*max_retry_after") as caught:
        world.call(LIST)
    assert caught.value.retry_after == told
    assert not world.pauses


@pytest.mark.parametrize("status", [429, 503, 500])
def test_retry_after_counts_with_every_status_that_is_repeated(status: int) -> None:
    """RFC 9110, section 10.2.3."""
    world = World([answer(status, None, retry_after="57"), answer(200, [])], chance=0.0)
    world.call(LIST)
    assert world.pauses == [57.0]


@pytest.mark.parametrize("told", [*range(1, 58)])
def test_clients_do_not_come_back_together(told: int) -> None:
    """They spread over a quarter of what they were told, at least."""
    waits = [pause_before(2, float(told), RetryPolicy(), number / 1000) for number in range(1000)]
    assert min(waits) >= told
    assert max(waits) - min(waits) >= 0.25 * told
    assert max(waits) <= told + max(0.3 * told, RetryPolicy().max_backoff)


@given(st.integers(2, 10**6), POLICIES, CHANCES)
def test_the_backoff_is_bounded_and_half_of_it_is_random(attempt: int, policy: RetryPolicy, chance: float) -> None:
    """Whatever number the attempt has."""
    wait = pause_before(attempt, None, policy, chance)
    longest = pause_before(attempt, None, policy, 1.0)
    assert longest <= policy.max_backoff
    assert longest / 2 <= wait <= longest


def test_the_backoff_doubles() -> None:
    """Up to the longest."""
    waits = [pause_before(attempt, None, RetryPolicy(), 1.0) for attempt in range(2, 9)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Unanswered, st.just("lost"), st.booleans(), st.booleans()),
    st.builds(answer, st.sampled_from([408, 429, 500, 502, 503, 504])),
    st.builds(throttled, st.integers(0, 500).map(str)),
)


@given(POLICIES, st.lists(st.builds(Slow, PAUSES, OUTCOMES), min_size=8, max_size=8), CHANCES)
def test_attempts_and_time_are_bounded(policy: RetryPolicy, script: list[Scripted], chance: float) -> None:
    """No pause reaches beyond the end, none is taken before an attempt that is not made."""
    world = World(script, chance=chance)
    with pytest.raises(errors.PartnerCenterError):
        world.call(LIST, changed(SETTINGS, retry=policy))
    assert 1 <= len(world.requests) <= policy.attempts
    assert len(world.pauses) == len(world.requests) - 1
    assert all(begun <= policy.total_seconds for begun in world.sent_at)


@given(st.integers(100, 999))
def test_only_what_may_pass_is_repeated(status: int) -> None:
    """408, 429 and 5xx but 501 and 505."""
    repeated = status in (408, 429) or (500 <= status <= 599 and status not in (501, 505))
    for repeat in Repeat:
        found = verdict(answer(status), repeat, RetryPolicy(), 1, 0.0, BEGIN, lambda: 0.5)
        expected = repeated and (repeat is Repeat.SAFE or status == 429)
        assert isinstance(found, Again if expected else Enough)


@pytest.mark.parametrize(
    ("outcome", "repeat", "again"),
    [
        (LOST, Repeat.SAFE, True),
        (NEVER_SENT, Repeat.SAFE, True),
        (LOST, Repeat.ONLY_UNDONE, False),
        (NEVER_SENT, Repeat.ONLY_UNDONE, True),
    ],
)
def test_no_answer_is_repeated_where_that_is_safe(outcome: Outcome, repeat: Repeat, again: bool) -> None:
    """Always, or when it was certainly not done."""
    found = verdict(outcome, repeat, RetryPolicy(), 1, 0.0, BEGIN, lambda: 0.5)
    assert isinstance(found, Again) is again


@pytest.mark.parametrize(
    ("policy", "requests", "elapsed"),
    [
        (RetryPolicy(), 4, 3.5),
        (RetryPolicy(attempts=2), 2, 0.5),
        (RetryPolicy(attempts=1), 1, 0.0),
        (RetryPolicy(backoff=3.0), 4, 3.0 + 6.0 + 8.0),
        (RetryPolicy(max_backoff=0.75), 4, 0.5 + 0.75 + 0.75),
        (RetryPolicy(total_seconds=1.0), 2, 0.5),
    ],
)
def test_each_number_of_the_policy_counts(policy: RetryPolicy, requests: int, elapsed: float) -> None:
    """Without a word from the service."""
    world = World([answer(500)] * 4, chance=1.0)
    with pytest.raises(errors.ServerError):
        world.call(LIST, changed(SETTINGS, retry=policy))
    assert (len(world.requests), world.elapsed) == (requests, elapsed)


@pytest.mark.parametrize(
    ("policy", "waited_for"),
    [
        (RetryPolicy(max_retry_after=39.0), None),
        (RetryPolicy(max_retry_after=40.0), 52.0),
        (RetryPolicy(jitter=0.5), 60.0),
        (RetryPolicy(total_seconds=45.0), None),
    ],
)
def test_each_number_of_the_policy_counts_when_told(policy: RetryPolicy, waited_for: float | None) -> None:
    """To wait for 40 seconds."""
    world = World([throttled("40"), answer(200, [])], chance=1.0)
    if waited_for is None:
        with pytest.raises(errors.ThrottledError, match=r"max_retry_after|total_seconds") as caught:
            world.call(LIST, changed(SETTINGS, retry=policy))
        assert caught.value.retry_after == 40
    else:
        world.call(LIST, changed(SETTINGS, retry=policy))
    assert world.pauses == ([] if waited_for is None else [waited_for])


@pytest.mark.parametrize("name", ["attempts", "backoff", "max_backoff", "max_retry_after", "total_seconds", "jitter"])
@pytest.mark.parametrize("value", [-1, float("nan"), "4", None])
def test_numbers_that_mean_nothing_are_refused(name: str, value: Any) -> None:
    """With an error of our own, which is a ValueError."""
    with pytest.raises(errors.InvalidArgumentError):
        RetryPolicy(**{name: value})
