"""Fetching over real HTTPS on loopback: only a whole, small, timely 200 counts, and nothing is followed."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from tests.sdk.webhooks.forging import NOW
from vetline.sdk.webhooks import (
    AsyncHttpFetch,
    AsyncWebhookVerifier,
    CertificateUnavailableError,
    HttpFetch,
    WebhookVerifier,
)
from vetline.sdk.webhooks.testing import WebhookSigner
from vetline.sdk.webhooks.verifier import Trust

Get = Callable[[str, ssl.SSLContext | None, float], bytes]


class CertificateServer(ThreadingHTTPServer):
    """Serves documents, and misbehaves on paths that say so."""

    def __init__(self) -> None:
        """Listen on a free loopback port, over TLS."""
        super().__init__(("127.0.0.1", 0), _Handler)
        authority = trustme.CA()
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(own)
        # The handshake belongs to the connection's thread: one that is broken off must not end the server.
        self.socket = own.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.tls = ssl.create_default_context()
        authority.configure_trust(self.tls)
        self.host = f"localhost:{self.server_address[1]}"
        self.documents: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.stopping = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that break off are what is tested."""

    def url(self, path: str) -> str:
        """Return a path's address."""
        return f"https://{self.host}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: CertificateServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        {"/hang-up": self._hang_up, "/silent": self._silent, "/drip": self._drip, "/half": self._half}.get(
            self.path, self._answer
        )()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class names it so
        """Be silent."""

    def _answer(self) -> None:
        status = {"/redirect": 302, "/missing": 404, "/broken": 500, "/empty": 204}.get(self.path, 200)
        body = self.server.documents.get(self.path, b"a certificate")
        self.send_response(status)
        self.send_header("Location", self.server.url("/elsewhere"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True

    def _silent(self) -> None:
        self.server.stopping.wait()

    def _half(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.server.stopping.wait(0.02):
            self.wfile.write(b"x")


@pytest.fixture
def server() -> Iterator[CertificateServer]:
    """A server for one test."""
    found = CertificateServer()
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        found.stopping.set()
        found.shutdown()
        thread.join()
        found.server_close()


def _get(url: str, tls: ssl.SSLContext | None, deadline: float) -> bytes:
    return HttpFetch(tls=tls, deadline=deadline)(url)


def _get_async(url: str, tls: ssl.SSLContext | None, deadline: float) -> bytes:
    async def fetch() -> bytes:
        return await AsyncHttpFetch(tls=tls, deadline=deadline)(url)

    return asyncio.run(fetch())


@pytest.fixture(params=[_get, _get_async], ids=["sync", "async"])
def get(request: pytest.FixtureRequest) -> Get:
    """Both ways of fetching."""
    chosen: Get = request.param
    return chosen


def test_a_document_is_fetched(server: CertificateServer, get: Get) -> None:
    """Up to the limit, to the byte."""
    server.documents["/whole"] = b"x" * 65536
    assert get(server.url("/whole"), server.tls, 10) == b"x" * 65536


@pytest.mark.parametrize("path", ["/redirect", "/missing", "/broken", "/empty"])
def test_only_a_200_counts(server: CertificateServer, get: Get, path: str) -> None:
    """A redirect is not followed: its target is nobody's allowed host."""
    with pytest.raises(CertificateUnavailableError, match="not to be had: status"):
        get(server.url(path), server.tls, 10)
    assert server.asked == [path]


@pytest.mark.parametrize("path", ["/hang-up", "/half"])
def test_a_broken_answer_is_none(server: CertificateServer, get: Get, path: str) -> None:
    """Hanging up before or in the middle of the answer."""
    with pytest.raises(CertificateUnavailableError, match="cannot be fetched"):
        get(server.url(path), server.tls, 10)


@pytest.mark.parametrize("path", ["/silent", "/drip"])
def test_a_slow_answer_is_given_up(server: CertificateServer, get: Get, path: str) -> None:
    """Neither silence nor a byte now and then holds the verifier longer than its deadline."""
    with pytest.raises(CertificateUnavailableError, match="cannot be fetched"):
        get(server.url(path), server.tls, 0.3)


def test_a_large_answer_is_broken_off(server: CertificateServer, get: Get) -> None:
    """One byte over the limit."""
    server.documents["/huge"] = b"x" * 65537
    with pytest.raises(CertificateUnavailableError, match="larger than 65536 bytes"):
        get(server.url("/huge"), server.tls, 10)


def test_the_servers_own_certificate_is_checked(server: CertificateServer, get: Get) -> None:
    """A server that the system does not trust, or of another name, is not asked for anything."""
    with pytest.raises(CertificateUnavailableError, match="cannot be fetched"):
        get(server.url("/a"), None, 10)
    with pytest.raises(CertificateUnavailableError, match="cannot be fetched"):
        get(server.url("/a").replace("localhost", "127.0.0.1"), server.tls, 10)
    assert server.asked == []


def test_nobody_listens(get: Get, server: CertificateServer) -> None:
    """A closed port is an outage like another."""
    server.shutdown()
    server.server_close()
    with pytest.raises(CertificateUnavailableError, match="ConnectError"):
        get(server.url("/a"), server.tls, 10)


def test_the_environment_brings_no_proxy(server: CertificateServer, get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment would be asked for certificates on the verifier's behalf."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(server.url("/a"), server.tls, 10) == b"a certificate"


async def test_a_delivery_is_verified_over_https(server: CertificateServer) -> None:
    """The whole way: the certificate is fetched from the server that the header names, and the signature holds."""
    signer = WebhookSigner(host=server.host, now=NOW)
    server.documents["/cert/pcnotifications-dispatch.cer"] = signer.certificate_pem
    delivery = signer.sign({"EventName": "test-created", "ResourceChangeUtcDate": NOW.isoformat()})
    trust: Trust = {"roots": signer.roots, "allowed_hosts": signer.allowed_hosts}
    waiting = WebhookVerifier(fetch=HttpFetch(tls=server.tls), **trust)
    event = await asyncio.to_thread(waiting.verify, *delivery, now=NOW)
    assert event == await AsyncWebhookVerifier(fetch=AsyncHttpFetch(tls=server.tls), **trust).verify(*delivery, now=NOW)
    assert len(server.asked) == 2
