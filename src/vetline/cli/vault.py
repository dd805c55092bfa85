"""Where secrets and refresh tokens are: the system's keyring where one works, else a file for its owner's eyes.

Which of both is decided at the login and stands in the profile, so that a secret is never looked for in two places.
"""

import os
import stat
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from vetline.cli import exits
from vetline.cli.failing import CliError
from vetline.cli.locking import held
from vetline.cli.profiles import Keeper, folder, private_folder
from vetline.files import replace_file

SERVICE: Final = "vetline"


class Vault(Protocol):
    """Keeps one secret for each profile."""

    def get(self, name: str) -> str:
        """Return a profile's secret.

        Raises:
            CliError: there is none, or it cannot be had.
        """
        ...

    def put(self, name: str, secret: str) -> None:
        """Keep a profile's secret; it is on disk, or with the keyring, when this returns.

        Raises:
            CliError: it cannot be kept.
        """
        ...

    def drop(self, name: str) -> None:
        """Forget a profile's secret, if there is one."""
        ...


def vault_of(keeper: Keeper) -> Vault:
    """Return the vault that a profile names."""
    return KeyringVault() if keeper == "keyring" else FileVault(folder() / "secrets.json")


def keep(name: str, secret: str) -> tuple[Keeper, str]:
    """Keep a new profile's secret where that works; return where, and a sentence about it."""
    try:
        KeyringVault().put(name, secret)
    except CliError as error:
        FileVault(file := folder() / "secrets.json").put(name, secret)
        return "file", f"The secret is in {file}, for your eyes alone. ({error})"
    FileVault(folder() / "secrets.json").drop(name)
    return "keyring", "The secret is in the system's keyring."


class KeyringVault:
    """The system's keyring: Secret Service, KWallet, the macOS keychain, the Windows credential locker."""

    def get(self, name: str) -> str:
        """Return a profile's secret."""
        try:
            secret = self._keyring().get_password(SERVICE, name)
        except Exception as error:  # backends are plugins, and raise what they like
            raise CliError(f"The keyring does not give the secret: {_said(error)}. Unlock it.", exits.LOGIN) from error
        return secret or _missing(name)

    def put(self, name: str, secret: str) -> None:
        """Keep a profile's secret, and see that it is there: some backends forget everything without a word."""
        try:
            ring = self._keyring()
            ring.set_password(SERVICE, name, secret)
            kept = ring.get_password(SERVICE, name) == secret
        except Exception as error:  # backends are plugins, and raise what they like
            raise CliError(f"No keyring works here: {_said(error)}", exits.LOGIN) from error
        if not kept:
            raise CliError("No keyring works here: it did not keep the secret", exits.LOGIN)

    def drop(self, name: str) -> None:
        """Forget a profile's secret."""
        try:
            ring = self._keyring()
            if ring.get_password(SERVICE, name) is not None:
                ring.delete_password(SERVICE, name)
        except Exception as error:  # backends are plugins, and raise what they like
            raise CliError(f"The keyring does not forget the secret of '{name}': {_said(error)}.") from error

    def _keyring(self) -> Any:
        import keyring

        return keyring.get_keyring()


def _said(error: Exception) -> str:
    """Return the first sentence of a backend's complaint."""
    return (str(error).partition(". ")[0].strip() or type(error).__name__).rstrip(".")[:200]


class FileVault:
    """A JSON file with mode 0600. One that others can read is refused: what it held is no secret any more.

    Parameters:
        file: where it is.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, name: str) -> str:
        """Return a profile's secret."""
        return self._all().get(name) or _missing(name)

    def put(self, name: str, secret: str) -> None:
        """Keep a profile's secret."""
        with held(self._file):
            self._write(self._all() | {name: secret})

    def drop(self, name: str) -> None:
        """Forget a profile's secret."""
        if not self._file.exists():
            return
        with held(self._file):
            self._write({kept: secret for kept, secret in self._all().items() if kept != name})

    def _all(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(read_private(self._file), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise CliError(f"The secrets in {self._file} cannot be read: {error.strerror}.") from error
        except msgspec.DecodeError as error:
            raise CliError(f"{self._file} is damaged: remove it, then `vetline login` again.") from error

    def _write(self, secrets: dict[str, str]) -> None:
        try:
            private_folder(self._file.parent)
            replace_file(self._file, msgspec.json.encode(secrets))
        except OSError as error:
            raise CliError(f"The secret cannot be written to {self._file}: {error.strerror}.") from error


def read_private(file: Path) -> bytes:
    """Return what is in a file that must be its owner's alone.

    Raises:
        OSError: it cannot be read.
        CliError: others can read it, or it is another user's.
    """
    with file.open("rb") as opened:
        found = os.fstat(opened.fileno())
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise CliError(
                f"Others can read {file}: its secrets may be known. Remove it, renew them, and `vetline login` again; "
                f"or `chmod 600 {file}` if you are sure.",
                exits.LOGIN,
            )
        if found.st_uid != os.geteuid():
            raise CliError(f"{file} belongs to another user: remove it, then `vetline login` again.", exits.LOGIN)
        return opened.read()


def _missing(name: str) -> str:
    raise CliError(f"The secret of the profile '{name}' is gone: `vetline login --profile {name}`.", exits.LOGIN)
