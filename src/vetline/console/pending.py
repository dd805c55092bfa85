"""Sign-ins that were begun, kept by the browser that began them: whoever comes back from another one is a stranger."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
from starlette.responses import Response

from vetline.clock import Clock
from vetline.console.seal import Seal
from vetline.identity.signing_in import Attempt

# Long enough to find the telephone with the second factor.
LIVES = timedelta(minutes=15)


class Pending(msgspec.Struct, array_like=True, frozen=True):
    """A sign-in that was begun.

    Parameters:
        attempt: what the issuer was told of it.
        way_back: where to go afterwards, a page of ours.
        until: when it is over, in seconds since 1970.
    """

    attempt: Attempt
    way_back: str
    until: int


class PendingKeeper:
    """Has browsers keep the sign-ins that they began.

    Parameters:
        secret: what all processes share, at least 32 characters.
        clock: the machine's own.
        secure: whether browsers come by https.
    """

    def __init__(self, secret: str, clock: Clock, *, secure: bool) -> None:
        self._seal = Seal(secret, "sign-in 1", Pending)
        self._clock = clock
        self._secure = secure
        self.cookie = "__Host-vetline-sign-in" if secure else "vetline-sign-in"

    def begin(self, way_back: str) -> Pending:
        """Return a new one."""
        return Pending(Attempt.begun(), way_back, int((self._clock.now() + LIVES).timestamp()))

    def give(self, response: Response, pending: Pending) -> None:
        """Have the browser keep it."""
        self._set(response, self._seal.close(pending), int(LIVES.total_seconds()))

    def take_away(self, response: Response) -> None:
        """Have the browser forget it."""
        self._set(response, "", 0)

    def find(self, cookies: Mapping[str, str]) -> Pending | None:
        """Return what the browser keeps; `None` for nothing, and for what is over."""
        found = self._seal.open(cookies.get(self.cookie, ""))
        return found if found and self._clock.now().timestamp() < found.until else None

    def _set(self, response: Response, value: str, max_age: int) -> None:
        # Lax: the way back from the issuer is a navigation from another site.
        response.set_cookie(
            self.cookie, value, max_age=max_age, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
