"""No secret in any line of any log, the HTTP library's included, nor in any error: a run full of secrets at DEBUG."""

import asyncio
import logging
import re
from collections.abc import Iterator

import pytest

from tests.support.network import Heard, Server, answer
from tests.support.partner import new_customer
from tests.support.processes import CONTOSO, SCOPE, Sandbox
from vetline import AsyncPartnerCenter, PartnerCenter
from vetline.sdk import errors
from vetline.sdk.credentials import ClientSecret, RefreshToken
from vetline.sdk.messages import RawAnswer, RawRequest
from vetline.sdk.retrying import RetryPolicy

SECRET_CODE = "987654"
UNKNOWN_CODE = "31337-code"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a running sandbox."""
    with Sandbox("--memory", "--vetting", "by-hand") as running:
        yield running


class Secrets:
    """Everything that may not be written, and the errors and raw messages that were seen."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.texts = {SECRET_CODE, UNKNOWN_CODE}
        self.seen: list[object] = []

    def application(self) -> tuple[str, str]:
        """Return an application's id and secret."""
        partner = next(one for one in self._sandbox.info["partners"] if one["tenantId"] == CONTOSO)
        found = partner["applications"][0]
        self.texts.add(f"client_secret={found['clientSecret']}")
        return found["clientId"], found["clientSecret"]

    def refresh_token(self) -> str:
        """Return the refresh token of a user who signed in with MFA."""
        partner = next(one for one in self._sandbox.info["partners"] if one["tenantId"] == CONTOSO)
        user = next(one for one in partner["users"] if one["mfa"])
        client_id, secret = self.application()
        form = {"grant_type": "password", "client_id": client_id, "client_secret": secret, "username": user["username"]}
        more = {"password": user["password"], "scope": f"{SCOPE} offline_access"}
        given = self._sandbox.http.post(f"/{CONTOSO}/oauth2/v2.0/token", data=form | more).raise_for_status().json()
        self.texts |= {f"password={user['password']}", given["refresh_token"], given["access_token"]}
        return str(given["refresh_token"])

    def note(self, request: RawRequest, given: RawAnswer) -> None:
        """Learn the tokens and passwords that went over the wire."""
        self.texts.add(dict(request.headers)["Authorization"].removeprefix("Bearer "))
        self.texts.update(re.findall(r'"password"\s*:\s*"([^"]+)"', given.text))
        self.seen += [request, given]

    def found_in(self, text: str) -> list[str]:
        """Return the secrets that a text holds."""
        return [secret for secret in self.texts if secret in text]


def lines(caplog: pytest.LogCaptureFixture) -> str:
    """Return all that was logged, by whomever."""
    return "\n".join(f"{record.name} {record.getMessage()} {record.exc_text or ''}" for record in caplog.records)


def spill(client: PartnerCenter, customer: str, secrets: Secrets) -> None:
    """Do everything that carries a secret, well and badly."""
    secrets.seen.append(client.customers.create(new_customer(1)))
    client.customers.by_id(customer).qualification.update("GovernmentCommunityCloud", SECRET_CODE)
    for fail in (
        lambda: client.customers.by_id(customer).qualification.update("GovernmentCommunityCloud", UNKNOWN_CODE),
        lambda: client.customers.by_id(customer).qualification.create_qualifications(
            "GovernmentCommunityCloud", UNKNOWN_CODE
        ),
    ):
        with pytest.raises(errors.PartnerCenterError) as caught:
            fail()
        secrets.seen.append(caught.value)
    secrets.seen += client.validations.get_validation_codes()


def test_a_run_full_of_secrets_writes_none(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """Refresh token, access token, client secret, code, password: at DEBUG, in every logger."""
    caplog.set_level(logging.DEBUG)
    secrets = Secrets(sandbox)
    credential = RefreshToken(
        CONTOSO,
        secrets.application()[0],
        secrets.refresh_token(),
        client_secret=secrets.application()[1],
        authority=sandbox.base,
        on_rotation=secrets.texts.add,
    )
    caplog.clear()
    with PartnerCenter(credential, base_url=sandbox.base, on_answer=secrets.note) as client:
        spill(client, sandbox.info["customers"][0]["id"], secrets)
        secrets.seen += [client, credential]
    assert len(secrets.texts) >= 7, "a password, a code and five more"
    logged = lines(caplog)
    assert {record.name.partition(".")[0] for record in caplog.records} >= {"vetline", "httpx2", "httpcore2"}
    assert secrets.found_in(logged) == []
    assert "?" not in logged


async def test_an_asynchronous_run_full_of_secrets_writes_none(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """The same by the asynchronous client, app-only."""
    caplog.set_level(logging.DEBUG)
    secrets = Secrets(sandbox)
    client_id, secret = secrets.application()
    credential = ClientSecret(CONTOSO, client_id, secret, authority=sandbox.base)
    customer = sandbox.info["customers"][0]["id"]
    async with AsyncPartnerCenter(credential, base_url=sandbox.base, on_answer=secrets.note) as client:
        with pytest.raises(errors.PermissionDeniedError) as caught:
            await client.customers.by_id(customer).qualification.update("GovernmentCommunityCloud", SECRET_CODE)
        await client.customers.get(customer)
    assert secrets.found_in(lines(caplog)) == []
    assert secrets.found_in(f"{caught.value!r} {caught.value} {credential!r} {client!r}") == []


def test_no_error_and_no_repr_shows_a_secret(sandbox: Sandbox) -> None:
    """Of errors, of their raw answers, of requests, of clients and of credentials."""
    secrets = Secrets(sandbox)
    client_id, _ = secrets.application()
    token = sandbox.fresh_token()
    secrets.texts.add(token)
    with PartnerCenter(token, base_url=sandbox.base, on_answer=secrets.note) as client:
        spill(client, sandbox.info["customers"][1]["id"], secrets)
    secrets.texts.add("wrong-secret")
    wrong = ClientSecret(CONTOSO, client_id, "wrong-secret", authority=sandbox.base)
    with PartnerCenter(wrong) as client, pytest.raises(errors.CredentialError) as caught:
        client.validations.get_validation_codes()
    secrets.seen += [caught.value, client]
    for one in secrets.seen:
        secret_texts = [text for text in secrets.found_in(f"{one!r} {one}") if text != SECRET_CODE]
        assert secret_texts == [], type(one)


@pytest.mark.parametrize("echo", ["body", "status line", "broken status line", "header"])
def test_a_service_that_says_the_token_back_does_not_get_it_logged(echo: str, caplog: pytest.LogCaptureFixture) -> None:
    """A proxy's error page may show the whole request; what it shows stays in `error.answer`."""
    caplog.set_level(logging.DEBUG)
    token = "eyJ0eXAi.secret-token.c2ln"

    async def behave(heard: Heard, writer: asyncio.StreamWriter) -> None:
        bearer = heard.headers["authorization"].encode()
        said = {
            "body": answer("502 Bad Gateway", b"<html>You sent Authorization: %s</html>" % bearer),
            "status line": b"HTTP/1.1 502 " + bearer + b"\r\nContent-Length: 0\r\n\r\n",
            "broken status line": b"HTTP/1.1 " + bearer + b"\r\n\r\n",
            "header": b"HTTP/1.1 502 Bad\r\nX-Sent: " + bearer + b"\r\nContent-Length: 0\r\n\r\n",
        }
        writer.write(said[echo])

    once, failing = RetryPolicy(attempts=1), pytest.raises(errors.PartnerCenterError)
    with Server(behave) as server, PartnerCenter(token, base_url=server.base, retry=once) as client, failing as caught:
        client.validations.get_validation_codes()
    own = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("vetline"))
    assert token not in own
    assert token not in f"{caught.value} {caught.value!r} {caught.value.answer!r}"
