"""A port is one sandbox's alone, from the moment that it was chosen."""

import subprocess
import sys

from tests.support.processes import Sandbox


def test_of_many_that_start_at_once_one_gets_the_port() -> None:
    """The others say that it is taken. The server itself would share it, and requests would go to either."""
    with Sandbox() as first:
        port = first.base.rpartition(":")[2]
    command = [sys.executable, "-m", "vetline", "sandbox", "--port", port, "--log-level", "error"]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(5)]
    try:
        losers = [_ended(one) for one in started]
        assert sum(told is None for told in losers) == 1
        assert all(told is None or f"Port {port} on 127.0.0.1 is taken" in told for told in losers)
    finally:
        for one in started:
            one.kill()
            one.communicate()


def test_it_listens_elsewhere_when_it_is_told_to_and_warns() -> None:
    """In a container it has to listen on every address; clients still find it on this machine."""
    with Sandbox("--host", "0.0.0.0") as sandbox:
        assert sandbox.base.startswith("http://127.0.0.1:")
        assert sandbox.call("GET", "/v1/customers").status_code == 200
        assert "anybody who reaches this address can be anybody" in sandbox.log()


def _ended(process: "subprocess.Popen[str]") -> str | None:
    """Return what a process said before it ended; `None` when it serves."""
    assert process.stdout is not None
    assert process.stderr is not None
    return None if process.stdout.readline().startswith("ready ") else process.stderr.read()
