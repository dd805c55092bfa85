"""How cases and people are named in the addresses and forms of the review pages."""

from vetline.console.failing import NotHereError
from vetline.console.person import Person
from vetline.console.visit import Visit
from vetline.desk.queue import Reviewer
from vetline.store.queue import CaseKey
from vetline.vetting.case import Case
from vetline.vetting.words import Programme
from vetline.wire.paths import guid_of


def path_of(case: Case) -> str:
    """Return a case's place below /cases/."""
    return f"{case.partner}/{case.customer}/{case.programme.value}"


def key_in(visit: Visit) -> CaseKey:
    """Return the case in a page's address.

    Raises:
        NotHereError: there can be no such case.
    """
    return key_of(visit.parameter("partner"), visit.parameter("customer"), visit.parameter("programme"))


def key_of(partner: str, customer: str, programme: str) -> CaseKey:
    """Return the case with these names.

    Raises:
        NotHereError: there can be no such case.
    """
    partner_id, customer_id = guid_of(partner), guid_of(customer)
    if partner_id is None or customer_id is None or programme not in {one.value for one in Programme}:
        raise NotHereError
    return CaseKey(partner_id, customer_id, Programme(programme))


def reviewer_of(person: Person) -> Reviewer:
    """Return who is at the review desk."""
    return Reviewer(person.actor, person.name)
