"""Runs a service as a command: its logs, its event loop, and the line that tells its address."""

import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn

from vetline.cli.failing import CliError


def stop(sentence: str) -> NoReturn:
    """End the command with a sentence that says what to change."""
    raise CliError(sentence)


def run(service: Coroutine[Any, Any, None], log_level: str, runner: Callable[..., None] | None = None) -> None:
    """Run a service to its end.

    Parameters:
        service: what to run.
        log_level: ``debug``, ``info``, ``warning`` or ``error``.
        runner: runs it; uvloop by default.

    Raises:
        CliError: it cannot start.
    """
    import uvloop

    from vetline.logs import configure_logs
    from vetline.settings import SettingsError
    from vetline.store.port import StoreError

    if log_level not in ("debug", "info", "warning", "error"):
        stop("log level must be debug, info, warning or error.")
    configure_logs(log_level)
    try:
        (runner or uvloop.run)(service)
    except (SettingsError, StoreError) as error:
        stop(str(error))


def ready(address: str) -> None:
    """Tell on stdout that an address answers."""
    sys.stdout.write(f"ready {address}\n")
    sys.stdout.flush()


def ready_by(file: Path | None) -> Callable[[str], None]:
    """Return what tells the address: the line on stdout, and a file for whoever reads no output."""

    def told(address: str) -> None:
        if file:
            from vetline.files import replace_file

            replace_file(file, f"{address}\n".encode())
        ready(address)

    return told
