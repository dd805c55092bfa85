"""Help and completion answer at once: what a command needs is loaded when it runs."""

import subprocess
import sys

import pytest

from tests.cli.running import VETLINE, Home
from vetline.cli.failing import CliError
from vetline.cli.profiles import check_name

_HEAVY = {
    "httpx2",
    "keyring",
    "msgspec",
    "platformdirs",
    "rich",
    "starlette",
    "structlog",
    "uvloop",
    "vetline.sdk.client",
}


def test_help_loads_nothing_heavy(home: Home) -> None:
    """The typer library, and our own descriptions of the commands."""
    command = [sys.executable, "-X", "importtime", "-m", "vetline", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=home.environment)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert loaded & _HEAVY == set()


@pytest.mark.parametrize(
    ("missing", "arguments", "remedy"),
    [
        ("typer", ["--help"], "pip install 'vetline[cli]'"),
        ("structlog", ["sandbox", "--port", "0"], "pip install 'vetline[sandbox]'"),
        ("granian", ["serve"], "pip install 'vetline[sandbox]'"),
        ("starlette", ["migrate"], "pip install 'vetline[sandbox]'"),
    ],
)
def test_what_is_not_installed_is_said(home: Home, missing: str, arguments: list[str], remedy: str) -> None:
    """`pip install vetline` is the client alone, and `vetline[cli]` has no server."""
    without = "import runpy, sys; sys.modules[sys.argv.pop(1)] = None; runpy.run_module('vetline', run_name='__main__')"
    command = [sys.executable, "-c", without, missing, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=home.environment)
    assert done.returncode in (1, 2)
    assert remedy in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_produced(home: Home, shell: str) -> None:
    """Typer's own way of asking for them."""
    script = home.good(_VETLINE_COMPLETE=f"source_{shell}")
    assert "vetline" in script


def completed(home: Home, line: str) -> set[str]:
    """Return what the shell offers after a line."""
    given = {"_VETLINE_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    done = subprocess.run(
        [*VETLINE], capture_output=True, text=True, check=False, env=home.environment | given, timeout=30
    )
    assert done.stderr == ""
    return set(done.stdout.split("\n")) - {""}


def test_completion_answers(home: Home) -> None:
    """Commands, profiles, qualifications, segments, reasons."""
    home.config.mkdir(parents=True)
    home.profiles.write_text('[profiles.ci]\ntenant="t"\nclient_id="c"\ncredential="device-code"\nkept_in="file"\n')
    assert completed(home, "vetline qual") == {"qualifications"}
    assert completed(home, "vetline codes list --profile ") == {"ci", "sandbox"}
    assert completed(home, "vetline qualifications set x ") >= {"Education", "StateOwnedEntity"}
    assert completed(home, "vetline qualifications set x Education --segment K") == {"K12"}
    assert completed(home, "vetline review deny x Education --reason ") == {str(number) for number in range(1, 8)}
    assert completed(home, "vetline codes list --output js") == {"json", "jsonl"}


def test_completion_never_complains(home: Home) -> None:
    """Not even about an unsound file of profiles."""
    home.config.mkdir(parents=True)
    home.profiles.write_text("[profiles")
    assert completed(home, "vetline codes list --profile ") == {"sandbox"}


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "-x", "ä", "x" * 65, "a\n"])
def test_names_of_profiles_are_plain(name: str) -> None:
    """They name files, too."""
    with pytest.raises(CliError):
        check_name(name)
