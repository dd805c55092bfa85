"""What every store promises of sums over all partners: they are what somebody would count who reads every history."""

from datetime import timedelta

from tests.store.records import (
    EDUCATION,
    GOVERNMENT,
    STATE_OWNED,
    T0,
    A,
    B,
    at,
    customer,
    denied,
    moved,
    referred,
    save,
    submitted,
    then,
    with_cases,
    with_customers,
)  # fmt: skip
from vetline.store.changes import CaseMoved
from vetline.store.happenings import Happening
from vetline.store.port import Store
from vetline.vetting.case import Case, Event, Step
from vetline.vetting.commands import Approve, Conclude, Deny, Submit
from vetline.vetting.evidence import Outcome, Verdict
from vetline.vetting.words import Reason, Stage

LONG_AGO, FAR_AHEAD = T0 - timedelta(days=1), T0 + timedelta(days=365)


class Sums:
    """`happenings` and `waiting_before`."""

    async def test_steps_are_counted_by_what_they_are(self, store: Store) -> None:
        """By programme, by data or by people, with the reason."""
        one, other = customer(1), customer(2, B)
        await with_customers(store, one, other)
        first = submitted(one)
        second = referred(first.case, at(2))
        third = denied(second.case, at(4000))
        held = submitted(other, STATE_OWNED)
        await save(store, *moved(first, second, third, held))
        assert await store.happenings(LONG_AGO, FAR_AHEAD) == {
            Happening(EDUCATION, Step.SUBMIT): 1,
            Happening(EDUCATION, Step.DENY, True, Reason.RESTRICTED, 5): 1,
            Happening(STATE_OWNED, Step.HOLD): 1,
        }

    async def test_time_to_decision_begins_with_the_request_decided_on(self, store: Store) -> None:
        """Not with the first one ever; each bound belongs to the class that it begins."""
        await with_customers(store, customer())
        first = submitted(customer())
        denial = then(first.case, Conclude(Verdict(Outcome.DENY, "mail", (), "", Reason.NOT_ACADEMIC_DOMAIN)), at(15))
        again = then(denial.case, Submit(denial.case.claim, "partner:ada"), at(100))
        last = then(again.case, Conclude(Verdict(Outcome.APPROVE, "listed", (), "")), at(105))
        await save(store, *moved(first, denial, again, last))
        found = await store.happenings(LONG_AGO, FAR_AHEAD)
        assert found[Happening(EDUCATION, Step.DENY, False, Reason.NOT_ACADEMIC_DOMAIN, 2)] == 1
        assert found[Happening(EDUCATION, Step.APPROVE, took=1)] == 1

    async def test_stretch_holds_its_beginning_and_not_its_end(self, store: Store) -> None:
        """So that stretches one after the other count everything once, whenever the request came."""
        await with_cases(store, range(5))
        assert sum((await store.happenings(at(1), at(3))).values()) == 2
        assert sum((await store.happenings(at(3), at(3))).values()) == 0
        assert sum((await store.happenings(at(5), at(9))).values()) == 0

    async def test_no_text_in_an_event_is_taken_for_its_step(self, store: Store) -> None:
        """Actors and notes may hold anything, other members' names too."""
        nasty = '","step":"hold","reason":"restricted","note":"\\"\0\U0001f393'
        await with_customers(store, customer())
        first = submitted(customer())
        second = referred(first.case)
        third = then(second.case, Deny(f"reviewer:{nasty}", Reason.NOT_EDUCATION, nasty), at(1))
        await save(store, *moved(first, second, third))
        assert await store.happenings(LONG_AGO, FAR_AHEAD) == {
            Happening(EDUCATION, Step.SUBMIT): 1,
            Happening(EDUCATION, Step.DENY, True, Reason.NOT_EDUCATION, 1): 1,
        }

    async def test_only_reviewers_are_people(self, store: Store) -> None:
        """What a sandbox decides by hand is no person's work."""
        await with_customers(store, customer())
        first = submitted(customer())
        second = then(referred(first.case).case, Approve("sandbox"), at(1))
        await save(store, *moved(first, referred(first.case), second))
        assert (await store.happenings(LONG_AGO, FAR_AHEAD))[Happening(EDUCATION, Step.APPROVE, took=1)] == 1

    async def test_who_is_gone_is_not_counted(self, store: Store) -> None:
        """Nor is anything after everything was forgotten."""
        await with_cases(store, range(3))
        await store.erase()
        assert await store.happenings(LONG_AGO, FAR_AHEAD) == {}
        assert await store.waiting_before([FAR_AHEAD]) == [{}]

    async def test_waiting_cases_are_counted_by_age_and_programme(self, store: Store) -> None:
        """Those that wait for people; before a moment means before it."""
        for number, programme in ((1, EDUCATION), (2, EDUCATION), (3, GOVERNMENT)):
            await with_customers(store, customer(number))
            case = Case(A, customer(number).id, programme, Stage.REVIEWING, 1, submitted_at=at(number), version=1)
            await save(store, CaseMoved(case, Event(Step.REFER, Stage.REVIEWING, at(number), "triage", 1)))
        await with_cases(store, range(7, 9))
        found = await store.waiting_before([at(9), at(3), at(2), at(1)])
        assert found == [{EDUCATION: 2, GOVERNMENT: 1}, {EDUCATION: 2}, {EDUCATION: 1}, {}]
