"""Every page that there is to see, on a day on which something happened: for what must hold on all of them."""

from dataclasses import dataclass

from tests.support.processes import CONTOSO

from .people import ADA, MAX, RAE
from .story import IMPORTERS, OXFORD, REDMOND, TAILSPIN, Story


@dataclass(frozen=True, slots=True)
class Place:
    """A page.

    Parameters:
        who: sees it.
        path: where it is.
    """

    who: str
    path: str


def _account(customer: str, more: str = "") -> Place:
    return Place(ADA, f"/console/customers/{customer}{more}")


def _case(customer: str) -> Place:
    return Place(RAE, f"/console/cases/{CONTOSO}/{customer}/education")


PLACES = {
    "customers": Place(ADA, "/console/customers"),
    "nobody found": Place(ADA, "/console/customers?q=nobody"),
    "account, approved": _account(OXFORD),
    "account, in review": _account(TAILSPIN),
    "account, denied": _account(IMPORTERS),
    "what happened": _account(IMPORTERS, "/cases/education"),
    "form for Education": _account(IMPORTERS, "/requests/education"),
    "form for GCC": _account(REDMOND, "/requests/government"),
    "form for a state": _account(REDMOND, "/requests/state-owned"),
    "check": _account(IMPORTERS, "/requests/education/check?segment=higher&website=www.unlisted-school.org"),
    "codes": Place(ADA, "/console/codes"),
    "uploads": Place(ADA, "/console/uploads"),
    "queue": Place(RAE, "/console/queue"),
    "case": _case(TAILSPIN),
    "case, approved": _case(OXFORD),
    "case, denied": _case(IMPORTERS),
    "domain": Place(RAE, "/console/domains/same-domain.org"),
    "decisions": Place(RAE, "/console/decisions"),
    "dashboard": Place(RAE, "/console/dashboard"),
    "partners' codes": Place(MAX, f"/console/partner-codes?partner={CONTOSO}"),
}


def a_day(story: Story) -> None:
    """Tell what happened: each outcome once, long names, and two that wait at one domain."""
    story.asks(OXFORD, "ox.ac.uk")
    story.asks(IMPORTERS, "www.gmail.com")
    story.asks(
        TAILSPIN, "https://www.tailspintoys.com/a/very/long/path/that/goes/on?and=on&and=on&and=on&and=on&and=on"
    )
    story.waits("Elm School", "www.same-domain.org")
    story.waits(
        f"The {'Very ' * 12}Long Named Institute of {'Donaudampfschifffahrtsgesellschaft' * 2}", "www.same-domain.org"
    )
