"""How a sandbox starts: what few test suites use is loaded when it is needed. It ends with its input."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import Sandbox

_LATE = {
    *("asyncpg", "httpx2", "jinja2", "prometheus_client", "rich.console", "trustme", "xml.etree.ElementTree"),
    *("vetline.api.openapi", "vetline.console.site", "vetline.reference.library"),
    *("vetline.sandbox.certificates", "vetline.sandbox.sight.scorecard.card"),
}


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (("vetline", "sandbox", "--port", "0", "--until-eof", "--ready-file"), set()),
        (("vetline.cli.suite",), {"typer"}),
    ],
    ids=["the command", "a suite's"],
)
def test_it_waits_for_nothing_that_it_may_not_need(tmp_path: Path, command: tuple[str, ...], more: set[str]) -> None:
    """It is ready without; and it ends by itself, for its standard input has ended before."""
    file = tmp_path / "address"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", *command, str(file)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout == f"ready {file.read_text('ascii')}"
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "vetline.sandbox.world" in loaded
    assert loaded & (_LATE | more) == set()


def test_the_pages_are_there_when_they_are_asked_for(sandbox: Sandbox) -> None:
    """Also by several at once, and below their own addresses alone."""
    assert sandbox.http.get("/console", follow_redirects=True).status_code == 200
    assert sandbox.http.get("/console/no-such-page").status_code in (303, 404)
    assert sandbox.http.get("/consoles").headers["content-type"].startswith("application/json")
    assert sandbox.http.put("/console").status_code == 405
