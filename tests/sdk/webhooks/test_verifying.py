"""A genuine delivery is believed, in every form it comes; certificates are fetched once; repetitions can be refused."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from email.message import Message

import pytest

from tests.sdk.webhooks.forging import BODY, NOW, URL, Web, headers, issue, leaf, rsa_key, trust, verifier
from vetline.sdk.webhooks import (
    AsyncWebhookVerifier,
    CertificateUnavailableError,
    RepeatedDeliveryError,
    WebhookSignatureError,
    WebhookVerifier,
)
from vetline.sdk.webhooks.testing import WebhookSigner
from vetline.sdk.webhooks.verifier import Trust

EVENT = {
    "EventName": "subscription-updated",
    "ResourceUri": "https://api.example/v1/subscriptions/1",
    "ResourceChangeUtcDate": "2026-03-01T11:00:00.0000000Z",
}


def _message(pairs: Mapping[str, str]) -> Message:
    message = Message()
    for name, value in pairs.items():
        message[name] = value
    return message


FORMS: dict[
    str, Callable[[Mapping[str, str]], Mapping[str, str] | Message | Iterable[tuple[str | bytes, str | bytes]]]
] = {
    "mapping": dict,
    "lower case": lambda found: {name.lower(): value for name, value in found.items()},
    "upper case": lambda found: {name.upper(): value for name, value in found.items()},
    "http.server's": _message,
    "pairs": lambda found: list(found.items()),
    "ASGI's bytes": lambda found: [(name.lower().encode(), value.encode()) for name, value in found.items()],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("header", ["Authorization", "x-ms-signature"])
async def test_a_genuine_delivery_is_believed(
    form: Callable[[Mapping[str, str]], Mapping[str, str]], header: str
) -> None:
    """Either header carries the signature, whatever the framework's headers look like, with and without waiting."""
    signer = WebhookSigner(now=NOW)
    found, body = signer.sign(EVENT, header=header)  # type: ignore[arg-type]
    both: Trust = {"roots": signer.roots, "allowed_hosts": signer.allowed_hosts}
    event = WebhookVerifier(fetch=signer.fetch, **both).verify(form(found), body, now=NOW)
    same = await AsyncWebhookVerifier(fetch=signer.afetch, **both).verify(form(found), body, now=NOW)
    assert event == same
    assert event.event_name == "subscription-updated"


def test_the_moved_signature_needs_no_scheme() -> None:
    """In x-ms-signature the bare base64 counts too, and Authorization is then anybody's."""
    signer = WebhookSigner(now=NOW)
    found, body = signer.sign(EVENT, header="x-ms-signature")
    bare = {**found, "x-ms-signature": found["x-ms-signature"].split()[1], "Authorization": "Bearer of-a-gateway"}
    believing = WebhookVerifier(fetch=signer.fetch, roots=signer.roots, allowed_hosts=signer.allowed_hosts)
    assert believing.verify(bare, body, now=NOW).event_name == "subscription-updated"


def test_the_machines_clock_counts_by_default() -> None:
    """Without `now`, a signer and a verifier of this moment agree."""
    signer = WebhookSigner()
    believing = WebhookVerifier(
        fetch=signer.fetch, roots=signer.roots, allowed_hosts=signer.allowed_hosts, max_age=None
    )
    assert believing.verify(*signer.sign(EVENT)).event_name == "subscription-updated"


ROOT = issue("Root")
SIGNER = leaf(ROOT)


def test_the_certificate_is_fetched_once_an_hour() -> None:
    """Within the hour no address is asked for; after it, once."""
    web = Web({URL: SIGNER.der})
    believing = verifier(web, ROOT)
    for minutes in (0, 1, 59):
        believing.verify(headers(SIGNER), BODY, now=NOW + timedelta(minutes=minutes))
    assert web.asked == [URL]
    believing.verify(headers(SIGNER), BODY, now=NOW + timedelta(minutes=61))
    assert web.asked == [URL, URL]


def test_a_remembered_certificate_still_expires() -> None:
    """Memory does not outlive the certificate, nor that of an authority above it."""
    passing = issue("Root", end=NOW + timedelta(minutes=10))
    signer = leaf(passing)
    web = Web({URL: signer.der})
    believing = verifier(web, passing)
    believing.verify(headers(signer), BODY, now=NOW)
    with pytest.raises(WebhookSignatureError, match="does not lead to a trusted root"):
        believing.verify(headers(signer), BODY, now=NOW + timedelta(minutes=11))


def test_a_certificate_renewed_at_its_address_is_found() -> None:
    """A signature that does not fit asks for the certificate anew, but not for every stranger's delivery."""
    renewed = leaf(ROOT, key=rsa_key(which=1))
    web = Web({URL: SIGNER.der})
    believing = verifier(web, ROOT)
    believing.verify(headers(SIGNER), BODY, now=NOW)
    web.documents[URL] = renewed.der
    with pytest.raises(WebhookSignatureError, match="does not fit"):
        believing.verify(headers(renewed), BODY, now=NOW + timedelta(minutes=4))
    assert web.asked == [URL]
    assert believing.verify(headers(renewed), BODY, now=NOW + timedelta(minutes=6)).event_name == "test-created"
    assert web.asked == [URL, URL]


def test_no_more_than_sixteen_certificates_are_remembered() -> None:
    """Many addresses on an allowed host do not fill the memory."""
    urls = [f"https://certificates.example/cert/{number}.cer" for number in range(17)]
    web = Web(dict.fromkeys(urls, SIGNER.der))
    believing = verifier(web, ROOT)
    for url in [*urls, urls[16], urls[0]]:
        believing.verify(headers(SIGNER, url=url), BODY, now=NOW)
    assert web.asked == [*urls, urls[0]]


def test_what_could_not_be_fetched_is_tried_again() -> None:
    """An outage is told apart from a forgery, and is not remembered."""
    web = Web({})
    believing = verifier(web, ROOT)
    with pytest.raises(CertificateUnavailableError):
        believing.verify(headers(SIGNER), BODY, now=NOW)
    web.documents[URL] = SIGNER.der
    assert believing.verify(headers(SIGNER), BODY, now=NOW).event_name == "test-created"


def test_a_repetition_is_refused_when_asked_for() -> None:
    """The same event is refused the second time, in either header, until its handling is said to have failed."""
    believing = WebhookVerifier(fetch=Web({URL: SIGNER.der}), **trust(ROOT, remember=2))
    event = believing.verify(headers(SIGNER), BODY, now=NOW)
    moved = headers(SIGNER)
    moved["x-ms-signature"] = moved.pop("Authorization")
    with pytest.raises(RepeatedDeliveryError):
        believing.verify(moved, BODY, now=NOW)
    believing.forget(event)
    assert believing.verify(headers(SIGNER), BODY, now=NOW).delivery_id == event.delivery_id


def test_the_memory_of_deliveries_is_bounded_and_holds_only_genuine_ones() -> None:
    """The oldest goes first; a forgery takes no place, and does not make the genuine one a repetition."""
    believing = WebhookVerifier(fetch=Web({URL: SIGNER.der}), **trust(ROOT, remember=2))
    bodies = [BODY.replace(b"test-created", f"event-{number}".encode()) for number in range(3)]
    with pytest.raises(WebhookSignatureError, match="does not fit"):
        believing.verify(headers(SIGNER, bodies[0]), bodies[2], now=NOW)
    for body in bodies:
        believing.verify(headers(SIGNER, body), body, now=NOW)
    believing.verify(headers(SIGNER, bodies[0]), bodies[0], now=NOW)
    with pytest.raises(RepeatedDeliveryError):
        believing.verify(headers(SIGNER, bodies[2]), bodies[2], now=NOW)


async def test_the_asynchronous_verifier_remembers_and_forgets_too() -> None:
    """Its one-line twins reach the same memory."""
    web = Web({URL: SIGNER.der})
    believing = AsyncWebhookVerifier(fetch=web.later, **trust(ROOT, remember=2))
    event = await believing.verify(headers(SIGNER), BODY, now=NOW)
    with pytest.raises(RepeatedDeliveryError):
        await believing.verify(headers(SIGNER), BODY, now=NOW)
    believing.forget(event)
    assert await believing.verify(headers(SIGNER), BODY, now=NOW) == event
    assert web.asked == [URL]
