"""The control routes of a world's limits, under /sandbox/limits."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.sandbox.control.requests import bad, check_local, members_of
from vetline.sandbox.limits import Limits, LimitsSwitch
from vetline.wire.reading import Members, whole_number

_MOST = 1_000_000


class LimitsControl:
    """What a test may do to the limits of its world."""

    def __init__(self, switch: LimitsSwitch) -> None:
        self._switch = switch

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/limits", self.show, methods=["GET"]),
            SharedRoute("/sandbox/limits", self.set, methods=["PUT"]),
        ]

    async def show(self, request: Request) -> Response:
        """Answer with the limits that hold."""
        check_local(request)
        return self._view()

    async def set(self, request: Request) -> Response:
        """Let other limits hold: what is absent or null has none."""
        self._switch.set(limits_in(await members_of(request)))
        return self._view()

    def _view(self) -> Response:
        return JSONResponse(limits_view(self._switch.limits))


def limits_in(members: Members) -> Limits:
    """Return the limits that members say.

    Raises:
        FaultError: they are not understood.
    """
    if unknown := sorted(set(members) - {"customers", "requestsperminute"}):
        raise bad(f"'{unknown[0][:80]}' is no limit: send customers, requestsPerMinute, or both.")
    return Limits(_limit(members, "customers"), _limit(members, "requestsPerMinute"))


def limits_view(limits: Limits) -> dict[str, int | None]:
    """Return limits as they are shown, and sent."""
    return {"customers": limits.customers, "requestsPerMinute": limits.requests_per_minute}


def _limit(members: Members, name: str) -> int | None:
    value = members.get(name.lower())
    number = whole_number(value)
    if value is None:
        return None
    if number is None or not 1 <= number <= _MOST:
        raise bad(f"{name} must be a whole number from 1 to {_MOST}, or null for no limit.")
    return number
