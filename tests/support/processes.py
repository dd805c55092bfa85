"""Real `vetline` processes for tests: started, spoken to over HTTP, stopped or killed."""

import json
import os
import select
import signal
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import httpx2

START_SECONDS = 30.0
SCOPE = "https://api.partnercenter.microsoft.com/.default"
CONTOSO = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"


class VetlineProcess:
    """A `vetline` command that serves until it is stopped.

    Parameters:
        arguments: the command line after `vetline`, such as ``["sandbox", "--port", "0"]``.
        environment: variables beside the process's own.
    """

    module = "vetline"

    def __init__(self, arguments: Sequence[str], environment: dict[str, str] | None = None) -> None:
        self._log = tempfile.NamedTemporaryFile(prefix="vetline-log-", suffix=".jsonl")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, *arguments],
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**_environment(), **(environment or {})},
            text=True,
        )
        self.base = self._ready_line().split()[1]
        self.http = httpx2.Client(base_url=self.base, timeout=30, verify=self.trust())

    def _ready_line(self) -> str:
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline() if readable else ""
        if not line.startswith("ready "):
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            said = self.log()
            self._log.close()
            raise AssertionError(f"did not start: {line!r} {said}")
        return line

    def trust(self) -> ssl.SSLContext | bool:
        """Return what a client trusts: with TLS the certificate authority that the log names."""
        if not self.base.startswith("https://"):
            return True
        return ssl.create_default_context(cafile=self.ca_file)

    @property
    def ca_file(self) -> str:
        """The certificate authority that the log names."""
        lines = [json.loads(line) for line in self.log().splitlines()]
        return next(str(line["ca_file"]) for line in lines if "ca_file" in line)

    def log(self) -> str:
        """Return everything the process logged so far."""
        return Path(self._log.name).read_text("utf-8")

    def stop(self, timeout: float = 15) -> int:
        """Ask it to stop, as an orchestrator does; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended(timeout)

    def kill(self) -> int:
        """Kill it without warning; return its exit code."""
        self.process.kill()
        return self._ended(10)

    def _ended(self, timeout: float) -> int:
        code = self.process.wait(timeout)
        self.http.close()
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def close(self) -> None:
        """Make sure that it is gone."""
        if self.process.poll() is None:
            self.kill()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _environment() -> dict[str, str]:
    """Return our own variables but for the tests' own: a service refuses to start with a setting it does not know."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VETLINE_TEST_")}


class Talking:
    """Whoever has a sandbox's `info` and `http` can have tokens, and call with them."""

    http: httpx2.Client

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str], str] = {}

    @property
    def info(self) -> dict[str, Any]:
        """What its /sandbox/info says."""
        raise NotImplementedError

    def token(self, kind: str = "user", partner: str = CONTOSO) -> str:
        """Return an access token.

        Parameters:
            kind: ``user`` (with MFA), ``user-without-mfa``, ``app``, ``reviewer`` or ``administrator``.
            partner: whose; of no meaning for the review desk.
        """
        key = (kind, partner)
        if key not in self._tokens:
            self._tokens[key] = self.fresh_token(kind, partner)
        return self._tokens[key]

    def forget_tokens(self) -> None:
        """Ask for new ones from now on."""
        self._tokens.clear()

    def fresh_token(self, kind: str = "user", partner: str = CONTOSO, resource: str = SCOPE) -> str:
        """Return an access token asked for anew."""
        info = self.info
        desk = kind in ("reviewer", "administrator")
        tenant = info["reviewDesk"] if desk else next(one for one in info["partners"] if one["tenantId"] == partner)
        form = _form(tenant, kind) | {"scope": resource}
        answer = self.http.post(f"/{tenant['tenantId']}/oauth2/v2.0/token", data=form)
        return str(answer.raise_for_status().json()["access_token"])

    def call(self, method: str, path: str, kind: str = "user", partner: str = CONTOSO, **more: Any) -> httpx2.Response:
        """Send a request with a token of the given kind; ``kind="nobody"`` sends none."""
        headers = dict(more.pop("headers", {}))
        if kind != "nobody":
            headers["Authorization"] = f"Bearer {self.token(kind, partner)}"
        return self.http.request(method, path, headers=headers, **more)


class Sandbox(VetlineProcess, Talking):
    """A running sandbox.

    Parameters:
        arguments: further options of `vetline sandbox`.
    """

    def __init__(self, *arguments: str) -> None:
        VetlineProcess.__init__(self, ["sandbox", "--port", "0", *arguments])
        Talking.__init__(self)

    @property
    def info(self) -> dict[str, Any]:
        """What /sandbox/info says."""
        found: dict[str, Any] = self.http.get("/sandbox/info").raise_for_status().json()
        return found

    def reset(self) -> None:
        """Make it fresh."""
        self.http.post("/sandbox/reset").raise_for_status()


def _form(tenant: dict[str, Any], kind: str) -> dict[str, str]:
    application = [*tenant["applications"], *tenant["publicApplications"]][0]
    form = {"client_id": application["clientId"]}
    if "clientSecret" in application:
        form["client_secret"] = application["clientSecret"]
    if kind == "app":
        return form | {"grant_type": "client_credentials"}
    user = next(user for user in tenant["users"] if _fits(user, kind))
    return form | {"grant_type": "password", "username": user["username"], "password": user["password"]}


def _fits(user: dict[str, Any], kind: str) -> bool:
    if kind == "administrator":
        return "Vetline.Administrator" in user["roles"]
    return bool(user["mfa"]) is (kind != "user-without-mfa")
