"""The control routes of a world's review desk, under /sandbox/review."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.sandbox.control.requests import bad, check_local, members_of
from vetline.sandbox.steering.four_eyes import FourEyesSwitch
from vetline.vetting.words import FourEyes

_NAME: Final = "fourEyes"


class ReviewControl:
    """What a test may say of how its world is reviewed."""

    def __init__(self, switch: FourEyesSwitch) -> None:
        self._switch = switch

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/review", self.show, methods=["GET"]),
            SharedRoute("/sandbox/review", self.set, methods=["PUT"]),
        ]

    async def show(self, request: Request) -> Response:
        """Answer with the decisions that need a second reviewer."""
        check_local(request)
        return self._view()

    async def set(self, request: Request) -> Response:
        """Have other decisions need one."""
        members = await members_of(request)
        if set(members) != {_NAME.lower()}:
            raise bad(_what_to_send())
        self._switch.set(_four_eyes(members[_NAME.lower()]))
        return self._view()

    def _view(self) -> Response:
        return JSONResponse({_NAME: sorted(self._switch.wanted)})


def _four_eyes(value: Any) -> list[FourEyes]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one in set(FourEyes) for one in value):
        raise bad(_what_to_send())
    return [FourEyes(one) for one in value]


def _what_to_send() -> str:
    return f'send {{"{_NAME}": [...]}} with {", ".join(FourEyes)}, all of them, or none.'
