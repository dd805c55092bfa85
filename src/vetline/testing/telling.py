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
        found = world.control.ask("GET", f"/journal?limit={_LAST}")
        lines += [_line(one) for one in found["exchanges"]]
    except (SandboxError, KeyError, TypeError) as error:
        lines.append(f"no journal: {error}")
    return "\n".join(lines)


def _line(exchange: Mapping[str, Any]) -> str:
    return " ".join(str(exchange[name]) for name in ("number", "method", "path", "status") if name in exchange)
