"""The scorecard: every item judged by what the journal holds, for one client or for all of them. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from vetline.sandbox.sight.journal.exchange import Exchange
from vetline.sandbox.sight.scorecard.call import Call, calls_in
from vetline.sandbox.sight.scorecard.finding import Finding, Outcome, together
from vetline.sandbox.sight.scorecard.items import ITEMS, Item
from vetline.sandbox.sight.scorecard.moment import Moment


class Judged(msgspec.Struct, frozen=True):
    """An item, and what was found."""

    item: Item
    finding: Finding


class Card(msgspec.Struct, frozen=True):
    """A scorecard.

    Parameters:
        clients: all that have called, whether they are judged here or not.
        client: whom it is about, as it was asked for; empty for all.
        judged: every item.
    """

    clients: Sequence[str]
    client: str
    judged: Sequence[Judged]

    def count(self, outcome: Outcome) -> int:
        """Return how many items came out so."""
        return sum(one.finding.outcome is outcome for one in self.judged)

    @property
    def passed(self) -> int:
        """How many items passed."""
        return self.count(Outcome.PASSED)

    @property
    def failed(self) -> int:
        """How many failed."""
        return self.count(Outcome.FAILED)

    @property
    def tried(self) -> int:
        """How many items something can be said about."""
        return len(self.judged) - self.count(Outcome.NOT_TRIED)


def card_of(exchanges: Iterable[Exchange], now: Moment, client: str = "") -> Card:
    """Return the scorecard.

    Parameters:
        exchanges: the journal.
        now: when it is asked for.
        client: a part of the name of the client to judge; empty for all.
    """
    by_client: dict[str, list[Call]] = {}
    for call in calls_in(list(exchanges)):
        by_client.setdefault(call.client, []).append(call)
    chosen = [calls for name, calls in by_client.items() if client.lower() in name.lower()]
    return Card(tuple(by_client), client, tuple(Judged(item, _found(item, chosen, now)) for item in ITEMS))


def _found(item: Item, chosen: list[list[Call]], now: Moment) -> Finding:
    return together([item.judge(calls, now) for calls in chosen or [[]]])
