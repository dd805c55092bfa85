"""What is not proven is refused, each with its own sentence, and nothing is fetched for a stranger's address."""

from base64 import b64encode
from datetime import timedelta

import pytest

from tests.sdk.webhooks.forging import BODY, NOW, URL, Web, headers, issue, leaf, rsa_key, trust, verifier
from vetline.sdk.errors import PartnerCenterError
from vetline.sdk.webhooks import WebhookSignatureError, WebhookVerifier
from vetline.sdk.webhooks.addresses import is_allowed

ROOT = issue("Root")
SIGNER = leaf(ROOT)
GOOD = headers(SIGNER)


def _refused(changed: dict[str, str] | list[tuple[str, str]], body: bytes = BODY) -> tuple[str, list[str]]:
    web = Web({URL: SIGNER.der})
    with pytest.raises(WebhookSignatureError) as caught:
        verifier(web, ROOT).verify(changed, body, now=NOW)
    return str(caught.value), web.asked


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"Authorization": None}, "not signed: neither"),
        ({"Authorization": ""}, "authorization is missing"),
        ({"Authorization": "Bearer abc"}, "scheme is not Signature"),
        ({"Authorization": "Signature"}, "empty or too long"),
        ({"Authorization": "Signature " + "A" * 5000}, "empty or too long"),
        ({"Authorization": "Signature @@@@"}, "not base64"),
        ({"Authorization": "Signature AAA"}, "not base64"),
        ({"Authorization": "Signature é"}, "not base64"),
        ({"x-ms-signature": ""}, "x-ms-signature is missing"),
        ({"X-MS-Certificate-Url": None}, "x-ms-certificate-url is missing"),
        ({"X-MS-Certificate-Url": " "}, "x-ms-certificate-url is missing"),
        ({"X-MS-Signature-Algorithm": None}, "x-ms-signature-algorithm is missing"),
        ({"X-MS-Signature-Algorithm": "rsa-sha1"}, "not rsa-sha256"),
        ({"X-MS-Signature-Algorithm": "none"}, "not rsa-sha256"),
        ({"X-MS-Signature-Algorithm": "rsa-sha256, rsa-sha1"}, "not rsa-sha256"),
    ],
)
def test_headers_that_claim_too_little(changes: dict[str, str | None], sentence: str) -> None:
    """Missing and malformed headers are told apart, before anything is fetched."""
    changed = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    message, asked = _refused(changed)
    assert sentence in message
    assert asked == []


@pytest.mark.parametrize("name", [*GOOD, "x-ms-signature"])
def test_a_doubled_header_is_refused(name: str) -> None:
    """Two values leave it open which one the next reader takes, also when they are equal and differ in case."""
    value = GOOD.get(name, GOOD["Authorization"])
    pairs = [(key, held) for key, held in GOOD.items() if key != name]
    message, asked = _refused([*pairs, (name.upper(), value), (name.lower(), value)])
    assert "came 2 times" in message
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://certificates.example/cert/signer.cer",
        "ftp://certificates.example/cert/signer.cer",
        "file:///etc/passwd",
        "//certificates.example/cert/signer.cer",
        "certificates.example",
        "https://certificates.example.evil.example/signer.cer",
        "https://evil.example/certificates.example",
        "https://sub.certificates.example/signer.cer",
        "https://blob.core.windows.net/signer.cer",
        "https://certificates.example@evil.example/signer.cer",
        "https://user:password@certificates.example/signer.cer",
        "https://certificates.example:8443/signer.cer",
        "https://certificates.example:99999/signer.cer",
        "https://certificates.example:/signer.cer",
        "https://certificates.example./signer.cer",
        "https://certificates.example\\@evil.example/signer.cer",
        "https://certificates.example%2eevil.example/signer.cer",
        "https://certificates.example/signer.cer?at=evil",
        "https://certificates.example/signer.cer#evil",
        "https://certificates.example/signer .cer",
        "https://certificates.example/signer.cer\r\nHost: evil.example",
        "https://certificates.example/%zz",
        "https://certific\u0430tes.example/signer.cer",
        "https://certificates\u3002example/signer.cer",
        "https://xn--certifictes-example-hkj/signer.cer",
        "https://127.0.0.1/signer.cer",
        "https://[::1]/signer.cer",
        "https://2130706433/signer.cer",
        "https://",
        "https://certificates.example/" + "a" * 2048,
    ],
)
def test_a_strangers_address_is_never_fetched(url: str) -> None:
    """Only https on an exact host will do, whatever tricks its spelling plays."""
    message, asked = _refused({**GOOD, "X-MS-Certificate-Url": url})
    assert "not https on an allowed host" in message
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://certificates.example/signer.cer",
        "HTTPS://CERTIFICATES.EXAMPLE/signer.cer",
        "https://certificates.example:443/signer.cer",
        "https://certificates.example/a%20b/signer.cer",
        "https://certificates.example",
    ],
)
def test_other_spellings_of_an_allowed_host_will_do(url: str) -> None:
    """Letters in any case, its own port, an escaped blank."""
    web = Web({url: SIGNER.der})
    assert verifier(web, ROOT).verify(headers(SIGNER, url=url), BODY, now=NOW).event_name == "test-created"


@pytest.mark.parametrize("url", ["https://boo\u212as.example/a.cer", "http\u017f://books.example/a.cer"])
def test_letters_that_fold_into_others_are_refused(url: str) -> None:
    """The sign for Kelvin is a k to some, and the long s an s: a host is plain letters."""
    assert is_allowed("https://BOOKS.example/a.cer", {"books.example"})
    assert not is_allowed(url, {"books.example"})


def test_by_default_only_partner_centers_own_host_is_asked() -> None:
    """The documented host, and none beside it in the same cloud."""
    web = Web({})
    believing = WebhookVerifier(fetch=web, roots=[ROOT.certificate])
    for host in ("evil.blob.core.windows.net", "certificates.example", "www.microsoft.com"):
        with pytest.raises(WebhookSignatureError, match="allowed host"):
            believing.verify(headers(SIGNER, url=f"https://{host}/cert/a.cer"), BODY, now=NOW)
    assert web.asked == []
    real = "https://3psostorageacct.blob.core.windows.net/cert/pcnotifications-dispatch.microsoft.com.cer"
    web.documents[real] = SIGNER.der
    assert believing.verify(headers(SIGNER, url=real), BODY, now=NOW).event_name == "test-created"


def test_another_body_or_key_is_refused() -> None:
    """The signature is over the raw bytes: the same JSON with one more blank is another body."""
    assert "does not fit" in _refused(GOOD, BODY.replace(b":", b": ", 1))[0]
    assert "does not fit" in _refused(headers(leaf(ROOT, key=rsa_key(which=1))))[0]
    assert "does not fit" in _refused({**GOOD, "Authorization": f"Signature {b64encode(bytes(256)).decode()}"})[0]


def test_a_huge_body_is_refused_before_all_else() -> None:
    """A megabyte is the limit, whoever signed."""
    body = b" " * (1024 * 1024 + 1)
    message, asked = _refused(headers(SIGNER, body), body)
    assert "longer than 1048576 bytes" in message
    assert asked == []


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "no X.509 certificate"),
        (b"<html>not found</html>", "no X.509 certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no X.509 certificate"),
        (SIGNER.der[:-1], "no X.509 certificate"),
        (SIGNER.der + b"\0" * 64 * 1024, "More than 65536 bytes"),
        (SIGNER.pem * 11, "More than 10 certificates"),
    ],
)
def test_what_is_no_certificate(document: bytes, sentence: str) -> None:
    """Whatever lies at the address is no reason to fail in another way."""
    with pytest.raises(WebhookSignatureError, match=sentence):
        verifier(Web({URL: document}), ROOT).verify(GOOD, BODY, now=NOW)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"{}", "names no event"),
        (b'{"EventName": 7}', "names no event"),
        (b'{"EventName":"a"}', "its age is unknown"),
        (b'{"EventName":"a","ResourceChangeUtcDate":"soon"}', "its age is unknown"),
        (b'{"EventName":"a","ResourceChangeUtcDate":"0001-01-01T00:00:00+14:00"}', "its age is unknown"),
        (b'{"EventName":"a","ResourceChangeUtcDate":"2026-02-22T11:59:59Z"}', "older than 7 days"),
        (b'{"EventName":"a","ResourceChangeUtcDate":"2026-03-01T12:05:01Z"}', "from the future"),
        (b'{"EventName":"a","ResourceChangeUtcDate":"9999-12-31T23:59:59Z"}', "from the future"),
    ],
)
def test_a_signed_body_that_says_nothing_usable(body: bytes, sentence: str) -> None:
    """The signature alone is not enough."""
    assert sentence in _refused(headers(SIGNER, body), body)[0]


def test_the_window_is_settable() -> None:
    """An hour, or none at all, which also accepts an event without a time; an edge counts as inside."""
    web = Web({URL: SIGNER.der})
    old = b'{"EventName":"a","ResourceChangeUtcDate":"2026-03-01T11:00:00"}'
    narrow = WebhookVerifier(fetch=web, **trust(ROOT, max_age=timedelta(hours=1)))
    assert narrow.verify(headers(SIGNER, old), old, now=NOW).event_name == "a"
    with pytest.raises(WebhookSignatureError, match="older than 1:00:00"):
        narrow.verify(headers(SIGNER, old), old, now=NOW + timedelta(seconds=1))
    timeless = b'{"EventName":"a"}'
    wide = WebhookVerifier(fetch=web, **trust(ROOT, max_age=None))
    assert wide.verify(headers(SIGNER, timeless), timeless, now=NOW).resource_change_utc_date is None


def test_no_error_quotes_the_signature_or_the_body() -> None:
    """An error may be logged: it holds nothing of what was sent but an allowed address."""
    secret = b'{"EventName":"a","customer":"Contoso"}'
    found = headers(SIGNER, secret)
    for changed in (found, {**found, "X-MS-Signature-Algorithm": "rsa-sha1"}, {**found, "Authorization": "Basic cHc="}):
        message, _ = _refused(changed, secret)
        assert not {"Contoso", "cHc=", found["Authorization"][10:40]} & set(message.split())
        assert found["Authorization"][10:40] not in message


def test_a_refusal_is_an_error_of_the_client() -> None:
    """Who catches the client's errors catches these; its text is the sentence alone."""
    with pytest.raises(PartnerCenterError) as caught:
        verifier(Web({}), ROOT).verify({}, BODY, now=NOW)
    assert str(caught.value) == "The header x-ms-signature-algorithm is missing."
