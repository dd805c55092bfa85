"""Whom a command calls, and as whom: the command line, the environment, the profiles; and when it rather stops."""

import pytest

from tests.cli.running import Home
from tests.support.processes import CONTOSO, Sandbox

OTHER = '[profiles.%s]\ntenant = "t"\nclient_id = "c"\ncredential = "client-secret"\nkept_in = "file"\n'


def write_profiles(home: Home, text: str, mode: int = 0o600) -> None:
    """Write the profiles' file by hand."""
    home.config.mkdir(parents=True, exist_ok=True)
    home.profiles.write_text(text, "utf-8")
    home.profiles.chmod(mode)


def test_a_sandbox_needs_no_set_up(home: Home, sandbox: Sandbox) -> None:
    """`--profile sandbox` acts as Contoso's user with MFA, and leaves nothing behind."""
    codes = home.data("codes", "list", "--profile", "sandbox", VETLINE_BASE_URL=sandbox.base)
    assert {code["partner_id"] for code in codes} == {CONTOSO}
    asked = home.data(
        "qualifications", "set", "11111111-c0c0-4000-8000-000000000006", "Education",
        "--profile", "sandbox", VETLINE_BASE_URL=sandbox.base,
    )  # fmt: skip
    assert asked["vetting_status"] == "InReview"
    assert list(home.folder.iterdir()) == []


def test_a_token_from_the_environment_needs_no_login(home: Home, sandbox: Sandbox) -> None:
    """VETLINE_BASE_URL and VETLINE_ACCESS_TOKEN are enough."""
    given = {"VETLINE_BASE_URL": sandbox.base, "VETLINE_ACCESS_TOKEN": sandbox.token()}
    assert len(home.data("codes", "list", **given)) == 2


def test_a_token_is_shown_to_nobody_by_guess(home: Home, sandbox: Sandbox) -> None:
    """Without VETLINE_BASE_URL the token goes nowhere."""
    done = home.run("codes", "list", VETLINE_ACCESS_TOKEN=sandbox.token())
    assert (done.returncode, "VETLINE_BASE_URL" in done.stderr) == (2, True)


@pytest.mark.parametrize("given", [{}, {"VETLINE_BASE_URL": "http://127.0.0.1:9"}])
def test_without_a_login_it_says_what_to_do(home: Home, given: dict[str, str]) -> None:
    """An address alone signs nobody in."""
    done = home.run("codes", "list", **given)
    assert done.returncode == 3
    assert "--profile sandbox" in done.stderr
    assert done.stdout == ""


def test_an_unknown_profile_is_named(home: Home) -> None:
    """With those there are."""
    done = home.run("codes", "list", "--profile", "nobody")
    assert (done.returncode, "'nobody'" in done.stderr, "sandbox" in done.stderr) == (3, True, True)


def test_several_profiles_have_to_be_chosen_from(home: Home) -> None:
    """Nothing is guessed."""
    write_profiles(home, OTHER % "one" + OTHER % "two")
    done = home.run("codes", "list")
    assert (done.returncode, "one, two" in done.stderr) == (2, True)


def test_a_base_url_never_redirects_a_profile(home: Home, sandbox: Sandbox) -> None:
    """A forgotten VETLINE_BASE_URL sends no token elsewhere, and no command to another service than it names."""
    write_profiles(home, OTHER % "prod")
    named = home.run("codes", "list", "--profile", "prod", VETLINE_BASE_URL=sandbox.base)
    assert (named.returncode, "unset" in named.stderr) == (2, True)
    unnamed = home.run("codes", "list", VETLINE_BASE_URL=sandbox.base)
    assert (unnamed.returncode, sandbox.base in unnamed.stderr) == (3, True)


SOUND = OTHER % "x"
HOSTILE = {
    "no TOML": "[profiles",
    "not UTF-8": "\udcff",
    "unknown table": "[other]\n",
    "unknown key": SOUND + 'password = "x"\n',
    "missing key": '[profiles.x]\ntenant = "t"\n',
    "wrong type": "profiles = 3\n",
    "unknown cloud": SOUND + 'cloud = "germany"\n',
    "clear text address": SOUND + 'base_url = "http://vetline.example"\n',
    "clear text authority": SOUND + 'authority = "http://login.example"\n',
    "address with a user": SOUND + 'base_url = "https://login.microsoftonline.com@evil.example"\n',
    "no address": SOUND + 'base_url = "javascript:alert(1)"\n',
    "path as a name": OTHER % '"../../x"',
    "control characters as a name": OTHER % '"\\u001b]0;owned\\u0007"',
    "the sandbox's name": OTHER % "sandbox",
    "deeply nested": "a = " + "[" * 5000 + "]" * 5000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_an_unsound_file_of_profiles_is_refused(home: Home, text: str) -> None:
    """With a sentence that names the file, and without a control character."""
    home.config.mkdir(parents=True)
    home.profiles.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = home.run("codes", "list", "--profile", "x")
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) < 4
    assert "\x1b" not in done.stderr


def test_profiles_that_others_may_write_are_refused(home: Home) -> None:
    """They could send the tokens elsewhere."""
    write_profiles(home, SOUND, 0o666)
    done = home.run("codes", "list", "--profile", "x")
    assert (done.returncode, "chmod 600" in done.stderr) == (2, True)


def test_profiles_that_cannot_be_read_are_named(home: Home) -> None:
    """A folder in the file's place."""
    home.profiles.mkdir(parents=True)
    done = home.run("profiles")
    assert (done.returncode, "profiles.toml" in done.stderr) == (2, True)


def test_the_clients_variables_do_not_stop_the_service(home: Home) -> None:
    """`vetline serve` reads VETLINE_* too; it stops for want of an issuer, not for these."""
    done = home.run("serve", VETLINE_PROFILE="x", VETLINE_BASE_URL="http://x", VETLINE_ACCESS_TOKEN="x")
    assert done.returncode == 2
    assert "issuer" in done.stderr


@pytest.mark.parametrize(
    "address", ["nonsense", "http://[", "ftp://127.0.0.1", "http://127.0.0.1:99999", "http://\x1b[31m"]
)
@pytest.mark.parametrize(
    "who", [{"VETLINE_ACCESS_TOKEN": "x"}, {"VETLINE_PROFILE": "sandbox"}], ids=["token", "sandbox"]
)
def test_an_address_that_is_none_is_refused(home: Home, address: str, who: dict[str, str]) -> None:
    """With a sentence, whatever it holds."""
    done = home.run("codes", "list", VETLINE_BASE_URL=address, **who)
    assert done.returncode in (2, 6), done.stderr
    assert "unexpectedly" not in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("token", ["a b", "\u00e9", "x" * 100_000])
def test_a_token_that_is_none_is_refused(home: Home, sandbox: Sandbox, token: str) -> None:
    """And not repeated."""
    done = home.run("codes", "list", VETLINE_BASE_URL=sandbox.base, VETLINE_ACCESS_TOKEN=token)
    assert done.returncode in (1, 3), done.stderr
    assert "unexpectedly" not in done.stderr
    assert token not in done.stderr


def test_arguments_that_are_not_utf_8_are_refused(partner: Home) -> None:
    """They cannot be sent."""
    for arguments in (["customers", "get", "\udcff"], ["customers", "list", "--filter-name", "\udcff"]):
        done = partner.run(*arguments)
        assert done.returncode == 2, done.stderr
        assert "unexpectedly" not in done.stderr


def test_a_sandbox_with_tls_is_trusted_by_its_authority(home: Home) -> None:
    """SSL_CERT_FILE names it; without, the sentence says so."""
    with Sandbox("--tls") as sandbox:
        given = {"VETLINE_BASE_URL": sandbox.base, "VETLINE_PROFILE": "sandbox"}
        assert len(home.data("codes", "list", SSL_CERT_FILE=str(sandbox.ca_file), **given)) == 2
        done = home.run("codes", "list", **given)
        assert (done.returncode, "SSL_CERT_FILE" in done.stderr) == (2, True)
        done = home.run("codes", "list", VETLINE_BASE_URL=sandbox.base, VETLINE_ACCESS_TOKEN="x")
        assert (done.returncode, "SSL_CERT_FILE" in done.stderr) == (2, True)
