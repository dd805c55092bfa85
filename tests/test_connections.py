"""As many connections as the system allows, also where a process begins with few files."""

import subprocess
import sys
from contextlib import ExitStack

import pytest

from tests.support.processes import Sandbox
from tests.support.sending import Sent, connection, head_of, speak
from vetline.connections import connections_possible

SCRIPT = """
import resource, sys
from vetline import connections
connections.MAX_CONNECTIONS = 400
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(connections.connections_possible(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "possible", "raised"),
    [
        pytest.param(128, 264, 200, 264, id="all-that-may-be"),
        pytest.param(128, 1_000, 400, 464, id="all-that-is-wanted"),
        pytest.param(900, 1_000, 400, 900, id="enough-already"),
        pytest.param(32, 32, 1, 32, id="hardly-any"),
    ],
)
def test_the_soft_limit_is_raised(soft: int, hard: int, possible: int, raised: int) -> None:
    """To what is wanted, never beyond the hard limit, and never down."""
    command = [sys.executable, "-c", SCRIPT, str(soft), str(hard)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [int(part) for part in done.stdout.split()] == [possible, raised]


def test_clients_that_keep_their_connections_hold_nobody_up(sandbox: Sandbox) -> None:
    """A thousand and more that have been answered and stay connected leave the service to everybody else."""
    connections_possible()  # each is a file of ours too
    head = head_of(sandbox.base, Sent("GET", "/healthz", {}))
    with ExitStack() as stack:
        for _ in range(1_200):
            plug = stack.enter_context(connection(sandbox.base))
            plug.settimeout(5)
            assert speak(plug, head, b"").status == 200
