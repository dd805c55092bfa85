"""The way into a sandbox's pages: its own authority, its own people, and a key that lives as long as its data."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from vetline.files import replace_file
from vetline.sandbox.contents.directory import Directory
from vetline.sandbox.contents.seeds import CONSOLE_APPLICATION

if TYPE_CHECKING:
    from vetline.console.entrance import EntranceChoices


def entrance_choices(folder: Path, base: str, directory: Directory) -> "EntranceChoices":
    """Return who may come to the pages.

    Parameters:
        folder: where the key is kept.
        base: the address at which the sandbox is reached.
        directory: its people.
    """
    from vetline.console.entrance import EntranceChoices  # with all pages, when somebody asks for one

    return EntranceChoices(
        url=base,
        authority=f"{base}/organizations/v2.0",
        client_id=CONSOLE_APPLICATION,
        client_secret="",
        secret=_secret(folder / "console.key"),
        partners=frozenset(one.tenant_id for one in directory.partners),
        operators=frozenset({directory.desk.tenant_id}),
    )


def _secret(file: Path) -> str:
    """Return the key kept in a file; where there is none that serves, a new one."""
    from vetline.console.seal import SHORTEST_SECRET

    kept = file.read_bytes().decode("ascii", "replace") if file.exists() else ""
    if len(kept) < SHORTEST_SECRET:
        kept = secrets.token_urlsafe(48)
        replace_file(file, kept.encode())
    return kept
