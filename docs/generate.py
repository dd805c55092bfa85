"""Writes the sections of the documents that are made from the code: `make docs`. The tests fail when one is stale.

A section stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import typer

from vetline.api.router import Route
from vetline.cli import exits
from vetline.cli.main import app
from vetline.clock import SystemClock
from vetline.reference.library import ReferenceLibrary
from vetline.settings import Settings
from vetline.vetting.transitions import STEPS_IN_WORDS, TRANSITIONS, state_diagram
from vetline.vetting.triage import RULES
from vetline.wire import words
from vetline.wire.faults import CATALOGUE
from vetline.wiring import Choices, furnish, open_store, routes

DOCS = Path(__file__).parent
_SECTION = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    cells = [list(header), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    cells.insert(1, ["---"] * len(cells[0]))
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


def operations() -> str:
    """Return every operation of the JSON interface."""
    return table(("operation", "what it does", "who may call it", "source"), map(_operation, every_route()))


def every_route() -> list[Route]:
    """Return the routes of a service that nobody calls."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/vetline.db", durable=False)
        found = routes(furnish(store, SystemClock(), ReferenceLibrary(), Choices()), Choices())
        asyncio.run(store.close())
    return found


def _operation(route: Route) -> tuple[str, str, str, str]:
    return f"`{route.method} {route.path}`", route.summary, route.needs.value, route.source


def faults() -> str:
    """Return the catalogue of errors."""
    rows = ((f"`{f.name}`", f.status, f"`{f.code}`", f.text, f.source) for f in CATALOGUE)
    return table(("errorName", "status", "code", "text", "source"), rows)


def states() -> str:
    """Return the life of a case as a diagram and as a table."""
    rows = ((here.value, step.value, there.value, STEPS_IN_WORDS[step]) for (here, step), there in TRANSITIONS.items())
    return f"```mermaid\n{state_diagram()}\n```\n\n" + table(("from", "step", "to", "what happens"), rows)


def rules() -> str:
    """Return the triage's rules in their order."""
    rows = (
        (number, f"`{rule.name}`", rule.outcome.value if rule.outcome else "evidence only", _first_line(rule.looks))
        for number, rule in enumerate(RULES, 1)
    )
    return table(("", "rule", "when it fires first", "when it fires"), rows)


def _first_line(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0]


def reasons() -> str:
    """Return the seven reasons."""
    return "\n".join(f"{number}. {reason}" for number, reason in enumerate(words.REASONS, 1))


def settings() -> str:
    """Return every setting of `vetline serve`."""
    rows = (
        (f"`{field.name}`", f"`VETLINE_{field.name.upper()}`", _shown(field.default), _told(field.name))
        for field in msgspec.structs.fields(Settings)
    )
    return table(("setting", "in the environment", "default", "what it says"), rows)


def _shown(default: object) -> str:
    shown = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return f"`{shown.lower() if isinstance(default, bool) else shown}`" if shown else ""


def _told(name: str) -> str:
    """Return what the docstring of `Settings` says of a field, in one line."""
    entries = re.split(r"\n        (?=[a-z_]+(?:, [a-z_]+)*: )", (Settings.__doc__ or "").partition("Parameters:")[2])
    for entry in entries:
        names, _, text = entry.strip().partition(": ")
        if name in names.split(", "):
            return " ".join(text.split()).replace("``", "`")
    raise ValueError(f"{name} is not documented in Settings")


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


SECTIONS: dict[str, Callable[[], str]] = {
    "operations": operations,
    "faults": faults,
    "states": states,
    "rules": rules,
    "reasons": reasons,
    "settings": settings,
    "cli": cli,
    "exits": exit_codes,
}


def regenerated(text: str) -> str:
    """Return a document with its generated sections made anew."""
    return _SECTION.sub(lambda found: f"{found[1]}{SECTIONS[found[2]]()}\n{found[3]}", text)


def main() -> int:
    """Rewrite every document that holds a generated section."""
    for document in sorted(DOCS.glob("*.md")):
        text = document.read_text("utf-8")
        document.write_text(regenerated(text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
