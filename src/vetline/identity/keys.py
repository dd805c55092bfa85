"""Where verification keys come from. A source answers by key id; it alone decides when to look again.

Keys over HTTP are fetched by one request at a time, at most every thirty seconds however many unknown key ids arrive,
and outlive an issuer's outage by a day.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakMethod

from vetline.identity.jwks import KeysUnavailable, VerificationKey, read_keys

__all__ = ["Fetcher", "JwksOverHttp", "KeySource", "KeysUnavailable", "StaticKeys", "VerificationKey"]

# Entra rolls its keys without notice and asks to look again at least daily; hourly is kinder to an emergency.
# https://learn.microsoft.com/entra/identity-platform/signing-key-rollover
_LOOK_AGAIN_AFTER = timedelta(hours=1)
_BETWEEN_ATTEMPTS = timedelta(seconds=30)
_OUTLIVES_OUTAGE = timedelta(hours=24)

_log = logging.getLogger(__name__)


class KeySource(Protocol):
    """Finds an issuer's verification keys."""

    async def key(self, kid: str, now: datetime) -> VerificationKey | None:
        """Return the key named `kid`, or None when the issuer has none of that name.

        Raises:
            KeysUnavailable: it cannot be told, since the issuer does not answer.
        """
        ...

    def on_withdrawal(self, listener: Callable[[], None]) -> None:
        """Have `listener`, a method, called whenever a key is known no more, as long as its object lives."""
        ...


class _Keyring:
    """The keys held now, by id, and those who want to hear of a withdrawal."""

    def __init__(self) -> None:
        self.keys: dict[str, VerificationKey] = {}
        self._listeners: list[WeakMethod[Callable[[], None]]] = []

    def on_withdrawal(self, listener: Callable[[], None]) -> None:
        # A sandbox's keys outlive its worlds.
        self._listeners.append(WeakMethod(listener, self._listeners.remove))

    def replace(self, keys: dict[str, VerificationKey]) -> None:
        withdrawn = any(keys.get(kid) != key for kid, key in self.keys.items())
        self.keys = dict(keys)
        if withdrawn:
            for listener in [found() for found in self._listeners]:
                if listener:
                    listener()


class StaticKeys:
    """Keys that are handed over, not fetched: the sandbox's own issuer, and tests."""

    def __init__(self, keys: Iterable[VerificationKey] = ()) -> None:
        """Hold `keys`, each of which has a `kid`."""
        self._ring = _Keyring()
        self.replace(keys)

    async def key(self, kid: str, now: datetime) -> VerificationKey | None:
        """Return the key named `kid`, or None."""
        return self._ring.keys.get(kid)

    def on_withdrawal(self, listener: Callable[[], None]) -> None:
        """Have `listener` called whenever `replace` drops or changes a key."""
        self._ring.on_withdrawal(listener)

    def replace(self, keys: Iterable[VerificationKey]) -> None:
        """Hold `keys` instead of those held so far."""
        self._ring.replace({key.kid: key for key in keys if key.kid})


class Fetcher(Protocol):
    """Gets the text of a key set."""

    async def fetch(self) -> bytes:
        """Return the JSON text of the key set.

        Raises:
            KeysUnavailable: it could not be had.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


class JwksOverHttp:
    """The keys an issuer publishes, fetched when first asked for and looked at again every hour.

    A key id not seen before causes one fetch, at most every thirty seconds: so a rotation is noticed at once, and
    made-up key ids cannot be used to flood the issuer. `now` is the clock for all of this.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        """Fetch with `fetcher`: `JwksAt(url)` or `JwksDiscovered(configuration, issuer)`, in `fetching`."""
        self._fetcher = fetcher
        self._ring = _Keyring()
        self._fetched_at: datetime | None = None
        self._attempted_at: datetime | None = None
        self._reachable = False
        self._flight: asyncio.Task[None] | None = None

    async def key(self, kid: str, now: datetime) -> VerificationKey | None:
        """Return the key named `kid`, looking again first when it is unknown.

        Args:
            kid: the key id a token names.
            now: the moment.

        Returns:
            The key; None when the issuer publishes no such key, or it was looked for less than thirty seconds ago.

        Raises:
            KeysUnavailable: no key of that name is held and the issuer does not answer.
        """
        if self._is_usable(kid, now):
            if self._is_due(now):
                # Nobody waits for this one: the key held is good meanwhile.
                self._look_again(now)
            return self._ring.keys[kid]
        flight = self._look_again(now)
        if flight is not None:
            await asyncio.shield(flight)
        if self._is_usable(kid, now):
            return self._ring.keys[kid]
        if not self._reachable:
            raise KeysUnavailable("the issuer's keys could not be fetched")
        return None

    def on_withdrawal(self, listener: Callable[[], None]) -> None:
        """Have `listener` called whenever a fetch shows that a key was dropped or changed."""
        self._ring.on_withdrawal(listener)

    async def aclose(self) -> None:
        """Give up a fetch under way and close the connections."""
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.wait([self._flight])
        await self._fetcher.aclose()

    def _is_usable(self, kid: str, now: datetime) -> bool:
        fetched = self._fetched_at
        return kid in self._ring.keys and fetched is not None and now - fetched < _OUTLIVES_OUTAGE

    def _is_due(self, now: datetime) -> bool:
        return self._fetched_at is None or now - self._fetched_at >= _LOOK_AGAIN_AFTER

    def _look_again(self, now: datetime) -> asyncio.Task[None] | None:
        """Return the fetch under way, a new one, or None when the last attempt is too recent for another."""
        if self._flight is not None and not self._flight.done():
            return self._flight
        # abs(): a clock set back must not keep us from looking for as long as it was set back.
        if self._attempted_at is not None and abs(now - self._attempted_at) < _BETWEEN_ATTEMPTS:
            return None
        self._attempted_at = now
        self._flight = asyncio.create_task(self._fetch(now))
        return self._flight

    async def _fetch(self, now: datetime) -> None:
        try:
            keys = read_keys(await self._fetcher.fetch())
        except KeysUnavailable as error:
            self._reachable = False
            _log.warning("Keeping the %d keys held: %s", len(self._ring.keys), error)
            return
        self._reachable = True
        self._fetched_at = now
        self._ring.replace(keys)
