"""What the generated sections say of the command line; it comes from the commands themselves."""

from collections.abc import Iterator
from typing import Any

import typer

from docs.markdown import table
from vetline.cli import exits
from vetline.cli.main import app


def cli() -> str:
    """Return every command with its options and examples."""
    return "\n\n".join(f"### {name}\n\n{_command(name, command)}" for name, command in commands())


def commands() -> Iterator[tuple[str, Any]]:
    """Return every command of the command line with its whole name, such as ``vetline codes list``."""
    waiting: list[tuple[str, Any]] = [("vetline", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop(0)
        inner = getattr(command, "commands", {})
        waiting[:0] = [(f"{name} {word}", one) for word, one in inner.items()]
        if not inner:
            yield name, command


def _command(name: str, command: Any) -> str:
    context = typer.Context(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    records = [one for one in (parameter.get_help_record(context) for parameter in command.params) if one]
    rows = [(f"`{what}`", " ".join(told.split())) for what, told in records]
    examples = (command.epilog or "").partition("Examples:\n")[2]
    typed = "\n".join(line.removeprefix("  ") for line in examples.splitlines())
    parts = [command.help, f"    {usage}", table(("", "what it says"), rows) if rows else "", f"```sh\n{typed}\n```"]
    return "\n\n".join(part for part in parts if part)


def exit_codes() -> str:
    """Return the exit codes."""
    return table(("code", "what it says"), ((f"`{code}`", meaning) for code, meaning in exits.MEANINGS.items()))
