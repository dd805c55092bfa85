"""What the queue can be filtered by, as its page shows it: each choice with its text and how many cases it leaves."""

from collections.abc import Iterable
from typing import Final

from vetline.console.review.filters import MINE, NOBODYS, Filters
from vetline.console.texts import Texts
from vetline.desk.queue import Overview
from vetline.store.queue import QueueCounts
from vetline.vetting.words import Programme

# A value, its text, and how many cases it leaves; `None` where nobody has counted them.
Choice = tuple[str, str, int | None]
Counts = Iterable[tuple[str, int | None]]
# What can be chosen is known of the programmes alone before anything is counted.
_PROGRAMMES: Final = tuple((one.value, None) for one in Programme)


def facets_of(overview: Overview, filters: Filters, texts: Texts) -> dict[str, object]:
    """Return what can be filtered by, and how much waits, as far as it is counted."""
    mine = [(MINE, texts("review.queue.mine"), overview.mine), (NOBODYS, texts("review.queue.unassigned"), None)]
    return {"counts": overview.counts, "whose": mine, **_counted(overview.counts, filters, texts)}


def _counted(counts: QueueCounts | None, filters: Filters, texts: Texts) -> dict[str, list[Choice]]:
    def choices(kind: str, found: Counts, chosen: str) -> list[Choice]:
        known = {value: number for value, number in found if value}
        if chosen:  # a form without it would take the filter away
            known.setdefault(chosen, 0 if counts else None)
        return [(value, _text(texts, f"{kind}.{value}") or value, number) for value, number in known.items()]

    return {
        "programmes": choices("partner.programme", counts.programmes if counts else _PROGRAMMES, filters.programme),
        "countries": sorted(choices("review.country", counts.countries if counts else (), filters.country), key=_value),
        "rules": choices("review.rule", counts.rules if counts else (), filters.rule),
    }


def _text(texts: Texts, name: str) -> str:
    return texts(name) if texts.has(name) else ""


def _value(choice: Choice) -> str:
    return choice[0]
