"""The ready configuration fits the program: its options, settings, paths and times are those that there are.

Neither a container engine nor a running systemd is at hand: what they make of these files is not tested.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
import yaml

from tests.api.service import Service
from tests.support.authority import Authority
from tests.support.processes import VetlineProcess
from vetline.hosting import STOP_SECONDS
from vetline.settings import Settings, read_settings
from vetline.supervision.supervisor import CLOSE_SECONDS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "vetline@.service").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "vetline"}
CONTAINERFILES = sorted(DEPLOY.glob("*Containerfile"))
# What an orchestrator needs itself.
SPARE_SECONDS = 5


def _of_unit(name: str) -> str:
    found = re.search(rf"^{name}=(.+)$", UNIT, re.MULTILINE)
    assert found
    return found[1]


def _options(command: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-m", "vetline", command, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "200"},
    )
    return set(re.findall(r"--[a-z-]+", done.stdout))


def _needed_seconds(drain: int) -> float:
    return drain + STOP_SECONDS + CLOSE_SECONDS + SPARE_SECONDS


def test_the_unit_runs_with_its_settings(authority: Authority, tmp_path: Path) -> None:
    """What the unit starts serves, with the settings file as it is but for the issuer and the place of the data."""
    program, *arguments = _of_unit("ExecStart").replace("%i", "0").split()
    assert program.endswith("/vetline")
    arguments[arguments.index("--config") + 1] = str(DEPLOY / "vetline.toml")
    data = {"VETLINE_DATABASE_URL": f"sqlite:///{tmp_path}/vetline.db"}
    with VetlineProcess(arguments, authority.settings | data) as service:
        assert service.http.get("/readyz").status_code == 200
        assert service.log().count('"a process answers"') == 2


def test_the_unit_waits_for_the_end() -> None:
    """systemd kills later than the slowest end takes, and leaves the processes to their parent until then."""
    drain = read_settings({}, DEPLOY / "vetline.toml", {}).drain_seconds
    assert int(_of_unit("TimeoutStopSec")) >= _needed_seconds(drain)
    assert _of_unit("KillMode") == "mixed"


def test_the_units_data_may_be_written() -> None:
    """All else is read-only: the database lies where the unit has a state directory."""
    url = read_settings({}, DEPLOY / "vetline.toml", {}).database_url
    assert urlsplit(url).path.removeprefix("/").startswith(f"/var/lib/{_of_unit('StateDirectory')}/")


@pytest.mark.skipif(
    not shutil.which("systemd-analyze") and "CI" not in os.environ, reason="systemd is not installed here"
)
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """It finds nothing to complain of, and calls the exposure low."""
    unit = tmp_path / "vetline@8081.service"
    here = UNIT.replace("/opt/vetline/bin/vetline", sys.executable)
    unit.write_text(re.sub(r"^(User|Group)=.*$", r"\1=root", here, flags=re.MULTILINE), "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit], capture_output=True, check=True
    )


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_containers_run_exists(name: str) -> None:
    """Each command has the options that it is given, and each variable is a setting."""
    command, *arguments = OURS[name]["command"]
    assert {one for one in arguments if one.startswith("--")} <= _options(command)
    known = {f"VETLINE_{field.name.upper()}" for field in msgspec.structs.fields(Settings)}
    assert set(OURS[name]["environment"]) <= known


def test_containers_roles_are_apart_and_all_there() -> None:
    """One container answers, another screens; together they do everything that there is."""
    roles = [one["command"][one["command"].index("--roles") + 1] for one in OURS.values() if "serve" in one["command"]]
    assert sorted(roles) == sorted(Settings().roles)


@pytest.mark.parametrize("name", sorted(OURS))
def test_containers_are_waited_for(name: str) -> None:
    """The engine kills later than the slowest end takes."""
    drain = int(OURS[name]["environment"]["VETLINE_DRAIN_SECONDS"])
    assert int(OURS[name]["stop_grace_period"].removesuffix("s")) >= _needed_seconds(drain)


def test_the_health_check_tells_ready_from_not(authority: Authority, tmp_path: Path) -> None:
    """It succeeds when the service is ready, and fails when nobody answers."""
    kind, _, *arguments = OURS["api"]["healthcheck"]["test"]
    assert kind == "CMD"
    with Service(authority, tmp_path / "vetline.db", {}) as service:
        check = [sys.executable, *(one.replace("http://127.0.0.1:8080", service.base) for one in arguments)]
        assert subprocess.run(check, check=False, capture_output=True).returncode == 0
        service.stop()
        assert subprocess.run(check, check=False, capture_output=True).returncode != 0


@pytest.mark.parametrize("file", CONTAINERFILES, ids=lambda file: str(file.name))
def test_an_image_is_made_of_what_there_is(file: Path) -> None:
    """What it copies from the repository is there, it does not run as root, and its command has these options."""
    text = file.read_text("utf-8")
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ") and "--" not in line]
    assert all((ROOT / name).exists() for names in copied for name in names)
    assert re.search(r"^USER [1-9]\d*$", text, re.MULTILINE)
    command = re.search(r"^CMD (\[.+\])$", text, re.MULTILINE)
    assert command
    name, *arguments = msgspec.json.decode(command[1], type=list[str])
    assert {one for one in arguments if one.startswith("--")} <= _options(name)
