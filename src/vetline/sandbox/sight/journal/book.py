"""Where exchanges are kept: in memory, in the order in which they came; when there are too many, the oldest go."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from vetline.sandbox.sight.journal.exchange import Exchange
from vetline.sandbox.sight.journal.follower import Follower

MOST = 10_000
MOST_BYTES = 24 * 1024 * 1024


class Book:
    """The exchanges of one world.

    Parameters:
        most: how many are kept.
        most_bytes: how many bytes they may take, roughly.

    Attributes:
        forgotten: how many are gone because there were too many.
    """

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self.forgotten = 0
        self._kept: OrderedDict[int, Exchange] = OrderedDict()
        self._weights: dict[int, int] = {}
        self._bytes = 0
        self._last = 0
        self._followers: set[Follower] = set()

    def __iter__(self) -> Iterator[Exchange]:
        """Yield what is kept, the oldest first."""
        return iter(list(self._kept.values()))

    def __reversed__(self) -> Iterator[Exchange]:
        """Yield what is kept, the newest first."""
        return iter(list(reversed(self._kept.values())))

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """How many bytes they take, roughly."""
        return self._bytes

    def next_number(self) -> int:
        """Return the number of the next exchange. Numbers are never used again, also when the book is emptied."""
        self._last += 1
        return self._last

    def begin(self, exchange: Exchange) -> None:
        """Note a request that has come."""
        self._kept[exchange.number] = exchange
        if len(self._kept) > self.most:
            self._forget_oldest()

    def end(self, exchange: Exchange) -> None:
        """Note how it ended, and tell those who look on."""
        if exchange.number in self._kept:
            self._weights[exchange.number] = exchange.weight
            self._bytes += exchange.weight
            while self._bytes > self.most_bytes and len(self._kept) > 1:
                self._forget_oldest()
        for follower in self._followers:
            follower.tell(exchange)

    def find(self, number: int) -> Exchange | None:
        """Return an exchange; `None` when it is not there, or is forgotten."""
        return self._kept.get(number)

    def clear(self) -> None:
        """Forget everything; it does not count as forgotten for want of room."""
        self._kept.clear()
        self._weights.clear()
        self._bytes = self.forgotten = 0

    def close(self) -> None:
        """Let everybody go who looks on."""
        for follower in list(self._followers):
            follower.end()

    @contextmanager
    def follower(self) -> Iterator[Follower]:
        """Yield somebody who is told of every exchange from now on."""
        found = Follower()
        self._followers.add(found)
        try:
            yield found
        finally:
            self._followers.discard(found)

    @property
    def followers(self) -> int:
        """How many look on."""
        return len(self._followers)

    def _forget_oldest(self) -> None:
        number, _ = self._kept.popitem(last=False)
        self._bytes -= self._weights.pop(number, 0)
        self.forgotten += 1
