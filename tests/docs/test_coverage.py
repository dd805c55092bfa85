"""The coverage list is true: a running sandbox is asked for each of its lines, and no operation is left out."""

import re
from pathlib import Path

import pytest
from docs.generate import every_route

from tests.support.processes import CONTOSO, Sandbox

ROOT = Path(__file__).parents[2]
_LINE = re.compile(r"^\| `([A-Z]+) (/\S*)` \| (done|partly|not) \|", re.MULTILINE)
LINES: list[tuple[str, str, str]] = _LINE.findall((ROOT / "docs" / "coverage.md").read_text("utf-8"))
_FILLED = {"tenant": CONTOSO, "id": "11111111-c0c0-4000-8000-000000000001", "number": "1"}


def is_there(sandbox: Sandbox, method: str, path: str) -> bool:
    """Whether an operation is there: its path refuses another method as one that it has not, and not this one."""
    filled = re.sub(r"{(\w+)}", lambda found: _FILLED.get(found[1], "ada@contoso.onmicrosoft.com"), path)
    return _status(sandbox, "PROPFIND", filled) == 405 and _status(sandbox, method, filled) != 405


def _status(sandbox: Sandbox, method: str, path: str) -> int:
    """Return the status of an answer, some of which never end."""
    headers = {"Authorization": f"Bearer {sandbox.token()}"}
    with sandbox.http.stream(method, path, headers=headers, json={}) as answer:
        return answer.status_code


@pytest.mark.parametrize(("method", "path", "state"), LINES)
def test_each_line_is_true(sandbox: Sandbox, method: str, path: str, state: str) -> None:
    """What is done, or partly done, is there; what is not, is not."""
    assert is_there(sandbox, method, path) is (state != "not")


def test_every_operation_has_its_line() -> None:
    """But for those of the review desk, which are not Partner Center's."""
    routes = {f"{one.method} {_anonymous(one.path)}" for one in every_route() if one.path.startswith("/v1/")}
    assert routes - _listed() == set()


def test_every_control_has_its_line() -> None:
    """As the sandbox's own modules define them; pages are none."""
    defined = re.compile(r'Route\("(/sandbox[^"]*[^"/])", self\.\w+(?:, methods=\["(\w+)"\])?\)')
    texts = (file.read_text("utf-8") for file in (ROOT / "src" / "vetline" / "sandbox").rglob("*.py"))
    found = {f"{method or 'GET'} {_anonymous(path)}" for text in texts for path, method in defined.findall(text)}
    assert len(found) > 10
    assert found - _listed() == set()


def _listed() -> set[str]:
    return {f"{method} {_anonymous(path)}" for method, path, _ in LINES}


def _anonymous(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)
