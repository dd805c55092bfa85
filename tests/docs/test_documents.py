"""The documents say what is: generated sections are fresh, links lead somewhere, everything is mentioned."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docs.commandline import commands
from docs.generate import regenerated

from tests.support.processes import Sandbox
from vetline import __version__

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
_LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]+))?\)")
_RUNNABLE = re.compile(r"```(bash|python) run\n(.*?)```", re.DOTALL)


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_generated_sections_are_fresh(document: Path) -> None:
    """What is made from the code is what the code says now; `make docs` writes it anew."""
    text = document.read_text("utf-8")
    assert regenerated(text) == text


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link names a file that is there, and a heading in it."""
    for name, anchor in _LINK.findall(document.read_text("utf-8")):
        target = (document.parent / name) if name else document
        assert target.exists(), name
        if anchor:
            assert anchor in _anchors(target), anchor


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_documented(name: str, command: Any) -> None:
    """Each has its own section in docs/cli.md, which names every option, and an example that it is typed in."""
    section = (ROOT / "docs" / "cli.md").read_text("utf-8").partition(f"### {name}\n")[2].partition("\n### ")[0]
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    assert {option for option in options if f"`{option}" not in section and f" {option}" not in section} == set()
    assert command.help
    assert name in section.partition("```sh\n")[2], "no example"


def test_readme_is_short_and_the_changelog_knows_the_version() -> None:
    """A newcomer reads under 120 lines, and finds what this version brings."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 120
    assert f"\n## {__version__}\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_readme_quotes_the_triages_figures() -> None:
    """The table in the README is what `make triage` prints."""
    done = subprocess.run([sys.executable, "-m", "bench.triage"], capture_output=True, text=True, check=True, cwd=ROOT)
    readme = (ROOT / "README.md").read_text("utf-8")
    for kind, row in {"university": "universities (90)", "hostile": "hostile websites (119)"}.items():
        found = re.search(rf"^\s*{kind}\s+(\d+)\s+(\d+)\s+(\d+)\s+\d+\s+(\d+)\s*$", done.stdout, re.MULTILINE)
        assert found, done.stdout
        assert f"| {row} | {found[1]} | {found[2]} | {found[3]} | {found[4]} |" in readme


@pytest.mark.parametrize("document", [one for one in DOCUMENTS if _RUNNABLE.search(one.read_text("utf-8"))], ids=_named)
def test_examples_in_the_documents_run(sandbox: Sandbox, document: Path) -> None:
    """Each runnable block is run as a reader would run it, against a sandbox."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "BASE": sandbox.base}
    for language, block in _RUNNABLE.findall(document.read_text("utf-8")):
        client = {"VETLINE_BASE_URL": sandbox.base, "VETLINE_ACCESS_TOKEN": sandbox.token()}
        more = client if language == "python" else {}
        done = subprocess.run(
            [*_INTERPRETERS[language], block], capture_output=True, text=True, check=False, env=environment | more
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"


_INTERPRETERS = {
    "bash": ("bash", "-euo", "pipefail", "-c"),
    "python": (sys.executable, "-W", "error", "-c"),
}
