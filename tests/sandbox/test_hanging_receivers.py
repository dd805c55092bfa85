"""A receiver of webhooks that hangs holds up nobody who moves the clock, and gets its events all the same."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.supervision.together import until
from tests.support.answering import Answering, Asked, Said
from tests.support.partner import EDUCATION
from tests.support.processes import Sandbox
from tests.support.worlds import World, world
from vetline.webhooks.posting import DEADLINE

OXFORD = "ox.ac.uk"


class Hanging:
    """What a receiver answers: nothing, until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def __call__(self, asked: Asked) -> Said:
        """Hang."""
        self.go.wait(30)
        return Said(200)


@contextmanager
def hanging(one: World) -> Iterator[tuple[Hanging, Answering]]:
    """Yield a receiver that hangs, where Contoso wants its events."""
    hang = Hanging()
    with Answering(hang) as receiver:
        body = {"WebhookUrl": receiver.base, "WebhookEvents": ["customer-qualification-updated"]}
        one.partner("POST", "/webhooks/v1/registration", json=body).raise_for_status()
        yield hang, receiver
        hang.go.set()


def deliveries(one: World) -> list[dict[str, Any]]:
    """Return what is told of deliveries, the oldest first."""
    found: list[dict[str, Any]] = one.control("GET", "/webhooks/deliveries").raise_for_status().json()["items"]
    return found[::-1]


def outcomes(one: World) -> list[tuple[str, int]]:
    """Return where deliveries are, and after how many attempts."""
    return [(each["state"], each["attempts"]) for each in deliveries(one)]


def test_the_clock_does_not_wait_for_it(sandbox: Sandbox) -> None:
    """What is due is decided; no attempt is over when the answer comes; then both events are delivered, once each."""
    with world(sandbox, mode="after:60") as one, hanging(one) as (hang, receiver):
        one.partner("POST", path := one.customer(OXFORD), json=EDUCATION).raise_for_status()
        one.control("POST", "/clock", json={"advanceSeconds": 60}).raise_for_status()
        assert one.standing(path)[0]["vettingStatus"] == "Approved"
        assert outcomes(one) == [("waiting", 0)] * 2, "nobody waited until the receiver's five seconds were over"
        assert len(receiver.asked) == 1
        hang.go.set()
        until(lambda: outcomes(one) == [("delivered", 1)] * 2, "both are delivered")
        assert len(receiver.asked) == 2


@pytest.mark.parametrize("way", ["reset", "restore", "end"])
def test_a_world_that_begins_anew_or_ends_does_not_wait_for_it(sandbox: Sandbox, way: str) -> None:
    """Sooner than the receiver's five seconds; what was on its way stays where it was."""
    one = World(sandbox.http, sandbox.http.post("/sandbox/worlds").raise_for_status().json())
    before = one.control("GET", "/snapshot").content
    with hanging(one) as (_, receiver):
        for domain in (OXFORD, "harvard.edu"):
            one.partner("POST", one.customer(domain), json=EDUCATION).raise_for_status()
        until(lambda: bool(receiver.asked), "the first event is on its way")
        begun = time.monotonic()
        ways = {"reset": ("POST", "/reset", b""), "restore": ("PUT", "/snapshot", before), "end": ("DELETE", "", b"")}
        method, path, body = ways[way]
        one.control(method, path, content=body).raise_for_status()
        assert time.monotonic() - begun < DEADLINE - 1
        assert len(receiver.asked) == 1
    one.control("DELETE", "")


def test_a_world_ends_while_it_hangs(sandbox: Sandbox) -> None:
    """Nothing is left that goes on, and the log has no error."""
    before = sandbox.log()
    with world(sandbox) as one, hanging(one):
        one.partner("POST", one.customer(OXFORD), json=EDUCATION).raise_for_status()
        one.control("POST", "/clock", json={"advanceSeconds": 0}).raise_for_status()
    assert "error" not in sandbox.log().removeprefix(before).lower()
