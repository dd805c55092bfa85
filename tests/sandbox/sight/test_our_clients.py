"""Our own client passes everything that there is to pass, blocking and asynchronous, under every spoilt answer."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from vetline import AsyncPartnerCenter, CustomerQualificationRequest, PartnerCenter, PartnerCenterError
from vetline.sdk.waiting import PollPolicy, WaitProgress

from .scenario import CREATE, HOUR, LOOKS, OPEN, OTHER, REFUSED, FaultySandbox

ASKED_FOR = CustomerQualificationRequest("Education", "K12", "example.edu")
NOT_SETTABLE = CustomerQualificationRequest("None")
POLLS = PollPolicy(first=0.05, growth=1, longest=0.05, hold=0)
CODES = "/v1/customers/all/validations"
ASKING = {"ValidateMfa": "true"}


class Watcher:
    """Sees to it that time passes between two looks, that the probes strike, and that there is a decision at last."""

    def __init__(self, sandbox: FaultySandbox) -> None:
        self._sandbox = sandbox
        self.statuses: list[str | None] = []

    def __call__(self, progress: WaitProgress) -> None:
        """Be told of a look."""
        self.statuses.append(progress.qualification.vetting_status)
        if len(self.statuses) == 2:
            self._sandbox.probe()
        if len(self.statuses) == LOOKS:
            decision = {"customerId": OPEN, "qualification": "Education", "vettingStatus": "Approved"}
            self._sandbox.http.post("/sandbox/decisions", json=decision).raise_for_status()
        self._sandbox.pass_time(60)


def work_blocking(sandbox: FaultySandbox) -> Watcher:
    """Meet everything that there is an item for, with the blocking client."""
    watcher = Watcher(sandbox)
    with PartnerCenter(lambda: sandbox.fresh_token(), base_url=sandbox.base, headers=ASKING) as partner:
        partner.validations.get_validation_codes()
        sandbox.strike("unavailable", CREATE, retryAfterForm="none")
        sandbox.strike("lost", CREATE)
        watched = partner.customers.by_id(OPEN).qualification
        watched.create_qualifications(ASKED_FOR)
        sandbox.strike("throttled", CREATE, retryAfterSeconds=1)
        partner.customers.by_id(OTHER).qualification.create_qualifications(ASKED_FOR)
        with contextlib.suppress(PartnerCenterError):
            partner.customers.by_id(REFUSED).qualification.create_qualifications(NOT_SETTABLE)
        sandbox.strike("half", f"GET {CODES}")
        sandbox.strike("reset", f"GET {CODES}")
        sandbox.strike("unexpected", f"GET {CODES}")
        partner.validations.get_validation_codes()
        watched.wait_for_decision("Education", timeout=60, poll=POLLS, on_progress=watcher)
        sandbox.pass_time(HOUR)
        partner.validations.get_validation_codes()
    return watcher


async def work_async(sandbox: FaultySandbox) -> Watcher:
    """Do the same with the asynchronous client."""
    watcher = Watcher(sandbox)
    async with AsyncPartnerCenter(lambda: sandbox.fresh_token(), base_url=sandbox.base, headers=ASKING) as partner:
        await partner.validations.get_validation_codes()
        sandbox.strike("unavailable", CREATE, retryAfterForm="none")
        sandbox.strike("lost", CREATE)
        watched = partner.customers.by_id(OPEN).qualification
        await watched.create_qualifications(ASKED_FOR)
        sandbox.strike("throttled", CREATE, retryAfterSeconds=1)
        await partner.customers.by_id(OTHER).qualification.create_qualifications(ASKED_FOR)
        with contextlib.suppress(PartnerCenterError):
            await partner.customers.by_id(REFUSED).qualification.create_qualifications(NOT_SETTABLE)
        sandbox.strike("half", f"GET {CODES}")
        sandbox.strike("reset", f"GET {CODES}")
        sandbox.strike("unexpected", f"GET {CODES}")
        await partner.validations.get_validation_codes()
        await watched.wait_for_decision("Education", timeout=60, poll=POLLS, on_progress=watcher)
        sandbox.pass_time(HOUR)
        await partner.validations.get_validation_codes()
    return watcher


def driven(work: Callable[[FaultySandbox], Coroutine[Any, Any, Watcher]]) -> Callable[[FaultySandbox], Watcher]:
    """Return the asynchronous work as one that blocks."""
    return lambda sandbox: asyncio.run(work(sandbox))


@pytest.mark.parametrize("work", [work_blocking, driven(work_async)], ids=["blocking", "async"])
def test_our_client_passes_everything(faulty: FaultySandbox, work: Callable[[FaultySandbox], Watcher]) -> None:
    watcher = work(faulty)
    assert "AwaitingPartner" in watcher.statuses
    scores = faulty.judge("vetline-python")
    assert scores.all("failed") == set(), scores
    assert scores.all("not tried") == {"webhook-signatures"}, scores


# Of 2018 is the synchronous generation: no review is open there, and nobody looks again.
@pytest.mark.parametrize("contract", ["live", "sdk-3.4", "docs-2020", "swagger"])
def test_under_every_contract(contract: str) -> None:
    """Whichever document the sandbox speaks, it passes everything, and reads what the probes make of it."""
    with FaultySandbox("--contract", contract) as sandbox:
        work_blocking(sandbox)
        scores = sandbox.judge("vetline-python")
        assert scores.all("failed") == set(), scores
        assert scores.all("not tried") == {"webhook-signatures"}, scores
