"""Receivers of webhooks are tried with a right and with a wrong signature: over real HTTP, and by the rule alone."""

import ssl
from collections.abc import Callable

import pytest

from tests.sandbox.test_webhooks import register, trusting
from tests.support.answering import Answering, Asked, Said
from tests.support.processes import Sandbox
from vetline.sandbox.sight.scorecard.finding import Outcome
from vetline.sandbox.sight.scorecard.moment import Moment, Tried
from vetline.sandbox.sight.scorecard.receiving import refuses_wrong_signatures
from vetline.sdk.errors import WebhookSignatureError
from vetline.sdk.webhooks import HttpFetch, WebhookVerifier


def verifying(sandbox: Sandbox) -> Callable[[Asked], Said]:
    """Return a receiver that verifies as our client does."""
    tls = ssl.create_default_context(cafile=sandbox.ca_file)
    verifier = WebhookVerifier(fetch=HttpFetch(tls=tls), **trusting(sandbox))

    def receive(asked: Asked) -> Said:
        try:
            verifier.verify(asked.headers, asked.body)
        except WebhookSignatureError:
            return Said(401)
        return Said(200)

    return receive


@pytest.mark.parametrize("in_ms_header", [False, True])
def test_our_own_verifier_passes(tls_sandbox: Sandbox, *, in_ms_header: bool) -> None:
    with Answering(verifying(tls_sandbox)) as receiver:
        register(tls_sandbox, receiver.base, SignatureTokenToMsSignatureHeader=in_ms_header)
        assert judged(tls_sandbox) == ("passed", "It took the right signature and refused the wrong one.")
        right, wrong = receiver.asked
    assert wrong.body == right.body + b" "


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "failed"), (204, "failed"), (401, "not tried"), (500, "not tried")]
)
def test_a_receiver_that_does_not_look_is_found(tls_sandbox: Sandbox, status: int, outcome: str) -> None:
    with Answering(lambda asked: Said(status)) as receiver:
        register(tls_sandbox, receiver.base)
        assert judged(tls_sandbox)[0] == outcome


def test_without_a_receiver_nothing_is_tried(tls_sandbox: Sandbox) -> None:
    assert judged(tls_sandbox)[0] == "not tried"


def judged(sandbox: Sandbox) -> tuple[str, str]:
    """Try the receivers, and return what came of it."""
    sandbox.http.post("/sandbox/scorecard/probes", json={"probes": ["wrongSignature"]}).raise_for_status()
    items = {one["id"]: one for one in sandbox.http.get("/sandbox/scorecard").raise_for_status().json()["items"]}
    found = items["webhook-signatures"]
    return found["outcome"], found["found"]


@pytest.mark.parametrize(
    ("tried", "outcome"),
    [
        ([], Outcome.NOT_TRIED),
        ([(200, 401)], Outcome.PASSED),
        ([(204, 500)], Outcome.PASSED),
        ([(200, 200)], Outcome.FAILED),
        ([(200, 302)], Outcome.FAILED),
        ([(401, 401)], Outcome.NOT_TRIED),
        ([(200, 0)], Outcome.NOT_TRIED),
        ([(0, 0)], Outcome.NOT_TRIED),
        ([(200, 401), (200, 200)], Outcome.FAILED),
        ([(200, 401), (0, 0)], Outcome.NOT_TRIED),
    ],
)
def test_a_refusal_counts_only_of_who_takes_what_is_right(tried: list[tuple[int, int]], outcome: Outcome) -> None:
    moment = Moment(0, 15, tuple(Tried("http://127.0.0.1/", right, wrong) for right, wrong in tried))
    assert refuses_wrong_signatures(moment).outcome is outcome
