"""Webhooks come twice, late or out of order, as a receiver sees it; and none is ever lost."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.records import T0, A, B
from tests.store.webhooks import an_event
from tests.support.answering import Answering, Said
from tests.support.processes import Sandbox
from vetline.sandbox.faults.deliveries import EVENTS, FaultyDeliveries
from vetline.sandbox.faults.kinds import OF_DELIVERIES, Kind
from vetline.sandbox.faults.operations import Target
from vetline.sandbox.faults.plan import Planned
from vetline.wire import webhooks as wire

from .asking import plan
from .requests import OPERATIONS, READ, SEEDS, plan_of, struck

REGISTRATION = "/webhooks/v1/registration"


@pytest.fixture
def receiver(sandbox: Sandbox) -> Iterator[Answering]:
    """Takes everything; Contoso's webhooks go there, and time stands still."""
    with Answering(lambda _: Said(200)) as found:
        body = {"WebhookUrl": found.base, "WebhookEvents": ["test-created", "customer-qualification-updated"]}
        sandbox.call("POST", REGISTRATION, json=body).raise_for_status()
        sandbox.http.post("/sandbox/clock", json={"frozen": True}).raise_for_status()
        yield found


def send(sandbox: Sandbox) -> str:
    """Cause a test event and have it done what is due; return its id."""
    event = sandbox.call("POST", f"{REGISTRATION}/validationEvents").raise_for_status().json()["correlationId"]
    later(sandbox, 0)
    return str(event)


def later(sandbox: Sandbox, seconds: float) -> None:
    """Let some time pass."""
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": seconds}).raise_for_status()


def came(receiver: Answering) -> list[str]:
    """Return the ids of the test events that came, in their order."""
    return [json.loads(asked.body)["ResourceUri"].rpartition("/")[2] for asked in receiver.asked]


def test_doubled(sandbox: Sandbox, receiver: Answering) -> None:
    """The same event comes twice, byte for byte; the next one once."""
    plan(sandbox, {"kind": "doubled"})
    first, second = send(sandbox), send(sandbox)
    assert came(receiver) == [first, first, second]
    assert receiver.asked[0].body == receiver.asked[1].body


def test_late(sandbox: Sandbox, receiver: Answering) -> None:
    """Not before its time by the sandbox's clock, and then once."""
    plan(sandbox, {"kind": "late", "operation": "test-created", "seconds": 120})
    event = send(sandbox)
    later(sandbox, 119)
    assert came(receiver) == []
    later(sandbox, 2)
    later(sandbox, 600)
    assert came(receiver) == [event]


def test_out_of_order(sandbox: Sandbox, receiver: Answering) -> None:
    """The second comes before the first."""
    plan(sandbox, {"kind": "out-of-order", "operation": "test-created", "seconds": 30})
    first, second = send(sandbox), send(sandbox)
    later(sandbox, 31)
    assert came(receiver) == [second, first]
    (fault,) = sandbox.http.get("/sandbox/faults").json()["faults"]
    assert (fault["seen"], fault["struck"]) == (2, 1)


def test_another_event_is_another_matter(sandbox: Sandbox, receiver: Answering) -> None:
    """Faults of one event leave the other alone, and those of requests leave both alone."""
    plan(sandbox, {"kind": "doubled", "operation": "customer-qualification-updated"}, {"kind": "lost", "times": 3})
    sandbox.http.delete("/sandbox/faults/2")
    event = send(sandbox)
    assert came(receiver) == [event]


@pytest.mark.parametrize("operation", ["token", "POST /v1/customers/*/qualifications", "subscription-updated", 5, [5]])
def test_only_events_come_late(sandbox: Sandbox, operation: Any) -> None:
    """The sentence names the events there are."""
    refused = sandbox.http.post("/sandbox/faults", json={"kind": "late", "operation": operation})
    assert refused.status_code == 400
    assert "late is for webhooks: its operation must be * or one of test-created, " in refused.json()["description"]


def test_every_event_has_its_name() -> None:
    """Whatever the wire tells of can be struck."""
    assert set(EVENTS.values()) == set(wire.EVENTS)


DUE = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([A, B])), max_size=8, unique_by=lambda one: one[0])
FAULTS = st.lists(
    st.builds(
        Planned,
        kind=st.sampled_from(sorted(OF_DELIVERIES)),
        target=st.sampled_from(["*", *wire.EVENTS]).map(Target),
        probability=st.floats(0.1, 1),
        seconds=st.floats(1, 300),
    ),
    max_size=4,
)


@given(SEEDS, FAULTS, DUE)
def test_none_is_lost(seed: int, faults: list[Planned], numbers: list[tuple[int, str]]) -> None:
    """Each is sent once or twice, or put off once; what was put off is sent when it is due again."""
    due = [an_event(number, partner) for number, partner in numbers]
    policy = FaultyDeliveries(plan_of(seed, faults))
    arranged = policy.arrange(due, T0)
    sent, put_off = Counter(one.id for one in arranged.sent), [one for one, _ in arranged.later]
    assert sent.keys() | {one.id for one in put_off} == {one.id for one in due}
    assert not sent.keys() & {one.id for one in put_off}
    assert set(sent.values()) <= {1, 2}
    assert all(T0 < until <= T0 + timedelta(seconds=300) for _, until in arranged.later)
    again = policy.arrange(put_off, T0 + timedelta(seconds=300))
    assert (list(again.sent), list(again.later)) == (put_off, [])


def test_out_of_order_in_one_batch() -> None:
    """What is due together with a successor for the same partner comes after it, at once."""
    first, stranger, second = an_event(1), an_event(2, B), an_event(3)
    planned = Planned(Kind.OUT_OF_ORDER, Target("*"), times=1)
    arranged = FaultyDeliveries(plan_of(1, [planned])).arrange([first, stranger, second], T0)
    assert (list(arranged.sent), list(arranged.later)) == ([stranger, second, first], [])


def test_requests_and_deliveries_do_not_touch_each_other() -> None:
    """A `*` means all of its own sort."""
    requests = [Planned(Kind.LOST, OPERATIONS.target("*")), Planned(Kind.LATE, Target("*"))]
    plan = plan_of(1, requests)
    assert struck(plan, [READ] * 3) == [1, 1, 1]
    FaultyDeliveries(plan).arrange([an_event()], T0)
    assert [(entry.seen, entry.struck) for entry in plan.entries] == [(3, 3), (1, 1)]
