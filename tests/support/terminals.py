"""Commands at a terminal: a real pseudo-terminal, as wide as one likes."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence

_SECONDS = 30.0


def shown(
    command: Sequence[str], environment: Mapping[str, str], width: int = 80, typed: bytes = b"", after: str = ""
) -> tuple[int, str]:
    """Run a command at a terminal and return its exit code and everything that the terminal received.

    Parameters:
        width: of the terminal, in columns.
        typed: what the person types.
        after: the end of the prompt that the person waits for; what is typed too early may be thrown away.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environment))
    os.close(theirs)
    try:
        received = _until(ours, after) if after else b""
        os.write(ours, typed)
        received += b"".join(iter(lambda: _read(ours), b""))
        return process.wait(_SECONDS), received.decode()
    finally:
        os.close(ours)
        process.kill()
        process.wait(_SECONDS)


def _until(terminal: int, prompt: str) -> bytes:
    received = b""
    while prompt.encode() not in received:
        part = _read(terminal)
        assert part, f"it ended without asking: {received!r}"
        received += part
    return received


def _read(terminal: int) -> bytes:
    readable, _, _ = select.select([terminal], [], [], _SECONDS)
    assert readable, "it says nothing more and does not end"
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says so when the last writer has gone
        return b""
