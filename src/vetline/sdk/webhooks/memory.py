"""What a verifier remembers: signers that held, and deliveries that were verified. Bounded, and safe between threads.

No I/O happens under a lock.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from vetline.sdk.webhooks.certificates import Signer

# A withdrawn certificate is believed for an hour at most, and Microsoft's server is asked once in that time.
_KEPT_FOR = timedelta(hours=1)
# A certificate may be renewed at its address. So a signature that does not fit fetches it anew, but a stranger with
# wrong signatures causes no more than one fetch in this time.
_FRESH_FOR = timedelta(minutes=5)
_MOST_SIGNERS = 16


class _Kept(NamedTuple):
    signer: Signer
    since: datetime


class Signers:
    """Signers by the address of their certificate."""

    def __init__(self) -> None:
        """Remember none."""
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def keep(self, url: str, signer: Signer, now: datetime) -> None:
        """Remember a signer; the oldest goes when there are too many."""
        with self._lock:
            self._kept[url] = _Kept(signer, now)
            self._kept.move_to_end(url)
            while len(self._kept) > _MOST_SIGNERS:
                self._kept.popitem(last=False)

    def at(self, url: str, now: datetime) -> Signer | None:
        """Return the signer whose certificate was found at `url` lately, if it is still valid."""
        kept = self._kept.get(url)
        if kept is None or not kept.since <= now < kept.since + _KEPT_FOR:
            return None
        return kept.signer if now <= kept.signer.valid_until else None

    def is_fresh(self, url: str, now: datetime) -> bool:
        """Whether the certificate at `url` was fetched so lately that it is not worth fetching again."""
        kept = self._kept.get(url)
        return kept is not None and kept.since <= now < kept.since + _FRESH_FOR


class Deliveries:
    """Deliveries that were verified, by their id."""

    def __init__(self, most: int) -> None:
        """Remember up to `most` deliveries, the oldest goes first; none with 0."""
        self._most = most
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def admit(self, delivery_id: str) -> bool:
        """Remember a delivery, and return whether it was not remembered already."""
        with self._lock:
            if delivery_id in self._seen:
                return False
            self._seen[delivery_id] = None
            while len(self._seen) > self._most:
                self._seen.popitem(last=False)
            return True

    def forget(self, delivery_id: str) -> None:
        """Let a delivery be admitted once more."""
        with self._lock:
            self._seen.pop(delivery_id, None)
