"""What goes wrong in a world on purpose, and what was really asked there: thin calls of the control routes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from vetline.testing.control import Control
from vetline.testing.errors import SandboxError

_NOT_VERIFIED = 406


class Faults:
    """The faults of one world; docs/sandbox-faults.md has their kinds.

    Parameters:
        control: the world's routes.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def add(self, kind: str, operation: str = "*", **members: Any) -> None:
        """Have requests go wrong.

        Parameters:
            kind: such as ``throttled`` or ``lost``.
            operation: at which requests, such as ``list_customers`` or ``POST /v1/customers/*/qualifications``.
            members: how often and how, such as ``times=2`` or ``retry_after_seconds=3``.

        Raises:
            SandboxError: there is no such fault.
        """
        self._control.ask("POST", "/faults", {"kind": kind, "operation": operation, **_camel(members)})

    def shown(self) -> list[dict[str, Any]]:
        """Return the faults, each with how many requests it has seen and struck."""
        found: list[dict[str, Any]] = self._control.ask("GET", "/faults")["faults"]
        return found

    def begin_again(self, seed: int) -> None:
        """Have the same faults again from a seed, with nothing seen and nothing struck."""
        self._control.ask("PUT", "/faults/seed", {"seed": seed})

    def clear(self) -> None:
        """End all faults."""
        self._control.ask("DELETE", "/faults")

    def __repr__(self) -> str:
        """Return whose they are."""
        return f"Faults({self._control.prefix!r})"


class Journal:
    """What was asked in one world, and what was answered; docs/sandbox-sight.md has the criteria.

    Parameters:
        control: the world's routes.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def search(self, **criteria: Any) -> list[dict[str, Any]]:
        """Return the latest exchanges that meet all criteria, the oldest of them first.

        Parameters:
            criteria: such as ``method="POST"``, ``path="/v1/*"``, ``status="4xx"``, ``body_contains="K12"``.

        Raises:
            SandboxError: there is no such criterion.
        """
        found: list[dict[str, Any]] = self._control.ask("GET", f"/journal?{urlencode(_camel(criteria))}")["exchanges"]
        return found

    def verify(self, **criteria: Any) -> None:
        """Return when something was asked as often as expected.

        Parameters:
            criteria: those of `search`, and ``times=``, or ``at_least=`` and ``at_most=``.

        Raises:
            AssertionError: it was not; the sentence says what was asked instead.
            SandboxError: there is no such criterion.
        """
        try:
            self._control.ask("POST", "/journal/verify", _camel(criteria))
        except SandboxError as error:
            if error.status != _NOT_VERIFIED:
                raise
            raise AssertionError(str(error)) from error

    def clear(self) -> None:
        """Forget everything."""
        self._control.ask("DELETE", "/journal")

    def __repr__(self) -> str:
        """Return whose it is."""
        return f"Journal({self._control.prefix!r})"


def _camel(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return members under the names that they have in JSON."""
    return {_camel_name(name): value for name, value in members.items()}


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
