"""Only a whole chain counts: each certificate an authority's, valid now, and the last a trusted root's."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from tests.sdk.webhooks.forging import BODY, MICROSOFT, NOW, URL, Party, Web, headers, issue, leaf, rsa_key, verifier
from vetline.sdk.webhooks import CertificateUnavailableError, WebhookSignatureError, WebhookVerifier
from vetline.sdk.webhooks.system import system_roots

ROOT = issue("Root")
ISSUER = issue("Issuer", ROOT)
SIGNER = leaf(ISSUER)
UNTRUSTED = "does not lead to a trusted root"
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)


def _verify(signer: Party, *above: Party, web: Web | None = None) -> None:
    documents = {URL: b"".join(one.pem for one in (signer, *above)), **(web.documents if web else {})}
    asked = Web(documents)
    if web:
        asked.asked = web.asked
    believing = verifier(asked, ROOT)
    assert believing.verify(headers(signer), BODY, now=NOW).event_name == "test-created"


def test_whole_chains_hold() -> None:
    """Directly under the root, under one issuer and under two; the order above the signer does not matter."""
    _verify(leaf(ROOT))
    _verify(SIGNER, ISSUER)
    _verify(SIGNER, ROOT, ISSUER)
    second = issue("Second", ISSUER)
    _verify(leaf(second), ISSUER, second)


def test_a_signer_without_usage_may_sign() -> None:
    """Without the extension a key may do everything; a certificate for non-repudiation may sign too."""
    _verify(leaf(ISSUER, usage=None), ISSUER)
    _verify(leaf(ISSUER, usage="content_commitment"), ISSUER)
    _verify(leaf(ISSUER, ca=False), ISSUER)


@pytest.mark.parametrize("purpose", [Purpose.SERVER_AUTH, Purpose.CLIENT_AUTH, Purpose.ANY_EXTENDED_KEY_USAGE])
def test_certificates_for_hosts_may_sign(purpose: x509.ObjectIdentifier) -> None:
    """New authorities are for servers alone, older ones for clients too: either may stand above the signer."""
    issuer = issue("Issuer", ROOT, purposes=[purpose])
    _verify(leaf(issuer, purposes=[purpose]), issuer)


STRANGER = issue("Root")
NOT_AN_AUTHORITY = issue("Issuer", ROOT, ca=False, usage="digital_signature")
NO_CONSTRAINTS = issue("Issuer", ROOT, ca=None)
MAY_NOT_ISSUE = issue("Issuer", ROOT, usage="digital_signature")
EXPIRED = issue("Issuer", ROOT, end=YESTERDAY)
COMING = issue("Issuer", ROOT, start=TOMORROW)
LAST = issue("Last", ROOT, path_length=0)
BEYOND = issue("Beyond", LAST)
SAME_NAME = issue("Issuer", STRANGER)
DEEP = [ROOT]
for _number in range(6):
    DEEP.append(issue(f"Issuer {_number}", DEEP[-1]))


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param([SIGNER], id="issuer missing"),
        pytest.param([leaf(STRANGER)], id="another root of the same name"),
        pytest.param([leaf(STRANGER), STRANGER], id="another root brought along"),
        pytest.param([leaf(SAME_NAME), SAME_NAME, STRANGER], id="another root's issuer"),
        pytest.param([leaf(SAME_NAME), ISSUER], id="an issuer's name borrowed"),
        pytest.param([issue("Self", key=rsa_key(), ca=None, usage="digital_signature")], id="self-signed"),
        pytest.param([leaf(NOT_AN_AUTHORITY), NOT_AN_AUTHORITY], id="issuer is no authority"),
        pytest.param([leaf(NO_CONSTRAINTS), NO_CONSTRAINTS], id="issuer without basic constraints"),
        pytest.param([leaf(MAY_NOT_ISSUE), MAY_NOT_ISSUE], id="issuer may not sign certificates"),
        pytest.param([leaf(EXPIRED), EXPIRED], id="issuer expired"),
        pytest.param([leaf(COMING), COMING], id="issuer not yet valid"),
        pytest.param([leaf(BEYOND), BEYOND, LAST], id="path length exceeded"),
        pytest.param([leaf(DEEP[-1]), *DEEP[:0:-1]], id="too deep"),
    ],
)
def test_broken_chains_are_refused(chain: list[Party]) -> None:
    """Each break alone is enough."""
    with pytest.raises(WebhookSignatureError, match=UNTRUSTED):
        _verify(*chain)


def test_a_signer_may_not_issue_another() -> None:
    """Who holds a genuine signer's key cannot make himself a second one."""
    forged = leaf(SIGNER, key=rsa_key(which=1))
    with pytest.raises(WebhookSignatureError, match=UNTRUSTED):
        _verify(forged, SIGNER, ISSUER)


def test_an_expired_root_vouches_for_nothing() -> None:
    """A root's own time counts too."""
    root = issue("Old root", end=YESTERDAY)
    signer = leaf(root)
    with pytest.raises(WebhookSignatureError, match=UNTRUSTED):
        verifier(Web({URL: signer.der}), root).verify(headers(signer), BODY, now=NOW)


@pytest.mark.parametrize(
    ("signer", "sentence"),
    [
        (leaf(ISSUER, end=YESTERDAY), "expired at 2026-02-28 12:00Z"),
        (leaf(ISSUER, start=TOMORROW), "not valid before 2026-03-02 12:00Z"),
        (leaf(ISSUER, ca=True), "not one for signatures"),
        (leaf(ISSUER, usage="key_encipherment"), "not one for signatures"),
        (leaf(ISSUER, purposes=[Purpose.CODE_SIGNING]), "not one for signatures"),
        (leaf(ISSUER, purposes=[Purpose.TIME_STAMPING, Purpose.EMAIL_PROTECTION]), "not one for signatures"),
        (leaf(ISSUER, key=rsa_key(1024)), "fewer than 2048 bits"),
    ],
)
def test_signers_that_may_not_sign(signer: Party, sentence: str) -> None:
    """A certificate says itself what is wrong with it."""
    with pytest.raises(WebhookSignatureError, match=sentence):
        _verify(signer, ISSUER)


def test_a_key_of_another_kind_is_refused() -> None:
    """The algorithm is RSA's."""
    signer = leaf(ISSUER, key=ec.generate_private_key(ec.SECP256R1()))
    web = Web({URL: signer.pem + ISSUER.pem})
    with pytest.raises(WebhookSignatureError, match="not an RSA key"):
        verifier(web, ROOT).verify(headers(SIGNER), BODY, now=NOW)


@pytest.mark.parametrize("organization", ["Contoso", f"Not {MICROSOFT}", f"{MICROSOFT} Ltd", MICROSOFT.upper()])
def test_the_issuers_organization_is_exact(organization: str) -> None:
    """A root may be trusted for other things: only the documented organization signs webhooks."""
    issuer = issue("Issuer", ROOT, organization=organization)
    signer = leaf(issuer, organization=MICROSOFT)
    with pytest.raises(WebhookSignatureError, match="not of the organization Microsoft Corporation"):
        _verify(signer, issuer)


AT = "http://issuers.example/certs/Test%20Issuer.crt"


@pytest.mark.parametrize("document", [ISSUER.der, ISSUER.pem])
def test_a_missing_issuer_is_found_by_its_address(document: bytes) -> None:
    """Microsoft serves the signer's certificate alone; its issuer lies where it says, over plain http too."""
    web = Web({AT: document})
    _verify(leaf(ISSUER, issuer_at=AT), web=web)
    assert web.asked == [URL, AT]


def test_issuers_are_found_one_above_the_other() -> None:
    """Up to three; the fourth is not asked for."""
    addresses = [f"https://issuers.example/{number}.crt" for number in range(5)]
    line = [ROOT]
    for number in range(4):
        line.append(issue(f"Issuer {number}", line[-1], issuer_at=addresses[number - 1] if number else None))
    web = Web({address: one.der for address, one in zip(addresses, line[1:], strict=False)})
    _verify(leaf(line[3], issuer_at=addresses[2]), web=web)
    assert web.asked == [URL, addresses[2], addresses[1], addresses[0]]
    with pytest.raises(WebhookSignatureError, match=UNTRUSTED):
        _verify(leaf(line[4], issuer_at=addresses[3]), web=web)
    assert web.asked[4:] == [URL, *addresses[3:0:-1]]


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/issuer.crt",
        "http://169.254.169.254/metadata",
        "http://issuers.example:8080/issuer.crt",
        "ldap://issuers.example/issuer.crt",
        "http://issuers.example@evil.example/issuer.crt",
    ],
)
def test_an_issuer_is_not_looked_for_at_a_strangers(address: str) -> None:
    """The address in an untrusted certificate leads nowhere but to known hosts."""
    web = Web({})
    with pytest.raises(WebhookSignatureError, match=UNTRUSTED):
        _verify(leaf(ISSUER, issuer_at=address), web=web)
    assert web.asked == [URL]


def test_a_wrong_issuer_at_the_address_is_no_help() -> None:
    """Whatever plain http brings is proven by the chain, and asked for a bounded number of times."""
    web = Web({AT: SAME_NAME.der})
    with pytest.raises(WebhookSignatureError, match=UNTRUSTED):
        _verify(leaf(ISSUER, issuer_at=AT), web=web)
    web = Web({AT: LAST.der})
    with pytest.raises(WebhookSignatureError, match=UNTRUSTED):
        _verify(leaf(ISSUER, issuer_at=AT), web=web)
    assert web.asked == [URL, AT, AT, AT]
    with pytest.raises(CertificateUnavailableError):
        _verify(leaf(ISSUER, issuer_at=AT), web=Web({}))


def test_the_system_trusts_microsofts_and_digicerts_roots() -> None:
    """The default roots hold those under which Microsoft's certificates stand; a private root is not among them.

    https://learn.microsoft.com/azure/security/fundamentals/azure-ca-details
    """
    names = " ".join(root.subject.rfc4514_string() for root in system_roots())
    assert "CN=Microsoft RSA Root Certificate Authority 2017" in names
    assert "CN=DigiCert Global Root G2" in names
    believing = WebhookVerifier(fetch=Web({URL: SIGNER.pem + ISSUER.pem}), allowed_hosts={"certificates.example"})
    with pytest.raises(WebhookSignatureError, match=UNTRUSTED):
        believing.verify(headers(SIGNER), BODY, now=NOW)


def test_of_the_systems_certificates_only_roots_are_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some systems hand out intermediates beside the roots; what cannot be read is left out."""
    file = tmp_path / "system.pem"
    file.write_bytes(ROOT.pem + ISSUER.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert system_roots() == [ROOT.certificate]


def test_a_verifier_without_roots_is_refused() -> None:
    """Nothing could ever be believed: that is told at once."""
    with pytest.raises(ValueError, match="roots="):
        WebhookVerifier(roots=[])
