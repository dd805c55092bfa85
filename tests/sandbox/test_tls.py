"""`vetline sandbox --tls`: HTTPS with a certificate that a client can trust, kept as long as it serves."""

import json
import socket
import ssl
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from tests.support.partner import EDUCATION, qualifications
from tests.support.processes import CONTOSO, Sandbox
from tests.support.sending import connection
from vetline.clock import SystemClock
from vetline.sandbox.certificates import LIVES, RENEWED_BEFORE, certificate_in
from vetline.settings import SettingsError

OXFORD = "11111111-c0c0-4000-8000-000000000001"
NOW = SystemClock().now()


def _trusting(sandbox: Sandbox, name: str = "localhost", newest: ssl.TLSVersion | None = None) -> ssl.SSLSocket:
    """Return a connection by somebody who trusts the sandbox's authority alone and looks for `name`."""
    context = ssl.create_default_context(cafile=sandbox.ca_file)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python does from 3.13 on
    context.set_alpn_protocols(["h2", "http/1.1"])
    if newest:
        context.maximum_version = newest
    return context.wrap_socket(connection(sandbox.base), server_hostname=name)


def _token(*more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vetline", "token", *more]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_every_address_is_https(tls_sandbox: Sandbox) -> None:
    """Whatever a client reads an address from, it is the one that answers."""
    base = tls_sandbox.base
    assert base.startswith("https://127.0.0.1:")
    endpoints = tls_sandbox.info["endpoints"]
    assert endpoints == {"api": base, "authority": base, "console": f"{base}/console/", "caFile": tls_sandbox.ca_file}
    for version in ("", "/v2.0"):
        found = tls_sandbox.http.get(f"/{CONTOSO}{version}/.well-known/openid-configuration").json()
        assert found["issuer"].startswith(f"{base}/{CONTOSO}")
        addresses = [value for name, value in found.items() if name.endswith(("_endpoint", "_uri"))]
        assert len(addresses) == 5
        assert all(address.startswith(f"{base}/") for address in addresses)
    assert "http://" not in tls_sandbox.http.get("/common/discovery/instance").text


def test_the_service_is_the_same(tls_sandbox: Sandbox) -> None:
    """A submission is taken, and read back."""
    asked = tls_sandbox.call("POST", qualifications(OXFORD), json=EDUCATION)
    assert (asked.status_code, asked.json()["vettingStatus"]) == (201, "InReview")
    assert tls_sandbox.call("GET", qualifications(OXFORD)).json()[0]["qualification"] == "Education"


def test_without_tls_no_authority_is_named(sandbox: Sandbox) -> None:
    """A plain sandbox has nothing to trust."""
    assert "caFile" not in sandbox.info["endpoints"]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_the_certificate_is_for_this_machine(tls_sandbox: Sandbox, name: str) -> None:
    """Each of its names is in it."""
    with _trusting(tls_sandbox, name) as plug:
        assert plug.version() == "TLSv1.3"


@pytest.mark.parametrize("name", ["example.com", "127.0.0.2"])
def test_the_certificate_is_for_no_other(tls_sandbox: Sandbox, name: str) -> None:
    """It proves nothing else."""
    with pytest.raises(ssl.SSLCertVerificationError):
        _trusting(tls_sandbox, name)


def test_clients_of_today_are_served(tls_sandbox: Sandbox) -> None:
    """TLS 1.2 is enough; and who offers HTTP/2 gets HTTP/1.1, which the sandbox speaks without TLS."""
    with _trusting(tls_sandbox, newest=ssl.TLSVersion.TLSv1_2) as plug:
        assert (plug.version(), plug.selected_alpn_protocol()) == ("TLSv1.2", "http/1.1")


def test_who_speaks_no_tls_gets_no_answer(tls_sandbox: Sandbox) -> None:
    """Nothing is said in the clear, and the sandbox goes on."""
    with connection(tls_sandbox.base) as plug:
        plug.sendall(b"GET /sandbox/info HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP/1.1" not in _everything(plug)
    assert tls_sandbox.http.get("/healthz").status_code == 200


def _everything(plug: socket.socket) -> bytes:
    found = b""
    try:
        while part := plug.recv(4096):
            found += part
    except ConnectionResetError:
        pass
    return found


def test_the_key_leaves_no_trace(tls_sandbox: Sandbox) -> None:
    """The authority's file can be given away, and the log has no key."""
    assert "PRIVATE" not in Path(tls_sandbox.ca_file).read_text("ascii")
    assert "PRIVATE" not in tls_sandbox.log()


def test_kept_data_keeps_the_certificate(tmp_path: Path) -> None:
    """A client that trusts the authority of one run trusts it in the next; a throw-away one takes its files along."""
    with Sandbox("--tls", "--data", str(tmp_path)) as sandbox:
        trusted = Path(sandbox.ca_file).read_bytes()
        assert Path(sandbox.ca_file) == tmp_path / "ca.pem"
        assert sandbox.stop() == 0
    with Sandbox("--tls", "--data", str(tmp_path)) as sandbox:
        assert Path(sandbox.ca_file).read_bytes() == trusted
        assert sandbox.http.get("/healthz").status_code == 200
        assert "made a certificate authority" not in sandbox.log()
    with Sandbox("--tls") as sandbox:
        assert Path(sandbox.ca_file).exists()
        assert sandbox.stop() == 0
        assert not Path(sandbox.ca_file).exists()


def test_files_are_for_whom_they_are_meant(tmp_path: Path) -> None:
    """The server's is its owner's alone, and nothing else is left behind."""
    made = certificate_in(tmp_path, NOW)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "tls.pem": 0o600,
        "ca.pem": 0o644,
    }
    # The authority signed one certificate and can sign no more: only the server's key was ever written.
    assert made.server.read_text("ascii").count("PRIVATE KEY-----") == 2


def test_a_certificate_is_kept_until_it_is_nearly_over(tmp_path: Path) -> None:
    """Then it is made anew, with its authority; also when the clock says that it is not valid yet."""
    made = certificate_in(tmp_path, NOW)
    first = made.server.read_bytes()
    for moment in (NOW, NOW + LIVES - RENEWED_BEFORE - timedelta(minutes=1)):
        assert certificate_in(tmp_path, moment).server.read_bytes() == first
    certificate_in(tmp_path, NOW + LIVES - RENEWED_BEFORE + timedelta(minutes=1))
    assert made.server.read_bytes() != first
    authority = x509.load_pem_x509_certificate(made.ca_file.read_bytes())
    x509.load_pem_x509_certificate(made.server.read_bytes()).verify_directly_issued_by(authority)
    second = made.server.read_bytes()
    certificate_in(tmp_path, NOW - timedelta(days=30))
    assert made.server.read_bytes() != second


def test_no_client_finds_it_too_long(tmp_path: Path) -> None:
    """https://support.apple.com/102028: 398 days at most."""
    found = x509.load_pem_x509_certificate(certificate_in(tmp_path, NOW).server.read_bytes())
    assert found.not_valid_after_utc - found.not_valid_before_utc < timedelta(days=398)


@pytest.mark.parametrize("spoilt", ["empty", "no key", "half", "another's key", "another's authority", "binary"])
def test_a_spoilt_certificate_is_made_anew(tmp_path: Path, spoilt: str) -> None:
    """Whatever happened to the file, the sandbox starts, and clients are told the authority that signed."""
    made = certificate_in(tmp_path, NOW)
    whole = made.server.read_bytes()
    (tmp_path / "other").mkdir()
    other = certificate_in(tmp_path / "other", NOW).server.read_bytes()
    mark = b"-----BEGIN CERTIFICATE-----"
    content = {
        "empty": b"",
        "no key": whole[whole.index(mark) :],
        "half": whole[: len(whole) // 2],
        "another's key": other[: other.index(mark)] + whole[whole.index(mark) :],
        "another's authority": whole[: whole.rindex(mark)] + other[other.rindex(mark) :],
        "binary": b"\xff\x00" * 500,
    }[spoilt]
    made.server.write_bytes(content)
    made.ca_file.unlink()
    certificate_in(tmp_path, NOW)
    assert made.server.read_bytes() not in (content, whole)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.server)
    assert made.server.read_bytes().endswith(made.ca_file.read_bytes())


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The sentence says what to do."""
    (tmp_path / "tls.pem").mkdir()
    with pytest.raises(SettingsError, match="Give another --data"):
        certificate_in(tmp_path, NOW)


def test_a_token_comes_over_tls(tls_sandbox: Sandbox) -> None:
    """By option or by the variable that other tools know too."""
    base, ca_file = tls_sandbox.base, tls_sandbox.ca_file
    for done in (_token("--base-url", base, "--ca-file", ca_file), _token("--base-url", base, SSL_CERT_FILE=ca_file)):
        assert done.returncode == 0, done.stderr
        bearer = {"Authorization": f"Bearer {done.stdout.strip()}"}
        assert tls_sandbox.http.get(qualifications(OXFORD), headers=bearer).status_code == 200


def test_who_is_not_trusted_is_told_so(tls_sandbox: Sandbox, tmp_path: Path) -> None:
    """The sentence says which file to give."""
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("no certificate")
    assert "is not trusted" in _refused(_token("--base-url", tls_sandbox.base))
    assert "can be read" in _refused(_token("--base-url", tls_sandbox.base, "--ca-file", str(nothing)))
    assert "can be read" in _refused(_token("--base-url", tls_sandbox.base, "--ca-file", str(tmp_path / "missing")))


def _refused(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout) == (2, "")
    assert "--ca-file" in done.stderr
    return done.stderr


def test_it_ends_with_a_client_that_never_says_hello(tmp_path: Path) -> None:
    """An open connection without a handshake does not hold up the end."""
    with Sandbox("--tls") as sandbox, connection(sandbox.base):
        assert sandbox.stop(timeout=5) == 0
        assert json.loads(sandbox.log().splitlines()[-1])["event"] == "stopped"
