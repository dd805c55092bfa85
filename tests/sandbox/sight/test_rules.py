"""The rules of the scorecard, over calls as they may come: pure."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.clock import HandClock
from vetline.sandbox.sight.journal.exchange import NOBODY, Ending, Exchange
from vetline.sandbox.sight.scorecard.attempts import operations
from vetline.sandbox.sight.scorecard.call import Call, calls_in, waited
from vetline.sandbox.sight.scorecard.finding import Finding, Outcome, together
from vetline.sandbox.sight.scorecard.items import ITEMS
from vetline.sandbox.sight.scorecard.moment import Moment
from vetline.sandbox.sight.scorecard.naming import keeps_request_id, renews_correlation_id, renews_request_id
from vetline.sandbox.sight.scorecard.rewriting import PROBES, UNKNOWN_STATUS, rewritten
from vetline.sandbox.sight.scorecard.surviving import survives
from vetline.sandbox.sight.scorecard.trusting import minds_mfa, renews_tokens
from vetline.sandbox.sight.scorecard.waiting import accepts_refusals, backs_off, polls_gently, waits_as_told

PASSED, FAILED, NOT_TRIED = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_TRIED
POST = ("POST", "v1/customers/a/qualifications", "", b"{}")
LOOK = ("GET", "v1/customers/a/qualifications", "", b"")
NOW = Moment(1e9, 15.0)

ids = st.sampled_from([str(UUID(int=number)) for number in range(6)] + ["", "no-guid"])
asked = st.sampled_from(
    [POST, LOOK, ("GET", "v1/customers", "", b""), ("PUT", "v1/customers/b/qualification", "", b"1")]
)
calls_of_one: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.builds(
        dict,
        asks=asked,
        request_id=ids,
        correlation_id=ids,
        status=st.sampled_from([0, 200, 201, 400, 401, 403, 409, 429, 500, 503]),
        complete=st.booleans(),
        retry_after=st.one_of(st.none(), st.floats(0, 100)),
        token=st.sampled_from(["", "t1", "t2"]),
        expires=st.one_of(st.none(), st.floats(0, 500)),
        token_refused=st.booleans(),
        open_reviews=st.booleans(),
        app_only=st.booleans(),
        mfa=st.booleans(),
        asks_for_mfa=st.booleans(),
        probe=st.sampled_from(["", *PROBES]),
    ),
    max_size=12,
)
gaps = st.lists(st.tuples(st.floats(0, 90), st.floats(0, 5)), min_size=12, max_size=12)


def row(*calls: dict[str, Any]) -> list[Call]:
    """Return calls one after the other: each begins `after` seconds after the one before, and takes `takes`."""
    found: list[Call] = []
    clock = 1000.0
    for number, values in enumerate(calls, 1):
        given_values = dict(values)
        begun = clock + given_values.pop("after", 1.0)
        clock = begun + given_values.pop("takes", 0.01)
        moments = {"begun": begun, "ended": clock, "at": begun, "ended_at": clock}
        found.append(Call(number=number, **moments | given_values))
    return found


@given(calls_of_one, gaps)
def test_every_rule_judges_whatever_comes(values: list[dict[str, Any]], times: list[tuple[float, float]]) -> None:
    """None fails, and what it names was there; without calls there is nothing to say."""
    calls = row(*({**one, "after": after, "takes": takes} for one, (after, takes) in zip(values, times, strict=False)))
    numbers = {one.number for one in calls}
    for item in ITEMS:
        finding = item.judge(calls, NOW)
        assert set(finding.numbers) <= numbers, item.id
        assert finding.text.endswith("."), item.id
        if not calls:
            assert finding.outcome is NOT_TRIED
        if finding.outcome is FAILED:
            assert finding.numbers, item.id


@given(calls_of_one, gaps)
def test_operations_hold_every_call_once(values: list[dict[str, Any]], times: list[tuple[float, float]]) -> None:
    calls = row(*({**one, "after": after, "takes": takes} for one, (after, takes) in zip(values, times, strict=False)))
    found = operations(calls)
    assert sorted(one.number for operation in found for one in operation) == [one.number for one in calls]
    assert all(len({one.asks for one in operation}) == 1 for operation in found)


@given(st.floats(0.2, 100), st.floats(-0.9, 3))
def test_retry_after_is_a_least_wait(told: float, more: float) -> None:
    calls = row({"asks": POST, "status": 429, "retry_after": told}, {"asks": POST, "after": told * (1 + more)})
    short = waited(*calls) < told - 0.05
    assert waits_as_told(calls).outcome is (FAILED if short else PASSED)
    if short:
        assert waits_as_told(calls).numbers == (1, 2)


def test_a_clock_that_jumps_counts_as_waiting() -> None:
    before, after = row({"asks": POST, "status": 429, "retry_after": 60.0}, {"asks": POST, "after": 0.1})
    jumped = Call(number=2, asks=POST, begun=after.begun, ended=after.ended, at=before.ended_at + 60, ended_at=2e3)
    assert waits_as_told([before, after]).outcome is FAILED
    assert waits_as_told([before, jumped]).outcome is PASSED


def test_what_was_on_its_way_already_did_not_know() -> None:
    told, parallel = row({"asks": POST, "status": 429, "retry_after": 60.0, "takes": 5}, {"asks": POST})
    overlapping = Call(number=2, asks=POST, begun=told.begun + 1, ended=told.ended + 1, at=told.at, ended_at=told.at)
    assert waits_as_told([told, overlapping]).outcome is NOT_TRIED
    assert waits_as_told([told, parallel]).outcome is FAILED


@pytest.mark.parametrize("first", ["", str(UUID(int=1))])
@pytest.mark.parametrize(
    "failure", [{"status": 503}, {"status": 429}, {"status": 0, "complete": False}, {"complete": False}]
)
def test_a_retry_under_another_name_is_found(first: str, failure: dict[str, Any]) -> None:
    calls = row({"asks": POST, "request_id": first, **failure}, {"asks": POST, "request_id": str(UUID(int=2))})
    assert keeps_request_id(calls).outcome is FAILED
    kept = row(
        {"asks": POST, "request_id": str(UUID(int=2)), **failure}, {"asks": POST, "request_id": str(UUID(int=2))}
    )
    assert keeps_request_id(kept).outcome is PASSED


def test_whoever_gave_up_begins_anew() -> None:
    failed = [{"asks": POST, "request_id": str(UUID(int=1)), "status": 503}] * 4
    calls = row(*failed, {"asks": POST, "request_id": str(UUID(int=2))})
    assert keeps_request_id(calls).outcome is PASSED


def test_a_read_may_have_another_name_each_time() -> None:
    calls = row({"asks": LOOK, "request_id": "1", "status": 503}, {"asks": LOOK, "request_id": "2"})
    assert keeps_request_id(calls).outcome is NOT_TRIED


@pytest.mark.parametrize(
    ("rule", "member"), [(renews_request_id, "request_id"), (renews_correlation_id, "correlation_id")]
)
def test_names_are_guids_and_of_one_operation(rule: Callable[[list[Call]], Finding], member: str) -> None:
    one, other = str(UUID(int=1)), "{" + str(UUID(int=2)).upper() + "}"
    assert rule(row({"asks": POST, member: one}, {"asks": LOOK, member: other})).outcome is PASSED
    assert rule(row({"asks": POST, member: one}, {"asks": LOOK, member: one})).outcome is FAILED
    assert rule(row({"asks": POST, member: one}, {"asks": LOOK, member: "7"})).outcome is FAILED
    assert rule(row({"asks": POST, member: ""}, {"asks": LOOK, member: one})).outcome is FAILED
    assert rule(row({"asks": POST, member: one})).outcome is NOT_TRIED


def test_an_answer_may_be_lost_but_not_for_ever() -> None:
    same = {"asks": LOOK, "request_id": str(UUID(int=1))}
    other = {"asks": POST, "request_id": str(UUID(int=2))}
    assert renews_request_id(row(*[same] * 3, other)).outcome is PASSED
    assert renews_request_id(row(*[same] * 6, other)).outcome is FAILED


@given(st.lists(st.floats(0.001, 30), min_size=2, max_size=30))
def test_many_looks_within_a_second_each_are_wild(pauses: list[float]) -> None:
    calls = row(
        {"asks": LOOK, "open_reviews": True}, *({"asks": LOOK, "open_reviews": True, "after": p} for p in pauses)
    )
    runs, longest = 0, 0
    for before, after in pairwise(calls):
        runs = runs + 1 if after.begun - before.begun < 1.0 else 0
        longest = max(longest, runs)
    assert polls_gently(calls).outcome is (FAILED if longest >= 5 else PASSED)


def test_a_held_answer_is_no_wild_look() -> None:
    calls = row(*[{"asks": LOOK, "open_reviews": True, "after": 0.001, "takes": 20}] * 10)
    assert polls_gently(calls).outcome is PASSED


def test_pauses_grow_or_at_least_are_there() -> None:
    failure = {"asks": POST, "status": 503, "request_id": "1"}
    assert backs_off(row(failure, {**failure, "after": 0.01})).outcome is FAILED
    assert backs_off(row(failure, {**failure, "after": 0.3})).outcome is PASSED
    assert backs_off(row(*[failure] * 12)).outcome is FAILED


def test_a_refusal_is_not_asked_again() -> None:
    refused = {"asks": POST, "status": 400, "request_id": "1"}
    assert accepts_refusals(row(refused, refused)).outcome is FAILED
    assert accepts_refusals(row(refused, {**refused, "request_id": "2"})).outcome is PASSED


def test_tokens_are_renewed_in_time_or_when_they_are_refused() -> None:
    old, new = {"token": "t1", "expires": 1010.0}, {"token": "t2", "expires": 9e9}
    refused = {**old, "status": 401, "token_refused": True}
    assert renews_tokens(row(old, {**new, "after": 60})).outcome is PASSED
    assert renews_tokens(row(old, new)).outcome is NOT_TRIED
    assert renews_tokens(row(refused, new)).outcome is PASSED
    assert renews_tokens(row(refused)).outcome is NOT_TRIED
    assert renews_tokens(row(refused, refused)).outcome is FAILED
    assert renews_tokens(row(refused, refused, new)).outcome is PASSED
    assert renews_tokens(row(refused, refused, refused, new)).outcome is FAILED


def test_mfa_is_asked_for_users_only() -> None:
    user = {"token": "t", "mfa": True}
    assert minds_mfa(row(user)).outcome is NOT_TRIED
    assert minds_mfa(row({**user, "mfa": False})).outcome is FAILED
    assert minds_mfa(row({**user, "mfa": False}, {**user, "asks_for_mfa": True})).outcome is PASSED
    assert minds_mfa(row({"token": "t", "app_only": True})).outcome is NOT_TRIED


def test_survival_is_to_look_again_and_silence_is_judged_late() -> None:
    looks = row({"asks": LOOK}, {"asks": LOOK, "after": 2}, {"asks": LOOK, "after": 3, "probe": "unknownStatus"})
    silent = looks[-1].ended
    assert survives(("unknownStatus",), looks, Moment(silent + 14, 15)).outcome is NOT_TRIED
    assert survives(("unknownStatus",), looks, Moment(silent + 16, 15)).outcome is FAILED
    assert survives(("unknownStatus",), looks, Moment(silent + 16, 3)).outcome is FAILED
    assert survives(("unknownStatus",), looks, Moment(silent + 14, 3)).outcome is NOT_TRIED, (
        "it paused 3 seconds before"
    )
    assert survives(("unknownStatus",), looks, Moment(silent, 0)).outcome is FAILED
    again = [*looks, *row({"asks": LOOK})]
    again[-1] = Call(number=9, asks=LOOK, begun=silent + 60)
    assert survives(("unknownStatus",), again, Moment(silent + 90, 15)).outcome is PASSED
    assert survives(("unknownMember",), again, NOW).outcome is NOT_TRIED


@pytest.mark.parametrize("wrap", [lambda one: [one], lambda one: one, lambda one: {"qualifications": [one]}])
@pytest.mark.parametrize("kind", PROBES)
def test_probes_change_what_is_open_and_nothing_else(kind: str, wrap: Callable[[Any], Any]) -> None:

    opened = {
        "qualification": "Education",
        "vettingStatus": "InReview",
        "vettingCreateDate": "d",
        "vettingCreatedDate": "d",
    }
    changed = rewritten(kind, json.dumps(wrap(opened)).encode())
    assert changed is not None
    found = json.loads(changed)
    element = found[0] if isinstance(found, list) else found.get("qualifications", [found])[0]
    differs = {name for name in {*element, *opened} if element.get(name) != opened.get(name)}
    expected = {
        "unknownStatus": {"vettingStatus"},
        "unknownMember": {"reviewTier"},
        "onlyCreateDate": {"vettingCreatedDate"},
        "onlyCreatedDate": {"vettingCreateDate"},
    }
    assert differs == expected[kind]
    assert element["vettingStatus"] == (UNKNOWN_STATUS if kind == "unknownStatus" else "InReview")
    for decided in ("Approved", "Denied"):
        assert rewritten(kind, json.dumps(wrap({**opened, "vettingStatus": decided})).encode()) is None


@given(st.binary(max_size=60), st.sampled_from(list(PROBES)))
def test_a_probe_leaves_alone_what_it_does_not_understand(body: bytes, kind: str) -> None:
    assert rewritten(kind, b"\xff" + body) is None


def test_a_failure_of_one_client_counts() -> None:
    good, bad = Finding(PASSED, "good.", (1,)), Finding(FAILED, "bad.", (2,))
    assert together([good, bad, Finding(NOT_TRIED, "none.")]) == bad
    assert together([Finding(NOT_TRIED, "none."), good]) == good
    assert together([]).outcome is NOT_TRIED
    assert calls_in([]) == []


@pytest.mark.parametrize("request_ids", [("1", "1"), ("1", "2"), ("", "")])
def test_a_body_that_nobody_read_is_that_of_the_next_attempt(request_ids: tuple[str, str]) -> None:
    """A refusal may be sent before the body has come; the retry is a retry all the same."""
    refused, done = (sent(number, one) for number, one in enumerate(request_ids, 1))
    refused.ending, refused.status, refused.body, refused.body_size = Ending.COMPLETE, 503, b"", 0
    found = calls_in([refused, done])
    assert [one.asks[3] for one in found] == [b"{}", b"{}"]
    assert keeps_request_id(found).outcome is (PASSED if request_ids == ("1", "1") else FAILED)


def sent(number: int, request_id: str) -> Exchange:
    """Return a POST that was done."""
    now = HandClock().now()
    head = f"\nmsrequest: x\nms-requestid: {request_id}\ncontent-length: 2\n".encode()
    one = Exchange(number, now, now, float(number), "POST", "/v1/customers", "", "", head, NOBODY, b"{}", 2)
    one.ending, one.status, one.ended, one.ended_at = Ending.COMPLETE, 201, number + 0.5, now
    return one
