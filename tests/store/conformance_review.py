"""What every store promises of the reviewers' queue: filters, pages, counts, who has taken what, what is proposed."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product

import pytest
from msgspec.structs import replace

from tests.store.records import (
    EDUCATION,
    GOVERNMENT,
    REFERRAL,
    A,
    B,
    approved,
    at,
    customer,
    denied,
    guid,
    moved,
    referred,
    save,
    submitted,
    then,
    with_customers,
)
from vetline.store.changes import CaseAssigned, CustomerRemoved
from vetline.store.port import ConflictError, Store
from vetline.store.queue import Assignment, CaseKey, Place, QueueFilter, QueuePage, place_of
from vetline.vetting.case import Case
from vetline.vetting.commands import Approve, Conclude, Deny, Rules, Withdraw
from vetline.vetting.words import FourEyes, Reason

REVIEWED = Rules(government_reviewed=True)
FOUR_EYES = Rules(four_eyes=frozenset(FourEyes))
RAE, SOL = Assignment("reviewer:rae", "Rae", at(500)), Assignment("reviewer:sol", "Sol", at(600))
COUNTRIES, RULES_FIRED, DOMAINS = ("DE", "US", ""), ("unlisted", "name-differs"), ("x.edu", "y.example", "")
DUE = at(1_010)
ALL = QueuePage(1_000)


def key_of(case: Case) -> CaseKey:
    """Return which case it is."""
    return CaseKey(case.partner, case.customer, case.programme)


async def with_waiting(store: Store, numbers: Sequence[int]) -> list[Case]:
    """Put cases into the queue that differ in everything that can be filtered by, several of the same moment."""
    found: list[Case] = []
    for number in numbers:
        who = customer(number, A if number % 5 else B)
        programme = GOVERNMENT if number % 7 == 0 else EDUCATION
        first = submitted(who, programme, at(number // 2), rules=REVIEWED)
        verdict = replace(
            REFERRAL, country=COUNTRIES[number % 3], rule=RULES_FIRED[number % 2], domain=DOMAINS[number // 2 % 3]
        )
        second = then(first.case, Conclude(verdict), at(900))
        await with_customers(store, who)
        await save(store, *moved(first, second))
        found.append(second.case)
    return found


async def assign(store: Store, case: Case, to: Assignment | None, before: str = "") -> None:
    """Let somebody have a case."""
    await save(store, CaseAssigned(key_of(case), before, to))


async def propose(store: Store, case: Case, command: Approve | Deny) -> Case:
    """Save a decision that takes no effect yet."""
    decision = then(case, command, at(1_000))
    await save(store, *moved(decision))
    return decision.case


async def waiting(store: Store, wanted: QueueFilter | None = None, page: QueuePage = ALL) -> list[Case]:
    """Return a page of the queue."""
    return [one.case for one in await store.waiting_cases(wanted or QueueFilter(), page)]


def fits(case: Case, wanted: QueueFilter, assignee: str) -> bool:
    """Say as plainly as possible whether a case is wanted."""
    assert case.finding is not None
    assert case.submitted_at is not None
    pairs = [
        (wanted.programme, case.programme),
        (wanted.country, case.finding.country),
        (wanted.rule, case.finding.rule),
        (wanted.domain, case.finding.domain),
        (wanted.partner, case.partner),
        (wanted.assignee, assignee),
    ]
    if any(asked and asked != has for asked, has in pairs) or (wanted.unassigned and assignee):
        return False
    if wanted.submitted_before and case.submitted_at >= wanted.submitted_before:
        return False
    proposer = case.proposal.actor if case.proposal else ""
    return wanted.proposed in (None, bool(proposer)) and (
        not wanted.proposed_by_others or proposer not in ("", wanted.proposed_by_others)
    )


class ReviewQueue:
    """`waiting_cases`, `waiting_counts`, `take_next`, `assignment`, `assigned`."""

    async def test_every_combination_of_filters_finds_what_fits(self, store: Store) -> None:
        """Each against a plain reading of what was asked, in the queue's order."""
        cases = await with_waiting(store, range(60))
        assignees: dict[CaseKey, str] = {}
        for case, to in zip(cases[::4], [RAE, SOL] * 10, strict=False):
            await assign(store, case, to)
            assignees[key_of(case)] = to.actor
        for place in (1, 2, 3, 5):
            actor = RAE.actor if place % 2 else SOL.actor
            cases[place] = await propose(store, cases[place], Deny(actor, Reason.RESTRICTED, rules=FOUR_EYES))
        ordered = sorted(cases, key=lambda case: _plain(place_of(case)))
        for values in product(
            [None, EDUCATION, GOVERNMENT],
            ["", "DE", "US", "FR"],
            ["", "unlisted"],
            ["", "x.edu"],
            ["", A],
            [("", False), (RAE.actor, False), ("", True)],
            [None, at(20)],
            [(None, ""), (True, ""), (True, RAE.actor), (False, "")],
        ):
            programme, country, rule, domain, partner, (assignee, free), before, (proposed, others) = values
            wanted = QueueFilter(programme, country, rule, domain, partner, assignee, free, before, proposed, others)
            expected = [case for case in ordered if fits(case, wanted, assignees.get(key_of(case), ""))]
            assert await waiting(store, wanted) == expected, wanted

    @pytest.mark.parametrize(
        "wanted", [QueueFilter(), QueueFilter(rule="unlisted"), QueueFilter(partner=A, country="DE")]
    )
    async def test_pages_go_forwards_and_backwards(self, store: Store, wanted: QueueFilter) -> None:
        """They meet each case once, also among those of the same moment, and the way back is the way there."""
        await with_waiting(store, range(40))
        everything = await waiting(store, wanted)
        there = await _walk(store, wanted, everything)
        assert [case for page in there for case in page] == everything
        back: list[list[Case]] = []
        before = place_of(everything[-1])
        while page := await waiting(store, wanted, QueuePage(3, before=before)):
            back.append(page)
            before = place_of(page[0])
        assert [case for page in reversed(back) for case in page] == everything[:-1]

    async def test_only_what_waits_for_a_person_is_in_the_queue(self, store: Store) -> None:
        """Not what is being screened, not what is decided, not what is about to take effect."""
        one, two, three, four = await with_waiting(store, [1, 2, 3, 4])
        await with_customers(store, customer(90))
        await save(store, *moved(submitted(customer(90))), *moved(approved(one)), *moved(denied(two)))
        settling = await propose(store, three, Approve("reviewer:rae", settle_at=DUE))
        assert await waiting(store) == [four]
        await save(store, *moved(then(settling, Withdraw("reviewer:rae"), at(1_001))))
        assert [case.customer for case in await waiting(store)] == [three.customer, four.customer]

    async def test_case_without_a_finding_waits_too(self, store: Store) -> None:
        """A person was faster than the screening: nothing is known to filter by."""
        await with_customers(store, customer(1))
        first = submitted(customer(1))
        await save(store, *moved(first))
        case = await propose(store, first.case, Deny("reviewer:rae", Reason.RESTRICTED, rules=FOUR_EYES))
        assert await waiting(store) == [case]
        counts = await store.waiting_counts(at(0))
        assert (counts.rules, counts.countries) == ((("", 1),), (("", 1),))

    async def test_proposal_is_kept_whole(self, store: Store) -> None:
        """As it was decided, in every way in which a case is read."""
        (case,) = await with_waiting(store, [1])
        proposed = await propose(store, case, Deny("reviewer:rae", Reason.RESTRICTED, "«nein»", rules=FOUR_EYES))
        assert proposed.proposal is not None
        assert await store.case(case.partner, case.customer, case.programme) == proposed
        assert (await store.dossier(case.partner, case.customer)).cases == (proposed,)
        assert list(await store.queue(None, 9)) == [proposed]
        assert list(await store.history(case))[-1].note == "«nein»"

    async def test_counts_are_what_waits(self, store: Store) -> None:
        """By programme, country and rule, the most first; the overdue ones; and not what is about to take effect."""
        cases = await with_waiting(store, range(1, 21))
        await propose(store, cases[0], Approve("reviewer:rae", settle_at=DUE))
        counts = await store.waiting_counts(at(5))
        left = cases[1:]
        assert (counts.total, counts.overdue) == (19, sum(place_of(case).submitted_at < at(5) for case in left))
        assert counts.programmes == _tally(case.programme.value for case in left)
        assert counts.countries == _tally(case.finding.country for case in left if case.finding)
        assert counts.rules == _tally(case.finding.rule for case in left if case.finding)

    async def test_nothing_waits(self, store: Store) -> None:
        """An empty queue is counted, paged and taken from like any other."""
        counts = await store.waiting_counts(at(5))
        assert (counts.total, counts.overdue, counts.rules) == (0, 0, ())
        assert await waiting(store) == []
        assert await store.take_next(QueueFilter(), RAE) is None

    async def test_case_is_one_reviewers(self, store: Store) -> None:
        """Whoever is second learns of it, and may take it over from whom they named, and give it back."""
        (case,) = await with_waiting(store, [1])
        key = key_of(case)
        assert await store.assignment(key) is None
        await assign(store, case, RAE)
        with pytest.raises(ConflictError):
            await assign(store, case, SOL)
        assert (await store.assignment(key), await store.assigned(RAE.actor)) == (RAE, 1)
        await assign(store, case, SOL, before=RAE.actor)
        with pytest.raises(ConflictError):
            await assign(store, case, None, before=RAE.actor)
        assert [one.assignment for one in await store.waiting_cases(QueueFilter(), ALL)] == [SOL]
        await assign(store, case, None, before=SOL.actor)
        assert (await store.assignment(key), await store.assigned(SOL.actor)) == (None, 0)

    async def test_taking_a_case_changes_nothing_that_is_decided_on(self, store: Store) -> None:
        """Whoever has read it may still decide it."""
        (case,) = await with_waiting(store, [1])
        await assign(store, case, RAE)
        assert await waiting(store) == [case]
        await save(store, *moved(approved(case)))

    async def test_case_that_leaves_review_is_nobodys(self, store: Store) -> None:
        """Decided, or waiting for a second person; not while its decision can still be undone."""
        one, two, three, four = await with_waiting(store, [1, 2, 3, 4])
        for case in (one, two, three, four):
            await assign(store, case, RAE)
        await save(store, *moved(approved(one)), *moved(denied(two)))
        await propose(store, three, Deny("reviewer:rae", Reason.RESTRICTED, rules=FOUR_EYES))
        settling = await propose(store, four, Approve("reviewer:rae", settle_at=DUE))
        assert [await store.assignment(key_of(case)) for case in (one, two, three, four)] == [None, None, None, RAE]
        await save(store, *moved(then(settling, Withdraw("reviewer:rae"), at(1_001))))
        assert await store.assignment(key_of(four)) == RAE

    @pytest.mark.parametrize("gone", [True, False])
    async def test_what_does_not_wait_cannot_be_taken(self, store: Store, gone: bool) -> None:
        """It was decided meanwhile, or its customer is gone."""
        (case,) = await with_waiting(store, [1])
        await save(store, *([CustomerRemoved(case.partner, case.customer)] if gone else moved(approved(case))))
        with pytest.raises(ConflictError):
            await assign(store, case, RAE)
        assert await store.assignment(key_of(case)) is None

    async def test_reviewers_at_the_same_moment_are_given_different_cases(self, store: Store) -> None:
        """64 ask for 50 cases: each case goes to one, the oldest first, and the others learn that none is left."""
        cases = await with_waiting(store, range(50))
        people = [Assignment(f"reviewer:{number}", f"R{number}", at(700)) for number in range(64)]
        given = await asyncio.gather(*(store.take_next(QueueFilter(), one) for one in people))
        taken = [(one.case, one.assignment) for one in given if one]
        assert len(taken) == len({key_of(case) for case, _ in taken}) == 50
        assert {key_of(case) for case, _ in taken} == {key_of(case) for case in cases}
        for person, one in zip(people, given, strict=True):
            assert one is None or one.assignment == person == await store.assignment(key_of(one.case))

    async def test_oldest_free_case_that_fits_is_given(self, store: Store) -> None:
        """What somebody has is passed over, and so is what another filter would find."""
        await with_waiting(store, range(1, 21))
        expected = [case for case in await waiting(store) if case.finding and case.finding.country == "DE"]
        await assign(store, expected[0], SOL)
        given = [await store.take_next(QueueFilter(country="DE"), RAE) for _ in range(len(expected))]
        assert [one and one.case for one in given] == [*expected[1:], None]

    async def test_customer_of_two_partners_has_two_places(self, store: Store) -> None:
        """No page and no decision takes one for the other."""
        for partner in (A, B):
            who = customer(1, partner)
            await with_customers(store, who)
            first = submitted(who)
            await save(store, *moved(first, referred(first.case)))
        first_page = await waiting(store, page=QueuePage(1))
        second_page = await waiting(store, page=QueuePage(1, after=place_of(first_page[0])))
        assert {case.partner for case in first_page + second_page} == {A, B}
        await assign(store, first_page[0], RAE)
        assert await store.assignment(key_of(second_page[0])) is None
        assert {case.customer for case in await waiting(store)} == {guid(1)}


async def _walk(store: Store, wanted: QueueFilter, everything: list[Case]) -> list[list[Case]]:
    pages: list[list[Case]] = []
    after: Place | None = None
    while page := await waiting(store, wanted, QueuePage(3, after=after)):
        pages.append(page)
        after = place_of(page[-1])
        assert len(pages) <= len(everything)
    return pages


def _plain(place: Place) -> tuple[object, ...]:
    return place.submitted_at, place.customer, place.partner, place.programme.value


def _tally(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(values).items(), key=lambda one: (-one[1], one[0])))
