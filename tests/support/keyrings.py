"""A keyring that works, for processes under test: `PYTHON_KEYRING_BACKEND=tests.support.keyrings.FileKeyring`."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class FileKeyring(KeyringBackend):
    """Keeps passwords in the file that KEYRING_FILE names."""

    priority = 1

    def _all(self) -> dict[str, str]:
        file = Path(os.environ["KEYRING_FILE"])
        found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return found

    def _write(self, passwords: dict[str, str]) -> None:
        Path(os.environ["KEYRING_FILE"]).write_text(json.dumps(passwords), "utf-8")

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password."""
        return self._all().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""
        self._write(self._all() | {f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""
        self._write({name: kept for name, kept in self._all().items() if name != f"{service}/{username}"})


class ForgetfulKeyring(FileKeyring):
    """Takes every password and keeps none, as keyring's null backend does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Forget it at once."""
