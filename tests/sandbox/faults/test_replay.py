"""A run is repeated by its seed, in another process: by the command line, by a control route, in parallel."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.support.processes import Sandbox

from .asking import QUALIFICATIONS

KINDS = ("throttled", "unexpected", "unavailable", "reset", "lost", "half")
PLAN = [{"kind": kind, "probability": 0.15, "operation": "*", "times": 20} for kind in KINDS]
ROUNDS = 60


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with a plan."""
    found = tmp_path / "faults.json"
    found.write_text(json.dumps(PLAN))
    return found


def seen(sandbox: Sandbox, path: str) -> str:
    """Return what came of a read."""
    try:
        answer = sandbox.call("GET", path)
    except httpx2.TransportError as error:
        return type(error).__name__
    return f"{answer.status_code}"


def run(sandbox: Sandbox) -> list[str]:
    """Return what came of a run of reads, one after another."""
    sandbox.token()
    return [seen(sandbox, path) for _ in range(ROUNDS) for path in ("/v1/customers", QUALIFICATIONS)]


def test_another_process_repeats_it(file: Path) -> None:
    """By the seed that the first one logged and shows; another seed brings another run."""
    sequences = []
    with Sandbox("--faults", str(file)) as first:
        seed = first.http.get("/sandbox/faults").json()["seed"]
        logged = [json.loads(line) for line in first.log().splitlines()]
        assert [line["seed"] for line in logged if "--faults-seed" in line["event"]] == [seed]
        sequences.append(run_after_token(first, seed))
    for again in (seed, seed + 1):
        with Sandbox("--faults", str(file), "--faults-seed", str(again)) as other:
            sequences.append(run_after_token(other, again))
    assert sequences[0] == sequences[1] != sequences[2]
    assert {"200", "429", "500", "503", "ReadError", "RemoteProtocolError"} <= set(sequences[0])


def run_after_token(sandbox: Sandbox, seed: int) -> list[str]:
    """Return a run that begins when a token is at hand."""
    sandbox.http.delete("/sandbox/faults").raise_for_status()
    sandbox.token()
    sandbox.reset()
    assert sandbox.http.get("/sandbox/faults").json()["seed"] == seed
    return run(sandbox)


async def test_parallel_operations_do_not_disturb_each_other(sandbox: Sandbox) -> None:
    """Two operations, each with faults of its own: the sequence of each is the same alone and at once."""
    names = {"list_customers": "/v1/customers", "list_qualifications": QUALIFICATIONS}
    sandbox.token()
    faults = [{"kind": "unexpected", "probability": 0.5, "operation": name} for name in names]
    sandbox.http.post("/sandbox/faults", json=faults).raise_for_status()

    async def reads(path: str) -> list[int]:
        headers = {"Authorization": f"Bearer {sandbox.token()}"}
        async with httpx2.AsyncClient(base_url=sandbox.base, headers=headers, timeout=30) as http:
            return [(await http.get(path)).status_code for _ in range(40)]

    sandbox.http.put("/sandbox/faults/seed", json={"seed": 11}).raise_for_status()
    alone = [await reads(path) for path in names.values()]
    sandbox.http.put("/sandbox/faults/seed", json={"seed": 11}).raise_for_status()
    assert list(await asyncio.gather(*map(reads, names.values()))) == alone
    assert alone[0] != alone[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("{", "is not valid JSON: give a fault, or a list of them."),
        ('[{"kind": "lose"}]', "--faults: fault 1 of 1: kind must be one of throttled,"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str | None, sentence: str) -> None:
    """The sandbox does not start, and says why."""
    file = tmp_path / "faults.json"
    if text is not None:
        file.write_text(text)
    command = [sys.executable, "-m", "vetline", "sandbox", "--port", "0", "--faults", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0
    assert sentence in " ".join(done.stderr.split())
