"""Webhooks of a sandbox as its users meet them: through the client, to a receiver of their own, with signatures."""

import ssl
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.x509 import Certificate

from tests.support.answering import Answering, Asked, Said
from tests.support.processes import CONTOSO, Sandbox
from vetline.sandbox.contents.seeds import FABRIKAM_TENANT
from vetline.sdk.client import PartnerCenter
from vetline.sdk.errors import PartnerCenterError, WebhookSignatureError
from vetline.sdk.models.registrations import ValidationEvent
from vetline.sdk.webhooks import AsyncHttpFetch, AsyncWebhookVerifier, HttpFetch, WebhookVerifier

OURS = "customer-qualification-updated"
BOTH = ["test-created", OURS]
DELIVERIES = "/sandbox/webhooks/deliveries"
REGISTRATION = "/webhooks/v1/registration"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def receiver() -> Iterator[Answering]:
    """Takes everything."""
    with Answering(lambda _: Said(200)) as found:
        yield found


@pytest.fixture
def partner(tls_sandbox: Sandbox) -> Iterator[PartnerCenter]:
    """The client, at a sandbox that serves HTTPS."""
    tls = ssl.create_default_context(cafile=tls_sandbox.ca_file)
    with PartnerCenter(tls_sandbox.token(), base_url=tls_sandbox.base, verify=tls) as found:
        yield found


def due(sandbox: Sandbox, seconds: float = 0) -> None:
    """Let some time pass, and have everything done that is due then."""
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": seconds}).raise_for_status()


def register(sandbox: Sandbox, url: str, **more: Any) -> None:
    """Register a URL for both events."""
    body = {"WebhookUrl": url, "WebhookEvents": BOTH, **more}
    sandbox.call("POST", REGISTRATION, json=body).raise_for_status()


def deliveries(sandbox: Sandbox, **query: str) -> list[dict[str, Any]]:
    """Return what the control surface lists."""
    found: list[dict[str, Any]] = sandbox.http.get(DELIVERIES, params=query).raise_for_status().json()["items"]
    return found


def trusting(sandbox: Sandbox) -> dict[str, Any]:
    """Return what a verifier believes that trusts a sandbox, as docs/webhooks.md has it."""
    roots = x509.load_pem_x509_certificates(sandbox.http.get("/sandbox/webhooks/ca.pem").raise_for_status().content)
    return {
        "roots": roots,
        "allowed_hosts": [sandbox.base.removeprefix("https://")],
        "organization": "Vetline sandbox",
    }


@pytest.mark.parametrize("in_ms_header", [None, False, True])
async def test_the_client_registers_tests_and_verifies(
    tls_sandbox: Sandbox, partner: PartnerCenter, receiver: Answering, *, in_ms_header: bool | None
) -> None:
    """The client's own operations, unmodified, and its verifier, blocking and not, wherever the signature is."""
    kept = partner.webhooks.register(f"{receiver.base}/hook", BOTH, in_ms_header)
    assert (kept.url, kept.events, kept.signature_in_ms_header) == (f"{receiver.base}/hook", tuple(BOTH), in_ms_header)
    assert partner.webhooks.get().events == tuple(BOTH)
    assert partner.webhooks.get_events() == BOTH
    test_event = partner.webhooks.send_test_event()
    due(tls_sandbox)
    told = partner.webhooks.get_test_event(test_event)
    assert _result(told) == ("completed", f"{receiver.base}/hook", [("OK", False)])
    (asked,) = receiver.asked
    assert ("x-ms-signature" in {name.lower() for name in asked.headers}) is (in_ms_header is True)
    tls = ssl.create_default_context(cafile=tls_sandbox.ca_file)
    event = WebhookVerifier(fetch=HttpFetch(tls=tls), **trusting(tls_sandbox)).verify(asked.headers, asked.body)
    again = AsyncWebhookVerifier(fetch=AsyncHttpFetch(tls=tls), **trusting(tls_sandbox))
    assert await again.verify(asked.headers, asked.body) == event
    assert (event.event_name, event.resource_name, event.audit_uri) == ("test-created", "test", None)
    assert event.resource_uri == f"{tls_sandbox.base}{REGISTRATION}/validationEvents/{test_event}"


def _result(told: ValidationEvent) -> tuple[str, str, list[tuple[str, bool | None]]]:
    return told.status, told.callback_url, [(one.response_code, one.system_error) for one in told.results]


def test_changed_delivery_is_not_ours(tls_sandbox: Sandbox, partner: PartnerCenter, receiver: Answering) -> None:
    """Another byte, another sandbox."""
    partner.webhooks.register(receiver.base, BOTH)
    partner.webhooks.send_test_event()
    due(tls_sandbox)
    (asked,) = receiver.asked
    fetch = HttpFetch(tls=ssl.create_default_context(cafile=tls_sandbox.ca_file))
    verifier = WebhookVerifier(fetch=fetch, **trusting(tls_sandbox))
    with pytest.raises(WebhookSignatureError, match="does not fit"):
        verifier.verify(asked.headers, asked.body + b" ")
    with pytest.raises(WebhookSignatureError, match="organization"):
        WebhookVerifier(fetch=fetch, **{**trusting(tls_sandbox), "organization": "Microsoft Corporation"}).verify(
            asked.headers, asked.body
        )


def test_openssl_verifies_a_delivery(sandbox: Sandbox, receiver: Answering, tmp_path: Path) -> None:
    """By the certificate that the header leads to, which the sandbox's authority vouches for."""
    register(sandbox, receiver.base)
    sandbox.call("POST", f"{REGISTRATION}/validationEvents").raise_for_status()
    due(sandbox)
    (asked,) = receiver.asked
    document = sandbox.http.get(asked.headers["X-MS-Certificate-Url"]).raise_for_status().content
    certificate, ca, key, signature = (tmp_path / name for name in ("c.pem", "ca.pem", "key.pem", "signature"))
    certificate.write_bytes(document)
    ca.write_bytes(sandbox.http.get("/sandbox/webhooks/ca.pem").content)
    key.write_bytes(_openssl("x509", "-in", str(certificate), "-pubkey", "-noout"))
    signature.write_bytes(b64decode(asked.headers["Authorization"].removeprefix("Signature ")))
    assert b"OK" in _openssl("verify", "-CAfile", str(ca), str(certificate))
    verify = ("dgst", "-sha256", "-verify", str(key), "-signature", str(signature))
    assert b"Verified OK" in _openssl(*verify, given=asked.body)
    assert b"Verification failure" in _openssl(*verify, given=asked.body + b" ")


def _openssl(*arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=False)
    return done.stdout + done.stderr


def test_secret_adds_a_standard_signature(sandbox: Sandbox, receiver: Answering) -> None:
    """Beside Partner Center's own, with the delivery's id; the secret is never told again."""
    register(sandbox, receiver.base, StandardWebhooksSecret=SECRET)
    assert sandbox.call("GET", REGISTRATION).json()["StandardWebhooks"] is True
    assert SECRET not in sandbox.call("GET", REGISTRATION).text
    event = sandbox.call("POST", f"{REGISTRATION}/validationEvents").json()["correlationId"]
    due(sandbox)
    (asked,) = receiver.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert headers["webhook-id"] == event
    assert headers["authorization"].startswith("Signature ")
    signed = f"{event}.{headers['webhook-timestamp']}.".encode() + asked.body
    key = b64decode(SECRET.removeprefix("whsec_")).hex()
    expected = _openssl("dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key}", given=signed).split()[-1]
    assert b64decode(headers["webhook-signature"].removeprefix("v1,")).hex().encode() == expected
    assert SECRET not in sandbox.log()


def test_partner_is_told_each_time_that_a_standing_changes(sandbox: Sandbox, receiver: Answering) -> None:
    """Submitted, decided; not when a case only goes to a person, nor of another partner's customers."""
    register(sandbox, receiver.base)
    case = {"customerId": _customer(sandbox, "Fine Art"), "qualification": "Education"}
    sandbox.call("POST", f"/v1/customers/{case['customerId']}/qualifications", json="Education").raise_for_status()
    due(sandbox)
    assert [_told(sandbox, asked) for asked in receiver.asked] == [(OURS, case["customerId"])]
    decision = case | {"vettingStatus": "Denied", "vettingReason": "Not an Education Customer"}
    sandbox.http.post("/sandbox/decisions", json=decision).raise_for_status()
    other = _customer(sandbox, "", FABRIKAM_TENANT)
    path = f"/v1/customers/{other}/qualifications"
    sandbox.call("POST", path, partner=FABRIKAM_TENANT, json="StateOwnedEntity").raise_for_status()
    due(sandbox)
    assert [_told(sandbox, asked) for asked in receiver.asked] == [(OURS, case["customerId"])] * 2
    found = deliveries(sandbox, customerId=case["customerId"], state="delivered")
    assert [(one["qualification"], one["attempts"]) for one in found] == [("Education", 1)] * 2


def _customer(sandbox: Sandbox, word: str, partner: str = CONTOSO) -> str:
    found = [
        one for one in sandbox.info["customers"] if one["partnerTenantId"] == partner and word in one["companyName"]
    ]
    return str(found[0]["id"])


def _told(sandbox: Sandbox, asked: Asked) -> tuple[str, str]:
    """Return what an event says, after following its link as its receiver would."""
    event = httpx2.Response(200, content=asked.body).json()
    assert event.keys() == {"EventName", "ResourceUri", "ResourceName", "AuditUri", "ResourceChangeUtcDate"}
    assert sandbox.call("GET", event["ResourceUri"].removeprefix(sandbox.base)).status_code == 200
    assert datetime.fromisoformat(event["ResourceChangeUtcDate"]).utcoffset() == timedelta(0)
    records = sandbox.call("GET", "/v1/auditrecords").raise_for_status().json()["items"]
    assert event["AuditUri"].rpartition("/")[2] in {record["id"] for record in records}
    return event["EventName"], event["ResourceUri"].split("/")[-2]


def test_nobody_is_told_who_did_not_ask_for_it(sandbox: Sandbox, receiver: Answering) -> None:
    """Another event's name is taken, as Partner Center takes it, and nothing comes of it here."""
    body = {"WebhookUrl": receiver.base, "WebhookEvents": ["subscription-updated", "usagerecords-thresholdExceeded"]}
    sandbox.call("POST", REGISTRATION, json=body).raise_for_status()
    path = f"/v1/customers/{_customer(sandbox, 'Fine Art')}/qualifications"
    sandbox.call("POST", path, json="Education").raise_for_status()
    refused = sandbox.call("POST", f"{REGISTRATION}/validationEvents")
    assert (refused.status_code, refused.json()["errorName"]) == (400, "TestEventNotRegistered")
    due(sandbox)
    assert (receiver.asked, deliveries(sandbox)) == ([], [])


def test_clock_drives_ten_attempts(sandbox: Sandbox) -> None:
    """Then the event is parked, seen, and sent once more when somebody asks for that."""
    with Answering(lambda _: Said(503)) as receiver:
        register(sandbox, receiver.base)
        event = sandbox.call("POST", f"{REGISTRATION}/validationEvents").json()["correlationId"]
        due(sandbox)
        for _ in range(12):
            due(sandbox, 9 * 3600)
        assert len(receiver.asked) == 10
        assert len({asked.body for asked in receiver.asked}) == 1
        (parked,) = deliveries(sandbox, state="parked")
        assert (parked["id"], parked["attempts"], parked["partnerId"]) == (event, 10, CONTOSO)
        assert {one["responseCode"] for one in parked["results"]} == {"ServiceUnavailable"}
        again = sandbox.http.post(f"{DELIVERIES}/{event}/resend").raise_for_status().json()
        assert (again["state"], again["attempts"]) == ("waiting", 0)
        due(sandbox)
        assert len(receiver.asked) == 11


def test_partner_sees_and_resends_its_own(sandbox: Sandbox, receiver: Answering) -> None:
    """Also outside a sandbox; nobody else's."""
    register(sandbox, receiver.base)
    event = sandbox.call("POST", f"{REGISTRATION}/validationEvents").json()["correlationId"]
    due(sandbox)
    path = "/vetline/v1/webhooks/deliveries"
    assert [one["id"] for one in sandbox.call("GET", path).json()["items"]] == [event]
    assert sandbox.call("GET", path, partner=FABRIKAM_TENANT).json() == {"items": []}
    assert sandbox.call("POST", f"{path}/{event}/resend", partner=FABRIKAM_TENANT).status_code == 404
    assert sandbox.call("POST", f"{path}/{event}/resend").json()["state"] == "waiting"
    due(sandbox)
    assert len(receiver.asked) == 2
    strangers = sandbox.call("GET", f"{REGISTRATION}/validationEvents/{event}", partner=FABRIKAM_TENANT)
    assert strangers.status_code == 404


def test_two_test_events_a_minute(sandbox: Sandbox, receiver: Answering) -> None:
    """The third is the gateway's 429; a minute later there are two more. Each partner has its own."""
    register(sandbox, receiver.base)
    path = f"{REGISTRATION}/validationEvents"
    answers = [sandbox.call("POST", path) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "60"
    due(sandbox, 61)
    assert sandbox.call("POST", path).status_code == 200


def test_the_client_is_told_what_is_wrong(tls_sandbox: Sandbox, partner: PartnerCenter) -> None:
    """With a sentence that says what to do."""
    with pytest.raises(PartnerCenterError) as none:
        partner.webhooks.get()
    with pytest.raises(PartnerCenterError) as inner:
        partner.webhooks.register("http://169.254.169.254/latest/meta-data/", BOTH)
    partner.webhooks.register("http://127.0.0.1:9/", BOTH)
    with pytest.raises(PartnerCenterError) as twice:
        partner.webhooks.register("http://127.0.0.1:9/", BOTH)
    assert [(one.value.status, one.value.error_name) for one in (none, inner, twice)] == [
        (404, "WebhookNotRegistered"),
        (400, "WebhookUrlRefused"),
        (409, "WebhookAlreadyRegistered"),
    ]
    assert partner.webhooks.update("http://127.0.0.1:9/other", BOTH).url == "http://127.0.0.1:9/other"


def test_worlds_have_webhooks_of_their_own(sandbox: Sandbox, receiver: Answering) -> None:
    """One world's events reach nobody else, and its control shows only them."""
    register(sandbox, receiver.base)
    made = sandbox.http.post("/sandbox/worlds").raise_for_status().json()
    control = made["control"] if "control" in made else f"{sandbox.base}/sandbox/worlds/{made['id']}"
    sandbox.call("POST", f"{REGISTRATION}/validationEvents").raise_for_status()
    assert sandbox.http.get(f"{control}/webhooks/deliveries").raise_for_status().json() == {"items": []}
    assert len(deliveries(sandbox)) == 1
    sandbox.http.delete(control).raise_for_status()


def test_reset_forgets_webhooks(sandbox: Sandbox, receiver: Answering) -> None:
    """Registrations and what was on its way."""
    register(sandbox, receiver.base)
    sandbox.call("POST", f"{REGISTRATION}/validationEvents").raise_for_status()
    sandbox.reset()
    assert sandbox.call("GET", REGISTRATION).status_code == 404
    assert deliveries(sandbox) == []


def test_control_is_for_this_machine_and_says_what_to_send(sandbox: Sandbox) -> None:
    """As all control routes are."""
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert sandbox.http.get(DELIVERIES, headers=elsewhere).status_code == 403
    for query in ({"state": "lost"}, {"partnerId": "me"}, {"customerId": "x"}):
        assert sandbox.http.get(DELIVERIES, params=query).status_code == 400
    assert sandbox.http.post(f"{DELIVERIES}/nothing/resend").status_code == 400
    assert sandbox.http.post(f"{DELIVERIES}/{CONTOSO}/resend").status_code == 404


def _certificate(sandbox: Sandbox) -> Certificate:
    return x509.load_pem_x509_certificates(sandbox.http.get("/certificates/webhooks.pem").content)[0]


def test_certificate_stays_with_the_data(tmp_path: Path) -> None:
    """A receiver that trusts it goes on doing so."""
    with Sandbox("--data", str(tmp_path)) as first:
        found = _certificate(first)
    with Sandbox("--data", str(tmp_path)) as second:
        assert _certificate(second) == found
    assert (tmp_path / "webhooks.pem").stat().st_mode & 0o077 == 0
