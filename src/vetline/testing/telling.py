"""What a failing test's report says of its world."""

from collections.abc import Mapping
from typing import Any

from vetline.testing.errors import SandboxError
from vetline.testing.world import World

_LAST = 10


def told(world: World) -> str:
    """Return which world it is, and the last exchanges in it; never fails, whatever became of the sandbox."""
    lines = [f"{world.id} at {world.base_url} (control routes: {world.control.base_url}{world.control.prefix})"]
    try:
        lines += [_line(one) for one in world.journal.search(limit=_LAST)]
    except SandboxError as error:
        lines.append(f"no journal: {error}")
    return "\n".join(lines)


def _line(exchange: Mapping[str, Any]) -> str:
    told = (exchange["number"], exchange["method"], exchange["path"], exchange["status"] or exchange["ending"])
    return " ".join(map(str, told))
