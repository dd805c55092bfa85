"""An authority between a client and the sandbox's: it counts what is asked, and can make tokens end early."""

import json

import httpx2

from tests.support.answering import Answering, Asked, Said


class Forwarding(Answering):
    """Forwards to a sandbox's authority.

    Parameters:
        base: the sandbox.
    """

    def __init__(self, base: str) -> None:
        super().__init__(self._forwarded)
        self._base = base
        self.expires_in: int | None = None

    @property
    def token_requests(self) -> int:
        """How often a token was asked for; questions whether somebody has signed in do not count."""
        return sum(1 for asked in self.asked if asked.path.endswith("/token") and b"device_code" not in asked.body)

    def _forwarded(self, asked: Asked) -> Said:
        headers = {"Content-Type": asked.headers["Content-Type"]}
        answer = httpx2.request(asked.method, self._base + asked.path, content=asked.body, headers=headers)
        members = json.loads(answer.content)
        if "access_token" in members and self.expires_in is not None:
            members["expires_in"] = self.expires_in
        if "interval" in members:
            members["interval"] = 1
        return Said(answer.status_code, json.dumps(members).encode())
