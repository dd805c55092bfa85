"""Writes a small file whole or not at all. What it holds is for its owner's eyes, unless said otherwise."""

import os
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o644


def replace_file(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Put `content` where `path` is.

    Whoever is killed here, or finds the disk full, leaves the old content or the new one.

    Parameters:
        mode: who may read it, from its first byte on.

    Raises:
        OSError: it cannot be written; what was there is there still.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
