"""Each exit code is had from a real failure, with a sentence that says what to do and no traceback."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import httpx2
import pytest

from tests.cli.running import Home
from tests.support.answering import Answering, Asked, Said
from tests.support.processes import CONTOSO, Sandbox
from vetline.cli import exits

CUSTOMER = "11111111-c0c0-4000-8000-000000000006"
STRANGER = "22222222-fab0-4000-8000-000000000001"
EDUCATION = ("qualifications", "set", CUSTOMER, "Education")


def served(home: Home, said: Said, *arguments: str) -> tuple[int, str]:
    """Run a command against a service that always says the same; return exit code and stderr."""
    with Answering(lambda asked: said) as service:
        done = home.run(*arguments, VETLINE_BASE_URL=service.base, VETLINE_ACCESS_TOKEN="x")
    return done.returncode, done.stderr


def test_a_refusal_is_1(partner: Home) -> None:
    """A code that nobody has, and somebody else's customer."""
    done = partner.run("qualifications", "set", CUSTOMER, "GovernmentCommunityCloud", "--code", "55")
    assert (done.returncode, "vetline codes list" in done.stderr) == (exits.FAILED, True)
    done = partner.run("customers", "get", STRANGER)
    assert (done.returncode, "20002" in done.stderr, "customers list" in done.stderr) == (exits.FAILED, True, True)
    assert "MS-RequestId" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["codes", "list", "--output", "xml"],
        ["qualifications", "set", CUSTOMER, "Nonprofit"],
        ["qualifications", "set", CUSTOMER, "Education", "--segment", "Kindergarten"],
        ["qualifications", "set", CUSTOMER, "Education", "--code", "1"],
        ["qualifications", "set", CUSTOMER, "StateOwnedEntity", "--segment", "K12"],
        ["qualifications", "set", CUSTOMER, "Education", "--sync", "--wait"],
        ["qualifications", "get", " "],
        ["qualifications", "wait", CUSTOMER, "--resume", "nonsense"],
        ["customers", "create", "--domain", "x.example"],
        ["customers", "create", "--from-json", "/no/such/file"],
        ["customers", "list", "--filter-name", "a", "--filter-domain", "b"],
        ["customers", "delete", CUSTOMER],
        ["review", "deny", CUSTOMER, "Education", "--reason", "8"],
    ],
)
def test_a_wrong_command_line_is_2(partner: Home, arguments: list[str]) -> None:
    """And nothing is sent."""
    done = partner.run(*arguments)
    assert (done.returncode, done.stdout) == (exits.USAGE, "")
    assert done.stderr


def test_no_login_is_3(home: Home, sandbox: Sandbox) -> None:
    """Nobody, an unknown token, no MFA, no user."""
    assert home.run("codes", "list").returncode == exits.LOGIN
    for token, advice in {
        "nonsense": "vetline login",
        sandbox.token("user-without-mfa"): "multifactor",
        sandbox.token("app"): "login --device-code",
    }.items():
        done = home.run(*EDUCATION, VETLINE_BASE_URL=sandbox.base, VETLINE_ACCESS_TOKEN=token)
        assert (done.returncode, advice in done.stderr) == (exits.LOGIN, True), done.stderr
        assert token not in done.stderr


def test_not_there_is_4(partner: Home) -> None:
    """No customer, no case, nothing to wait for."""
    unknown = "00000000-0000-4000-8000-000000000000"
    assert partner.run("customers", "get", unknown).returncode == exits.NOT_FOUND
    assert partner.run("review", "show", CUSTOMER, "Education").returncode == exits.NOT_FOUND
    case = ["review", "show", CUSTOMER, "Education", "--partner", CONTOSO]
    assert partner.run(*case).returncode == exits.NOT_FOUND
    done = partner.run("qualifications", "wait", CUSTOMER)
    assert (done.returncode, "qualifications set" in done.stderr) == (exits.NOT_FOUND, True)


def test_a_conflict_is_5(partner: Home) -> None:
    """Asked for twice."""
    partner.good(*EDUCATION)
    done = partner.run(*EDUCATION)
    assert (done.returncode, "qualifications wait" in done.stderr) == (exits.CONFLICT, True)


def test_throttled_is_6(home: Home) -> None:
    """The time to wait is told."""
    body = b'{"statusCode":429,"message":"Rate limit is exceeded. Try again in 999 seconds."}'
    code, told = served(home, Said(429, body, {"Retry-After": "999"}), "codes", "list")
    assert (code, "Wait 999 s" in told) == (exits.UNAVAILABLE, True)


def test_unavailable_is_6(home: Home) -> None:
    """A service that fails, and none at all."""
    code, told = served(home, Said(503, b"<html>maintenance</html>", {"Retry-After": "500"}), "codes", "list")
    assert (code, "maintenance" in told) == (exits.UNAVAILABLE, True)
    done = home.run("codes", "list", VETLINE_BASE_URL="http://127.0.0.1:9", VETLINE_ACCESS_TOKEN="x")
    assert (done.returncode, "vetline sandbox" in done.stderr) == (exits.UNAVAILABLE, True)
    done = home.run("codes", "list", VETLINE_BASE_URL="http://127.0.0.1:9", VETLINE_PROFILE="sandbox")
    assert (done.returncode, "vetline sandbox" in done.stderr) == (exits.UNAVAILABLE, True)


def test_something_else_at_the_address_is_no_sandbox(home: Home) -> None:
    """Whatever it answers."""
    for body in (b"<html>", b"[]", b"{}", b'{"partners": []}'):
        code, told = served(home, Said(200, body), "codes", "list", "--profile", "sandbox")
        assert code in (exits.UNAVAILABLE, exits.USAGE), told
        assert "unexpectedly" not in told


def test_what_is_not_understood_is_1(home: Home) -> None:
    """An answer that is no JSON."""
    code, _ = served(home, Said(200, b"<html>"), "codes", "list")
    assert code == exits.FAILED


def resumed_from(said: str) -> list[str]:
    """Return the arguments of the command that a note says to continue with."""
    return next(line for line in said.splitlines() if line.startswith("  vetline ")).split()[1:]


@pytest.fixture
def waiting(partner: Home) -> Home:
    """A home whose customer waits for a person."""
    partner.good(*EDUCATION)
    return partner


def test_a_wait_that_takes_too_long_is_7(waiting: Home, sandbox: Sandbox) -> None:
    """The command that continues it is told, and does."""
    done = waiting.run("qualifications", "wait", CUSTOMER, "Education", "--timeout", "0", "--profile", "sandbox")
    assert (done.returncode, done.stdout) == (exits.TIMED_OUT, "")
    waiting.good("review", "approve", CUSTOMER, "Education")
    (continued,) = [waiting.data(*resumed_from(done.stderr))]
    assert continued["vetting_status"] == "Approved"


@contextmanager
def looking(base: str) -> Iterator[tuple[Answering, threading.Event]]:
    """A sandbox that never holds an answer, and a sign of the second look at a customer."""
    second_look, looks = threading.Event(), count(1)

    def answer(asked: Asked) -> Said:
        wanted = {"Authorization", "Content-Type"}
        headers = {name: value for name, value in asked.headers.items() if name in wanted}
        if asked.path.endswith("/qualifications") and next(looks) > 1:
            second_look.set()
        told = httpx2.request(asked.method, base + asked.path, content=asked.body, headers=headers)
        return Said(told.status_code, told.content)

    with Answering(answer) as service:
        yield service, second_look


def test_an_interrupted_wait_is_130(waiting: Home, sandbox: Sandbox) -> None:
    """Ctrl-C; the command that continues it is told."""
    with looking(sandbox.base) as (service, second_look):
        process = waiting.start("qualifications", "wait", CUSTOMER, VETLINE_BASE_URL=service.base)
        assert second_look.wait(30)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in said) == (exits.INTERRUPTED, False)
    assert "--resume" in resumed_from(said)
    waiting.good("review", "deny", CUSTOMER, "Education", "--reason", "5")
    assert waiting.data(*resumed_from(said))["vetting_reason"] == "Not an Academic Domain"


def test_every_exit_code_has_a_meaning() -> None:
    """The table of docs/cli.md lists them all."""
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    assert codes == set(exits.MEANINGS)
