"""Signing in: what is kept, where, who may read it; and that a hundred commands ask for one token."""

import json
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.cli.running import NO_KEYRING, VETLINE, WORKING_KEYRING, Home
from tests.support.forwarding import Forwarding
from tests.support.processes import CONTOSO, Sandbox
from tests.support.terminals import shown

SECRET = "contoso-sandbox-secret"
APPLICATION = "c0a80001-5d2e-4b7f-9e31-7a6c4d8f0b11"
PUBLIC = "c0a80001-5d2e-4b7f-9e31-7a6c4d8f0b12"
CUSTOMER = "11111111-c0c0-4000-8000-000000000006"


def options(sandbox: Sandbox, authority: str, client_id: str) -> list[str]:
    """Return the options of `vetline login` for Contoso."""
    places = ["--base-url", sandbox.base, "--authority", authority]
    return ["login", *places, "--tenant", CONTOSO, "--client-id", client_id]


def with_secret(home: Home, sandbox: Sandbox, authority: str = "", secret: str = SECRET, **environment: str) -> str:
    """Sign Contoso's application in; return what is said."""
    arguments = options(sandbox, authority or sandbox.base, APPLICATION)
    done = home.run(*arguments, "--client-secret-stdin", stdin=f"{secret}\n", **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return done.stderr


def by_device(home: Home, sandbox: Sandbox, authority: Forwarding, **environment: str) -> str:
    """Sign Ada in by a code that she enters on another page; return what is said."""
    process = home.start(*options(sandbox, authority.base, PUBLIC), "--device-code", **environment)
    assert process.stderr is not None
    first = process.stderr.readline()
    code = re.search(r"enter the code (\S+?)\.", first)
    assert code, first
    form = {"user_code": code[1], "username": "ada@contoso.onmicrosoft.com"}
    httpx2.post(f"{sandbox.base}/devicelogin", data=form).raise_for_status()
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    return first + said


def everything_kept(home: Home) -> bytes:
    """Return the content of every file in a home."""
    return b"".join(file.read_bytes() for file in home.folder.rglob("*") if file.is_file())


def test_a_secret_goes_into_the_keyring(home: Home, sandbox: Sandbox) -> None:
    """Where one works; no file of ours holds it, and nothing shows it."""
    said = with_secret(home, sandbox, PYTHON_KEYRING_BACKEND=WORKING_KEYRING)
    assert "keyring" in said
    assert list(json.loads(home.keyring.read_text()).values()) == [SECRET]
    home.keyring.rename(elsewhere := home.folder.parent / f"{home.folder.name}.keyring")
    assert SECRET.encode() not in everything_kept(home)
    ring = {"PYTHON_KEYRING_BACKEND": WORKING_KEYRING, "KEYRING_FILE": str(elsewhere)}
    assert len(home.data("codes", "list", **ring)) == 2
    assert SECRET not in home.good("profiles", **ring) + home.good("profiles", "--output", "json", **ring) + said


@pytest.mark.parametrize("backend", [NO_KEYRING, "tests.support.keyrings.ForgetfulKeyring", "no.such.Keyring"])
def test_without_a_keyring_a_secret_goes_into_a_file(home: Home, sandbox: Sandbox, backend: str) -> None:
    """For its owner's eyes, and it is said."""
    said = with_secret(home, sandbox, PYTHON_KEYRING_BACKEND=backend)
    assert str(home.secrets) in said
    modes = {path.stat().st_mode & 0o777 for path in (home.secrets, home.profiles, *home.tokens.glob("*.json"))}
    assert modes == {0o600}
    assert home.config.stat().st_mode & 0o777 == 0o700
    assert len(home.data("codes", "list", PYTHON_KEYRING_BACKEND=backend)) == 2


def test_secrets_that_others_can_read_are_refused(home: Home, sandbox: Sandbox) -> None:
    """They may be known."""
    with_secret(home, sandbox)
    home.secrets.chmod(0o644)
    for token in home.tokens.iterdir():
        token.unlink()
    done = home.run("codes", "list")
    assert (done.returncode, "chmod 600" in done.stderr, SECRET in done.stderr) == (3, True, False)


def test_a_refused_login_keeps_nothing(home: Home, sandbox: Sandbox) -> None:
    """Neither profile nor secret; the authority's words are told, the secret is not."""
    arguments = options(sandbox, sandbox.base, APPLICATION)
    done = home.run(*arguments, "--client-secret-stdin", stdin="wrong-secret\n")
    assert done.returncode == 3
    assert "AADSTS7000215" in done.stderr
    assert "wrong-secret" not in done.stderr
    assert not home.profiles.exists()
    assert not home.secrets.exists()


def test_the_secret_is_no_argument(home: Home) -> None:
    """A command line is everybody's to read; and an empty stdin is no secret."""
    assert home.run("login", "--client-secret", "x").returncode == 2
    given = ["login", "--tenant", "t", "--client-id", "c", "--client-secret-stdin"]
    done = home.run(*given)
    assert (done.returncode, "No client secret" in done.stderr) == (2, True)


def test_an_application_alone_may_not_ask(home: Home, sandbox: Sandbox) -> None:
    """And it is said how somebody may."""
    with_secret(home, sandbox)
    done = home.run("qualifications", "set", CUSTOMER, "Education")
    assert (done.returncode, "login --device-code" in done.stderr) == (3, True)


def test_many_commands_ask_for_one_token(home: Home, sandbox: Sandbox, authority: Forwarding) -> None:
    """Also when they run at once, also after it was refused."""
    with_secret(home, sandbox, authority.base)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: home.good("codes", "list"), range(12)))
    assert authority.token_requests == 1
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 7200}).raise_for_status()
    home.good("codes", "list")
    home.good("codes", "list")
    assert authority.token_requests == 2


def test_commands_that_start_at_once_share_the_first_token(home: Home, sandbox: Sandbox, authority: Forwarding) -> None:
    """One of them asks, the others wait for its answer."""
    with_secret(home, sandbox, authority.base)
    (token,) = home.tokens.glob("*.json")
    token.unlink()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: home.good("codes", "list"), range(6)))
    assert authority.token_requests == 2


def test_a_person_signs_in_with_a_code(home: Home, sandbox: Sandbox, authority: Forwarding) -> None:
    """And can then ask for a qualification; the refresh token is shown nowhere."""
    said = by_device(home, sandbox, authority)
    assert "/devicelogin" in said
    assert home.data("qualifications", "set", CUSTOMER, "Education")["vetting_status"] == "InReview"
    (refresh,) = json.loads(home.secrets.read_text()).values()
    assert refresh not in said + home.good("profiles", "--output", "json")


@pytest.mark.parametrize("backend", [NO_KEYRING, WORKING_KEYRING])
def test_a_rotating_refresh_token_is_kept_at_once(
    home: Home, sandbox: Sandbox, authority: Forwarding, backend: str
) -> None:
    """Each is good only once: commands at the same time take turns, and none spends one twice."""
    authority.expires_in = 1
    ring = {"PYTHON_KEYRING_BACKEND": backend}
    by_device(home, sandbox, authority, **ring)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: home.good("codes", "list", **ring), range(8)))
    assert authority.token_requests == 8


def test_a_login_that_has_ended_says_so(home: Home, sandbox: Sandbox, authority: Forwarding) -> None:
    """The sandbox forgets its refresh tokens with a reset."""
    authority.expires_in = 1
    by_device(home, sandbox, authority)
    sandbox.reset()
    done = home.run("codes", "list")
    assert (done.returncode, "vetline login" in done.stderr) == (3, True)


def test_a_login_can_be_given_up(home: Home, sandbox: Sandbox) -> None:
    """With Ctrl-C; nothing is kept."""
    process = home.start(*options(sandbox, sandbox.base, PUBLIC))
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in said) == (130, False)
    assert not home.profiles.exists()


def test_a_kept_token_is_of_no_use_to_another_sign_in(home: Home, sandbox: Sandbox) -> None:
    """Whoever changes a profile acts as the new one, or not at all."""
    with_secret(home, sandbox)
    home.profiles.write_text(home.profiles.read_text().replace(APPLICATION, PUBLIC))
    done = home.run("codes", "list")
    assert (done.returncode, "AADSTS" in done.stderr) == (3, True)


def test_signing_out_forgets_everything(home: Home, sandbox: Sandbox) -> None:
    """Profile, secret and token."""
    with_secret(home, sandbox)
    home.good("logout")
    assert SECRET.encode() not in everything_kept(home)
    assert list(home.tokens.glob("*.json")) == []
    assert home.run("codes", "list").returncode == 3
    assert home.run("logout").returncode == 3


def test_a_login_is_renewed_from_its_profile(home: Home, sandbox: Sandbox) -> None:
    """What is not given again stays as it was."""
    with_secret(home, sandbox)
    before = home.profiles.read_text()
    done = home.run("login", stdin=f"{SECRET}\n")
    assert done.returncode == 0, done.stderr
    assert home.profiles.read_text() == before


def test_profiles_list_what_is_kept(home: Home, sandbox: Sandbox) -> None:
    """Whom each one calls, and where its secret is."""
    with_secret(home, sandbox)
    (profile,) = home.data("profiles")
    assert profile["service"] == sandbox.base
    assert profile["kept_in"] == "file"
    assert profile["credential"] == "client-secret"


def test_no_authority_is_no_connection(home: Home, sandbox: Sandbox) -> None:
    """Its address is named."""
    arguments = options(sandbox, "http://127.0.0.1:9", APPLICATION)
    done = home.run(*arguments, "--client-secret-stdin", stdin="x\n")
    assert (done.returncode, "127.0.0.1:9" in done.stderr) == (6, True)


@pytest.mark.parametrize(
    "given",
    [
        ["--tenant", "t"],
        ["--tenant", "t", "--client-id", "c", "--cloud", "germany"],
        ["--tenant", "t", "--client-id", "c", "--base-url", "http://vetline.example"],
        ["--tenant", "t", "--client-id", "c", "--profile", "sandbox"],
        ["--tenant", "t", "--client-id", "c", "--profile", "../x"],
        ["--tenant", "t", "--client-id", "c", "--device-code", "--client-secret-stdin"],
    ],
)
def test_what_makes_no_profile_is_refused(home: Home, given: list[str]) -> None:
    """Before anybody is asked."""
    done = home.run("login", *given, stdin="x\n")
    assert done.returncode == 2
    assert not home.profiles.exists()


def test_a_killed_login_leaves_no_half_file(home: Home, sandbox: Sandbox) -> None:
    """Whenever it is killed, the files that are there are whole."""
    with_secret(home, sandbox)
    arguments = [*options(sandbox, sandbox.base, APPLICATION), "--client-secret-stdin"]
    for delay in (0.15, 0.2, 0.25, 0.3, 0.35):
        process = home.start(*arguments)
        assert process.stdin is not None
        process.stdin.write(f"{SECRET}\n")
        process.stdin.close()
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()
        assert len(home.data("codes", "list")) == 2


def test_a_secret_is_asked_for_without_showing_it(home: Home, sandbox: Sandbox) -> None:
    """At a terminal; what is typed does not appear."""
    arguments = [*VETLINE, *options(sandbox, sandbox.base, APPLICATION), "--client-secret-stdin"]
    code, received = shown(arguments, home.environment, 200, f"{SECRET}\n".encode(), "shown): ")
    assert (code, SECRET in received, "Signed in" in received) == (0, False, True), received


def test_a_place_that_cannot_be_written_is_named(home: Home, sandbox: Sandbox) -> None:
    """A file where the configuration's folder should be."""
    home.config.parent.mkdir()
    home.config.write_text("")
    arguments = options(sandbox, sandbox.base, APPLICATION)
    done = home.run(*arguments, "--client-secret-stdin", stdin=f"{SECRET}\n")
    assert (done.returncode, str(home.config) in done.stderr, SECRET in done.stderr) == (2, True, False)


def test_a_cache_that_cannot_be_written_stops_nothing(home: Home, sandbox: Sandbox) -> None:
    """Every command asks for a token of its own then."""
    (home.folder / "cache").write_text("")
    with_secret(home, sandbox)
    assert len(home.data("codes", "list")) == 2
