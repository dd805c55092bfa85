"""Webhooks of the production service: off without a key, https only, private addresses only where a setting says so."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.api.conftest import Serve
from tests.api.service import Service
from tests.support.answering import Answering, Said
from tests.support.waiting import DEADLINE_SECONDS
from vetline.settings import Settings, SettingsError
from vetline.telling import webhook_choices

REGISTRATION = "/webhooks/v1/registration"
TESTS = f"{REGISTRATION}/validationEvents"
EVENTS = ["test-created", "customer-qualification-updated"]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings by which webhooks are signed."""
    authority = trustme.CA(organization_name="An operator")
    file = tmp_path_factory.mktemp("keys") / "webhooks.pem"
    issued = authority.issue_cert("webhooks.example", key_type=trustme.KeyType.RSA)
    file.write_bytes(issued.private_key_and_cert_chain_pem.bytes() + authority.cert_pem.bytes())
    return {"webhook_certificate": str(file), "public_url": "https://api.vetline.example"}


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Answering]:
    """Takes everything over TLS, with a certificate that the services of this test trust."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "receivers.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "receivers.pem"))
    with Answering(lambda _: Said(200), tls) as found:
        yield found


def register(service: Service, url: str) -> Any:
    """Return the answer to whoever registers a URL."""
    return service.call("POST", REGISTRATION, json={"WebhookUrl": url, "WebhookEvents": EVENTS})


def test_nobody_registers_where_nothing_can_be_signed(serve: Serve) -> None:
    """The sentence says what the operator has to set."""
    service = serve()
    refused = register(service, "https://host.example/")
    assert (refused.status_code, refused.json()["errorName"]) == (400, "NotInThisEnvironment")
    assert "webhook_certificate" in refused.json()["description"]
    assert service.call("GET", f"{REGISTRATION}/events").json() == EVENTS
    assert service.http.get("/certificates/webhooks.pem").status_code == 404


def test_private_addresses_and_http_are_refused(serve: Serve, keys: dict[str, str]) -> None:
    """However they are written; a name that nobody has yet may be registered."""
    service = serve(**keys)
    for host in ("127.0.0.1", "2130706433", "[::1]", "169.254.169.254", "localhost"):
        refused = register(service, f"https://{host}/")
        assert (refused.status_code, refused.json()["errorName"]) == (400, "WebhookUrlRefused"), host
    assert register(service, "http://host.example/").json()["errorName"] == "WebhookUrlRefused"
    assert register(service, "https://nobody.invalid/hook").status_code == 200


def test_operator_allows_a_network(serve: Serve, keys: dict[str, str], receiver: Answering) -> None:
    """Then events arrive there, over TLS, signed, and tell the public address."""
    service = serve(**keys, webhook_private_addresses="127.0.0.0/8")
    register(service, f"{receiver.base}/hook").raise_for_status()
    event = service.call("POST", TESTS).raise_for_status().json()["correlationId"]
    _until_completed(service, event)
    (asked,) = receiver.asked
    assert f'"ResourceUri":"https://api.vetline.example{TESTS}/{event}"'.encode() in asked.body
    assert asked.headers["X-MS-Certificate-Url"] == "https://api.vetline.example/certificates/webhooks.pem"
    served = service.http.get("/certificates/webhooks.pem").raise_for_status()
    assert b"PRIVATE KEY" not in served.content
    assert served.content.count(b"BEGIN CERTIFICATE") == 2


def test_metrics_tell_of_deliveries(serve: Serve, keys: dict[str, str], receiver: Answering) -> None:
    """Those that arrived, those that did not, and how many are on their way."""
    service = serve(**keys, webhook_private_addresses="127.0.0.0/8")
    assert "vetline_webhooks_waiting 0.0" in service.http.get("/metrics").text
    register(service, receiver.base).raise_for_status()
    _until_completed(service, service.call("POST", TESTS).raise_for_status().json()["correlationId"])
    nobody = {"WebhookUrl": "https://127.0.0.1:9/", "WebhookEvents": EVENTS}
    service.call("PUT", REGISTRATION, json=nobody).raise_for_status()
    service.call("POST", TESTS).raise_for_status()
    told = "vetline_webhook_attempts_total"
    text = _until_told(service, f'{told}{{outcome="failed"}} 1.0')
    assert f'{told}{{outcome="delivered"}} 1.0' in text
    assert "vetline_webhooks_waiting 1.0" in text


def _until_told(service: Service, line: str) -> str:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while line not in (text := service.http.get("/metrics").raise_for_status().text):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    return text


def test_worker_in_another_process_delivers(serve: Serve, keys: dict[str, str], receiver: Answering) -> None:
    """One takes requests, another one delivers."""
    allowed = {**keys, "webhook_private_addresses": "127.0.0.0/8"}
    api = serve(**allowed, roles="api")
    register(api, receiver.base).raise_for_status()
    event = api.call("POST", TESTS).raise_for_status().json()["correlationId"]
    assert api.call("GET", f"{TESTS}/{event}").json()["status"] == "pending"
    serve(**allowed, roles="worker")
    _until_completed(api, event)


def _until_completed(service: Service, event: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (found := service.call("GET", f"{TESTS}/{event}").raise_for_status().json())["status"] != "completed":
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"webhook_certificate": "/nowhere.pem"}, "cannot be read"),
        ({"webhook_certificate": __file__}, "private key"),
        ({"public_url": ""}, "public_url"),
        ({"public_url": "http://api.vetline.example"}, "public_url"),
        ({"public_url": "https://api.vetline.example/path"}, "public_url"),
        ({"webhook_private_addresses": ("intranet",)}, "webhook_private_addresses"),
    ],
)
def test_bad_settings_stop_the_start(keys: dict[str, str], changes: dict[str, Any], says: str) -> None:
    """With a sentence that names the setting."""
    with pytest.raises(SettingsError, match=says):
        webhook_choices(Settings(**{**keys, **changes}))
