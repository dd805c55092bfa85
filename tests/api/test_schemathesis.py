"""Generated requests of all four phases against the description at /openapi.json: every check, no failure."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Sandbox

# https://schemathesis.readthedocs.io: examples, coverage, fuzzing and stateful run by default, with every check.
EXAMPLES = 60
SEED = 20261121
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture(scope="module")
def busy_sandbox() -> Iterator[Sandbox]:
    """A sandbox whose review queue is not empty."""
    with Sandbox("--vetting", "by-hand", "--log-level", "error") as sandbox:
        for customer in sandbox.info["customers"]:
            path = f"/v1/customers/{customer['id']}/qualifications"
            sandbox.call("POST", path, partner=customer["partnerTenantId"], json="Education").raise_for_status()
        sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 0}).raise_for_status()
        yield sandbox


@pytest.mark.parametrize(
    ("kind", "paths", "least"),
    [
        pytest.param("user", ["--exclude-path-regex", "^/vetline/"], 1_500, id="partner"),
        pytest.param("administrator", ["--include-path-regex", "^/vetline/"], 600, id="review-desk"),
    ],
)
def test_no_generated_request_breaks_the_description(
    busy_sandbox: Sandbox, tmp_path: Path, kind: str, paths: list[str], least: int
) -> None:
    """Whatever is sent, the answer is one that the description promises, and never a 5xx."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
        *("run", f"{busy_sandbox.base}/openapi.json"),
        *("--header", f"Authorization: Bearer {busy_sandbox.token(kind)}"),
        *("--max-examples", str(EXAMPLES), "--seed", str(SEED), "--no-color"),
        *paths,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-6_000:]
    found = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert found, done.stdout[-2_000:]
    assert int(found[1]) >= least
    assert found[1] == found[2]
