"""`vetline serve --roles console` as operators run it: an issuer elsewhere, settings of its own, several processes."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.pages_service import SECRET, console_settings
from tests.support.ports import free_port
from tests.support.processes import CONTOSO, Sandbox, VetlineProcess
from tests.support.visitor import ADA, BOB, CAROL, MAX, RAE, Visitor
from vetline.console.visit import Needs

from .matrix import WHOM
from .routes import address

FABRIKAM = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
Serve = Callable[..., VetlineProcess]


@pytest.fixture
def serve(sandbox: Sandbox, tmp_path: Path) -> Iterator[Serve]:
    """Start services on one database, with the sandbox's authority as their issuer."""
    with ExitStack() as stack:

        def start(*arguments: str, **changes: str) -> VetlineProcess:
            port = free_port()
            settings = console_settings(sandbox, f"http://127.0.0.1:{port}", tmp_path / "vetline.db")
            settings |= {f"VETLINE_{name.upper()}": value for name, value in changes.items()}
            command = ["serve", "--roles", "console", "--port", str(port), *arguments]
            return stack.enter_context(VetlineProcess(command, settings))

        yield start


def _heading(text: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text)
    assert found, text
    return found[1]


def test_people_sign_in_at_an_issuer_elsewhere(serve: Serve) -> None:
    """Partners' people and reviewers, each to their pages; the secrets are in no log."""
    service = serve()
    for username, page in ((ADA, "/console/customers"), (RAE, "/console/queue"), (MAX, "/console/queue")):
        with Visitor(service.base) as visitor:
            assert visitor.sign_in(username).status_code == 303
            assert visitor.get("/console/").headers["location"] == page
    assert SECRET not in service.log()


def test_strangers_are_told_so(serve: Serve) -> None:
    """Somebody of a tenant that is no partner, and somebody without a second factor: a page each, and no session."""
    service = serve()
    for username, heading in ((CAROL, "This account has no access"), (BOB, "Sign in with a second factor")):
        with Visitor(service.base) as visitor:
            answer = visitor.sign_in(username)
            assert (answer.status_code, _heading(answer.text)) == (403, heading)
            assert visitor.cookie() is None
    assert '"problem":"not-served"' in service.log()


def test_reviewers_are_the_operators_people_alone(serve: Serve) -> None:
    """What another tenant says of its people's roles counts for nothing, so they are nobody here."""
    service = serve(operator_tenants=CONTOSO)
    with Visitor(service.base) as visitor:
        assert _heading(visitor.sign_in(RAE).text) == "This account has no access"


def test_operators_people_without_a_role_are_nobody(serve: Serve) -> None:
    """They get no session, and so no page but those for anyone."""
    service = serve(operator_tenants=CONTOSO, tenants=FABRIKAM)
    with Visitor(service.base) as visitor:
        assert _heading(visitor.sign_in(ADA).text) == "This account has no access"
        for (method, path), needs in WHOM.items():
            answer = visitor.http.request(method, address(path))
            assert needs is Needs.ANYONE or answer.headers["location"].startswith("/console/sign-in?"), path


def test_processes_share_sessions_and_their_ends(serve: Serve) -> None:
    """Behind one address it does not matter which of them answers."""
    one, other = serve(), serve()
    with Visitor(one.base) as here, Visitor(other.base) as there:
        here.sign_in()
        there.keep(str(here.cookie()))
        assert there.is_signed_in
        here.post("/console/sign-out")
        assert not there.is_signed_in


def test_several_workers_are_one_service(serve: Serve) -> None:
    """Each visit may meet another process: what one begins, another ends."""
    service = serve("--workers", "2")
    with Visitor(service.base) as visitor, Visitor(service.base) as thief:
        visitor.sign_in()
        thief.keep(str(visitor.cookie()))
        visitor.http.headers["Connection"] = thief.http.headers["Connection"] = "close"
        assert all(visitor.is_signed_in for _ in range(10))
        visitor.post("/console/sign-out")
        assert not any(thief.is_signed_in for _ in range(10))


def test_issuer_that_is_away_is_a_page(serve: Serve) -> None:
    """Whoever is signed in stays so; who would sign in learns that it is not their fault."""
    service = serve(console_authority=f"http://127.0.0.1:{free_port()}/organizations/v2.0")
    with Visitor(service.base) as visitor:
        answer = visitor.get("/console/sign-in")
        assert (answer.status_code, _heading(answer.text)) == (503, "The sign-in service does not answer")
    assert "did not answer" in service.log()


def test_clocks_that_do_not_agree_are_a_page(serve: Serve, sandbox: Sandbox) -> None:
    """Two hours apart, no token of the issuer's is valid yet."""
    service = serve()
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 7_200}).raise_for_status()
    with Visitor(service.base) as visitor:
        answer = visitor.sign_in()
        assert (answer.status_code, _heading(answer.text)) == (500, "The clocks do not agree")


def test_wrong_registration_is_the_operators_affair(serve: Serve) -> None:
    """The visitor learns that it is not set up, the log why; the secret is in neither."""
    service = serve(console_client_secret="a secret that is not known there")
    with Visitor(service.base) as visitor:
        answer = visitor.sign_in()
        assert (answer.status_code, _heading(answer.text)) == (500, "Signing in is not set up correctly")
    assert "AADSTS" in service.log()
    assert "not known there" not in service.log() + answer.text


def test_without_the_role_there_are_no_pages(serve: Serve) -> None:
    """And none of their settings is asked for."""
    service = serve("--roles", "api", console_url="", console_authority="", console_client_id="", console_secret="")
    assert service.http.get("/console/", follow_redirects=False).status_code == 404


def test_without_the_interface_there_are_pages_only(serve: Serve) -> None:
    """A process of its own for people, with its health."""
    service = serve()
    assert service.http.get("/readyz").status_code == 200
    assert service.http.get("/v1/customers").status_code == 404
    assert service.http.get("/sandbox/info").status_code == 404


@pytest.mark.parametrize("workers", ["1", "2"])
def test_start_is_refused_with_a_sentence_for_each_setting(sandbox: Sandbox, tmp_path: Path, workers: str) -> None:
    """All at once, each with what to do; and nothing of what was set is repeated."""
    settings = console_settings(sandbox, "http://vetline.example", tmp_path / "vetline.db") | {
        "VETLINE_CONSOLE_AUTHORITY": "login.microsoftonline.com",
        "VETLINE_CONSOLE_CLIENT_ID": "",
        "VETLINE_CONSOLE_SECRET": "too-short-a-secret",
    }
    command = [sys.executable, "-m", "vetline", "serve", "--roles", "api,console", "--workers", workers, "--port", "0"]
    found = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 2, found.stderr
    for name in ("console_url", "console_authority", "console_client_id", "console_secret"):
        assert f"The role console needs {name}" in " ".join(found.stderr.split())
    assert "secrets.token_urlsafe" in found.stderr
    assert "too-short-a-secret" not in found.stderr


@pytest.mark.parametrize(
    "url", ["https://vetline.example/console", "https://user@vetline.example", "https://vetline.example?x=1", "vetline"]
)
def test_public_address_is_an_origin(sandbox: Sandbox, tmp_path: Path, url: str) -> None:
    """The path is ours to add, and what else stands in an address has no place in it."""
    settings = console_settings(sandbox, url, tmp_path / "vetline.db")
    command = [sys.executable, "-m", "vetline", "serve", "--roles", "console", "--port", "0"]
    found = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, "console_url" in found.stderr) == (2, True), found.stderr
