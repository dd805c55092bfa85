"""Production has no journal, no scorecard and no pages of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.service import Service
from tests.support.authority import Authority


def test_serve_has_none_of_it(tmp_path: Path) -> None:
    with Authority() as issuer, Service(issuer, tmp_path / "vetline.db", {}) as service:
        for path in ("journal", "journal/", "journal/1", "journal/stream", "scorecard", "scorecard/", "scorecard.xml"):
            answer = service.http.get(f"/sandbox/{path}")
            assert (answer.status_code, answer.json()["errorName"]) == (404, "NotFound"), path
        for path in ("journal/verify", "scorecard/probes"):
            assert service.http.post(f"/sandbox/{path}", json={}).status_code == 404
        assert service.http.get("/sandbox/sight/sight.js").status_code == 404
        service.stop()


@pytest.mark.parametrize("room", ["journal", "scorecard"])
def test_nothing_but_the_sandbox_knows_of_it(room: str) -> None:
    """What production runs does not even load it."""
    script = f"import sys, vetline.production; sys.exit('vetline.sandbox.{room}' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
