"""A store is closed while the end of a read's snapshot is queued: nothing may use the connection meanwhile."""

import subprocess
import sys
from pathlib import Path

# In a process of its own, because what went wrong once was the interpreter's end.
_OPENED_READ_CLOSED = """
import asyncio, sys
from pathlib import Path
from vetline.store.sqlite.store import SqliteStore

async def main(folder):
    for turn in range(300):
        store = SqliteStore(folder / "some.db", durable=False)
        await store.codes("11111111-c0c0-4000-8000-000000000001")
        await store.close()

asyncio.run(main(Path(sys.argv[1])))
"""


def test_closing_right_after_a_read(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _OPENED_READ_CLOSED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
