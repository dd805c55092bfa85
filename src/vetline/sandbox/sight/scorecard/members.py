"""The scorecard as JSON."""

from typing import Any

from vetline.sandbox.sight.scorecard.card import Card, Judged
from vetline.sandbox.sight.scorecard.finding import Outcome


def members_in(card: Card) -> dict[str, Any]:
    """Return what is told of a scorecard."""
    return {
        "client": card.client,
        "clients": list(card.clients),
        "passed": card.passed,
        "failed": card.failed,
        "notTried": card.count(Outcome.NOT_TRIED),
        "of": len(card.judged),
        "items": [_item(one) for one in card.judged],
    }


def _item(one: Judged) -> dict[str, Any]:
    return {
        "id": one.item.id,
        "title": one.item.title,
        "outcome": one.finding.outcome.value,
        "found": one.finding.text,
        "exchanges": list(one.finding.numbers),
        "advice": one.item.advice,
        "source": one.item.source,
    }
