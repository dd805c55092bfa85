"""What the queue is filtered by, and where in it a page begins: all of it stands in the address bar."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from vetline.console.failing import NotHereError
from vetline.store.queue import Place, QueueFilter, QueuePage
from vetline.vetting.words import Programme
from vetline.wire.paths import guid_of

MINE, NOBODYS = "mine", "nobody"
_PROGRAMMES = {one.value: one for one in Programme}
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters as the address bar has them; what is empty does not filter.

    Parameters:
        programme, country, rule, domain: which cases.
        whose: ``mine``, ``nobody``, or empty for all.
        overdue: those whose due date has passed.
        second: those that wait for a second person.
    """

    programme: str = ""
    country: str = ""
    rule: str = ""
    domain: str = ""
    whose: str = ""
    overdue: str = ""
    second: str = ""

    @property
    def text(self) -> str:
        """The filters as the query of an address."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def question(self) -> str:
        """The query with its question mark; empty without filters."""
        return f"?{self.text}" if self.text else ""

    def wanted(self, actor: str) -> QueueFilter:
        """Return what the desk is asked for.

        Parameters:
            actor: whose cases ``mine`` are.
        """
        return QueueFilter(
            programme=_PROGRAMMES.get(self.programme),
            country=self.country,
            rule=self.rule,
            domain=self.domain,
            assignee=actor if self.whose == MINE else "",
            unassigned=self.whose == NOBODYS,
            proposed=True if self.second else None,
        )


def filters_of(query: Mapping[str, str]) -> Filters:
    """Return the filters in an address; what is no filter is passed over."""
    given = {name: query.get(name, "")[:_LONGEST] for name in Filters.__dataclass_fields__}
    found = {name: "" if "\0" in value else value for name, value in given.items()}  # no case has that in its texts
    if found["programme"] not in _PROGRAMMES:
        found["programme"] = ""
    return Filters(**found)


def filters_in(text: str) -> Filters:
    """Return the filters that a form carries along."""
    return filters_of(dict(parse_qsl(text[:4_096])))


def place_text(place: Place) -> str:
    """Return a place in the queue as it stands in an address."""
    return ",".join((place.submitted_at.isoformat(), place.customer, place.partner, place.programme.value))


def page_of(query: Mapping[str, str], size: int) -> QueuePage:
    """Return which part of the queue an address asks for.

    Raises:
        NotHereError: it names a place that no queue has.
    """
    return QueuePage(size, _place(query.get("after")), _place(query.get("before")))


def _place(text: str | None) -> Place | None:
    if text is None:
        return None
    try:
        at, customer, partner, programme = text.split(",")
        place = Place(_moment(at), guid_of(customer) or "", guid_of(partner) or "", Programme(programme))
    except (ValueError, OverflowError):  # there are moments whose UTC lies outside of what is counted
        raise NotHereError from None
    if not (place.customer and place.partner):
        raise NotHereError
    return place


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone is none")
    return moment.astimezone(UTC)
