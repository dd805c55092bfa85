"""A world's clock and its vetting in a test's hand: thin calls of the control routes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from vetline.testing.control import Control


class Clock:
    """The time of one world.

    Parameters:
        control: the world's routes.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def now(self) -> datetime:
        """Return the world's moment, in UTC."""
        return _moment(self._control.ask("GET", "/clock"))

    def advance(self, by: str | timedelta | float) -> datetime:
        """Move forward, and return the moment then; what becomes due is done before.

        Parameters:
            by: such as ``"3 business days"``, ``"36 hours"``, a `timedelta`, or seconds.

        Raises:
            SandboxError: it cannot be understood, or is too far.
        """
        if isinstance(by, str):
            return self._moved(advance=by)
        return self._moved(advanceSeconds=by.total_seconds() if isinstance(by, timedelta) else by)

    def move_to(self, moment: datetime) -> datetime:
        """Move forward to a moment, which has a zone.

        Raises:
            SandboxError: it is past, too far, or has no zone.
        """
        return self._moved(to=moment.isoformat())

    def freeze(self) -> datetime:
        """Stand still; it can be moved all the same."""
        return self._moved(frozen=True)

    def let_go(self) -> datetime:
        """Run again."""
        return self._moved(frozen=False)

    def _moved(self, **members: Any) -> datetime:
        return _moment(self._control.ask("POST", "/clock", members))

    def __repr__(self) -> str:
        """Return whose it is."""
        return f"Clock({self._control.prefix!r})"


class Vetting:
    """The vetting modes of one world.

    Parameters:
        control: the world's routes.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def mode(self, mode: str, *, domain: str = "", customer: str = "", partner: str = "") -> None:
        """Give a mode to everybody, or to whom it is for.

        Parameters:
            mode: ``auto``, ``immediate``, ``after:SECONDS``, ``after-polls:N`` or ``by-hand``.
            domain: a pattern of customers' domains, such as ``*.edu``.
            customer, partner: their ids.

        Raises:
            SandboxError: there is no such mode.
        """
        self._control.ask("PUT", "/vetting", {"mode": mode} | whom(domain, customer, partner))

    def four_eyes(self, *decisions: str) -> None:
        """Have some decisions of reviewers need a second one; none without an argument.

        Parameters:
            decisions: ``denials``, ``government``.

        Raises:
            SandboxError: there are no such decisions.
        """
        self._control.ask("PUT", "/review", {"fourEyes": decisions})

    def reset(self) -> None:
        """Have the mode that the world began with, for everybody, and no decision laid down."""
        self._control.ask("DELETE", "/vetting")

    def shown(self) -> dict[str, Any]:
        """Return the modes, and the decisions that wait for their screening."""
        found: dict[str, Any] = self._control.ask("GET", "/vetting")
        return found

    def __repr__(self) -> str:
        """Return whose it is."""
        return f"Vetting({self._control.prefix!r})"


def whom(domain: str, customer: str, partner: str) -> dict[str, str]:
    """Return the members that say whom a wish is about; what is empty means everybody."""
    named = {"domain": domain, "customerId": customer, "partnerTenantId": partner}
    return {name: value for name, value in named.items() if value}


def _moment(answer: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(answer["now"])
