"""Several processes serve one address: each has its share, and any of them tells what all have counted."""

import os
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.supervision.conftest import Serve
from tests.supervision.together import Together, lives, until
from tests.support.authority import Authority

REQUESTS = 200


def test_each_process_has_its_share(serve: Serve) -> None:
    """New connections are spread over all of them, and every request is counted once, whoever is asked."""
    service = serve(workers="3")
    customer = service.customer()
    before = service.counted().total()
    for _ in range(REQUESTS):
        assert service.afresh(customer).status_code == 200
    counted = service.counted()
    assert counted.total() - before == REQUESTS
    assert set(counted) == {"0", "1", "2"}
    assert min(counted.values()) > REQUESTS / 3 / 3
    assert [service.counted() for _ in range(20)] == [counted] * 20


def test_there_is_one_ready_line(serve: Serve) -> None:
    """Who starts it reads one line, and nothing after it."""
    service = serve()
    assert service.process.stdout is not None
    assert len(service.pids) == 2
    service.process.terminate()
    assert service.process.stdout.read() == ""
    assert service.stop() == 0


def test_metrics_leave_out_who_hangs(serve: Serve) -> None:
    """A process that does not answer in time is not in /metrics; the others are."""
    service = serve(workers="3")
    service.freeze_one("1")

    def without() -> bool:
        try:
            text = service.http.get("/metrics", headers={"Connection": "close"}, timeout=4).text
        except httpx2.TransportError:  # the connection came to the one that hangs
            return False
        return 'process="1"' not in text and 'process="0"' in text and 'process="2"' in text

    until(without, "nobody shows the others alone", 60)


def test_one_process_has_no_label(serve: Serve) -> None:
    """A service of one process counts as it always has."""
    service = serve(workers="1")
    service.afresh(service.customer())
    assert "process=" not in service.http.get("/metrics").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"VETLINE_WORKERS": "0"}, "workers must be from 1 to 256."),
        ({"VETLINE_WORKERS": "10000"}, "workers must be from 1 to 256."),
        ({"VETLINE_DRAIN_SECONDS": "-1"}, "drain_seconds must be from 0 to 600."),
        ({"VETLINE_ISSUERS": ""}, "No issuer is configured"),
        ({"VETLINE_DATABASE_URL": "mysql://x"}, "is not understood"),
        ({"VETLINE_OVERRIDES": "/nowhere.csv"}, "overrides: "),
    ],
)
def test_bad_settings_are_told_once(
    authority: Authority, tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    """What is wrong is found before any process is started: one sentence, exit code 2."""
    url = {"VETLINE_DATABASE_URL": f"sqlite:///{tmp_path}/vetline.db", "VETLINE_WORKERS": "2"}
    done = _serve(authority.settings | url | changes, "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.count("vetline: ") == 1


def test_port_of_another_is_refused(serve: Serve, authority: Authority, tmp_path: Path) -> None:
    """Its own processes share a port; a second service does not get in among them."""
    service = serve()
    port = service.base.rpartition(":")[2]
    url = {"VETLINE_DATABASE_URL": f"sqlite:///{tmp_path}/other.db", "VETLINE_WORKERS": "2"}
    done = _serve(authority.settings | url, "--port", port)
    assert done.returncode == 2
    assert "is taken by another program" in done.stderr


def _serve(settings: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "vetline", "serve", *arguments]
    return subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, timeout=30, check=False
    )


def test_all_end_together(serve: Serve) -> None:
    """SIGTERM to the parent ends all of them well."""
    service: Together = serve(workers="3")
    pids = service.pids.values()
    assert service.stop() == 0
    assert not any(map(lives, pids))
