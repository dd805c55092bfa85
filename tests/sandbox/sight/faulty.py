"""A sandbox whose answers a test can spoil, inside of the journal: `python -m tests.sandbox.sight.faulty` starts it.

What is spoilt, a test says by `PUT /sandbox/spoilt`: a list of `{"method", "path", "status", "headers"}`, each for one
request whose path ends so; with the status 0 the connection ends in the middle of the answer.
"""

from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

import vetline.sandbox.world
from vetline.api.app import Asgi, Scope, Send
from vetline.api.reading import Receive
from vetline.cli.main import main
from vetline.sandbox.sight import Sight


class Spoilt:
    """Answers some requests itself, as it was told to."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._told: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] == "/sandbox/spoilt":
            self._told = msgspec.json.decode(await Request(scope, receive).body())
            await Response(status_code=204)(scope, receive, send)
            return
        found = next((one for one in self._told if _meant(one, scope)), None)
        if found is None:
            await self._app(scope, receive, send)
            return
        self._told.remove(found)
        await _answer(found, scope, receive, send)


def _meant(one: dict[str, Any], scope: Scope) -> bool:
    return bool(scope["method"] == one["method"] and scope["path"].endswith(one["path"]))


async def _answer(one: dict[str, Any], scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive).body()
    if one["status"] == 0:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionResetError("spoilt")
    body = {"statusCode": one["status"], "message": HTTPStatus(one["status"]).phrase}
    await Response(msgspec.json.encode(body), one["status"], one.get("headers"))(scope, receive, send)


class FaultySight(Sight):
    """The journal, with what spoils answers inside of it."""

    def around(self, app: Asgi) -> Asgi:
        """Return an application with both around it."""
        return super().around(Spoilt(app))


if __name__ == "__main__":
    vars(vetline.sandbox.world)["Sight"] = FaultySight
    main()
