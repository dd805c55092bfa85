"""Sessions of people at the pages: a sealed cookie, a new id at each sign-in, an absolute end, and an end for real.

What the browser brought before the sign-in is never kept. Time is the machine's, not the one that a sandbox can move:
nobody should be signed out because vetting was hurried.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec
from starlette.responses import Response

from vetline.clock import Clock
from vetline.console.person import Person
from vetline.console.seal import Seal, key_for
from vetline.desk.sessions import SessionDesk

LIVES = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Session:
    """One person in one browser.

    Parameters:
        person: who.
        id: new at each sign-in, and never shown.
        csrf: what each form of this session has to send along.
        ends_at: when it is over, whatever happens.
    """

    person: Person
    id: str
    csrf: str
    ends_at: datetime


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    """What the cookie holds."""

    id: str
    ends_at: int
    tenant: str
    user: str
    name: str
    roles: list[str]


class SessionKeeper:
    """Begins sessions, finds them again, and ends them.

    Parameters:
        secret: what all processes share, at least 32 characters.
        clock: the machine's own.
        desk: where ended sessions are remembered.
        secure: whether browsers come by https.
    """

    def __init__(self, secret: str, clock: Clock, desk: SessionDesk, *, secure: bool) -> None:
        self._seal = Seal(secret, "session 1", _Kept)
        self._csrf_key = key_for(secret, "csrf 1")
        self._clock = clock
        self._desk = desk
        self._secure = secure
        # With the prefix a browser takes it from this very host alone, by https: no neighbour can plant one.
        # https://www.rfc-editor.org/rfc/rfc6265bis#section-4.1.3.2
        self.cookie = "__Host-vetline" if secure else "vetline"

    def begin(self, person: Person) -> Session:
        """Return a new session, which nobody has seen before."""
        ends_at = self._clock.now().replace(microsecond=0) + LIVES
        return self._session(secrets.token_urlsafe(24), person, ends_at)

    def give(self, response: Response, session: Session) -> None:
        """Have the browser keep a session.

        Raises:
            ValueError: the person's particulars are too long for a cookie.
        """
        person = session.person
        ends = int(session.ends_at.timestamp())
        kept = _Kept(session.id, ends, person.tenant, person.user, person.name, sorted(person.roles))
        # Without an age it goes when the browser is closed; the end within counts in any case.
        self._set(response, self._seal.close(kept))

    def take_away(self, response: Response) -> None:
        """Have the browser forget its session."""
        self._set(response, "", max_age=0)

    async def find(self, cookies: Mapping[str, str]) -> Session | None:
        """Return the session that a request's cookies prove; `None` for none, and for one that is over or was ended.

        Raises:
            UnavailableError: the database cannot tell whether it was ended.
        """
        kept = self._seal.open(cookies.get(self.cookie, ""))
        if kept is None or self._clock.now().timestamp() >= kept.ends_at:
            return None
        if await self._desk.has_ended(kept.tenant, kept.id):
            return None
        person = Person(kept.tenant, kept.user, kept.name, frozenset(kept.roles))
        return self._session(kept.id, person, datetime.fromtimestamp(kept.ends_at, UTC))

    async def end(self, session: Session) -> None:
        """End a session for real: whoever holds a copy of its cookie is signed out too.

        Raises:
            UnavailableError: it could not be remembered, so the session goes on.
        """
        await self._desk.end(session.person.tenant, session.id, session.ends_at)

    def _session(self, name: str, person: Person, ends_at: datetime) -> Session:
        csrf = hmac.new(self._csrf_key, name.encode(), sha256).hexdigest()
        return Session(person, name, csrf, ends_at)

    def _set(self, response: Response, value: str, max_age: int | None = None) -> None:
        # Path=/ is what the prefix demands. Lax: the way back from the issuer is a navigation from another site.
        response.set_cookie(
            self.cookie, value, max_age=max_age, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
