"""The reviewers' desks over a real store, with reference data that knows nothing but domains."""

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from tests.sandbox.clock import HandClock
from tests.store.records import customer, moved, save, submitted, then, with_customers
from vetline.desk.queue import QueueDesk, Reviewer
from vetline.desk.reviewer import ReviewDesk
from vetline.desk.screening import Screening
from vetline.desk.settling import Settling
from vetline.store.port import Store
from vetline.store.queue import CaseKey
from vetline.vetting.applicant import Applicant, Claim
from vetline.vetting.case import Case
from vetline.vetting.commands import Conclude, Rules
from vetline.vetting.facts import Facts, Site, Source, SuffixKind
from vetline.vetting.pacing import Pacing
from vetline.vetting.words import FourEyes, Programme

EDUCATION = Programme.EDUCATION
FOUR_EYES = Rules(four_eyes=frozenset({FourEyes.DENIALS}), government_reviewed=True)
RAE, SOL = Reviewer("reviewer:rae", "Rae"), Reviewer("reviewer:sol", "Sol")


class OnlyDomains:
    """Reference data in which no institution is listed."""

    def look_up(self, applicant: Applicant, claim: Claim, today: date) -> Facts:
        """Return the customer's own domain as the one that is judged."""
        domain = claim.website or applicant.domains[0]
        site = Site(domain, domain, "edu", SuffixKind.OPEN_ACADEMIC, "", "website", (), Source("suffixes", "1"))
        return Facts(site=site, country=applicant.address.country)


class Desks(NamedTuple):
    """Everything that a reviewer works with."""

    store: Store
    clock: HandClock
    screening: Screening
    review: ReviewDesk
    queue: QueueDesk
    settling: Settling


def desks(store: Store, rules: Rules | None = None) -> Desks:
    """Return the desks over a store."""
    clock = HandClock()
    screening = Screening(store, OnlyDomains(), clock, Pacing())
    review = ReviewDesk(store, clock, screening, rules or Rules())
    return Desks(store, clock, screening, review, QueueDesk(store, clock, 3), Settling(store, clock))


async def referred_case(room: Desks, number: int, domain: str = "x.edu", programme: Programme = EDUCATION) -> Case:
    """Put a case into the queue as the service does: submitted now, and screened."""
    who = customer(number, domain=domain)
    await with_customers(room.store, who)
    first = submitted(who, programme, room.clock.now(), rules=FOUR_EYES)
    claimless = first.case if programme is not EDUCATION else _claiming(first.case, domain)
    verdict = await room.screening.verdict(who, claimless)
    second = then(claimless, Conclude(verdict), room.clock.now())
    await save(room.store, *moved(first, second))
    return second.case


def _claiming(case: Case, website: str) -> Case:
    return replace(case, claim=Claim(case.claim.segment, website))


def key_of(case: Case) -> CaseKey:
    """Return which case it is."""
    return CaseKey(case.partner, case.customer, case.programme)
