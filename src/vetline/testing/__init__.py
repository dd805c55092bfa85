"""What a test suite uses: a sandbox that is started and ended for it, and worlds in that, one for each test.

The names are loaded when they are first asked for. With pytest nothing has to be imported: see `plugin`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vetline.testing.errors import SandboxError as SandboxError
    from vetline.testing.process import SandboxProcess as SandboxProcess
    from vetline.testing.process import sandbox as sandbox
    from vetline.testing.sandboxes import Sandbox as Sandbox
    from vetline.testing.world import World as World

_HOMES = {
    "Sandbox": "vetline.testing.sandboxes",
    "SandboxError": "vetline.testing.errors",
    "SandboxProcess": "vetline.testing.process",
    "World": "vetline.testing.world",
    "sandbox": "vetline.testing.process",
}

__all__ = [*_HOMES]


def __dir__() -> list[str]:
    """Return the names that are loaded and those that can be."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Load one of the names."""
    if name not in _HOMES:
        raise AttributeError(f"module 'vetline.testing' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
