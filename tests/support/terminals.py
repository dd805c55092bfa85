"""Commands at a terminal: a real pseudo-terminal, as wide as one likes."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence


def shown(
    command: Sequence[str], environment: Mapping[str, str], width: int = 80, typed: bytes = b""
) -> tuple[int, str]:
    """Run a command at a terminal and return its exit code and everything that the terminal received.

    Parameters:
        width: of the terminal, in columns.
        typed: what the person types.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environment))
    os.close(theirs)
    os.write(ours, typed)
    received = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return process.wait(30), received.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says so when the last writer has gone
        return b""
