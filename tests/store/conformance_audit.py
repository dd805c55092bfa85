"""What every store promises of the records that a partner reads: what is told, in which order, to whom."""

from datetime import timedelta

from msgspec.structs import replace

from tests.store.records import (
    GOVERNMENT,
    A,
    B,
    approved,
    at,
    customer,
    denied,
    guid,
    moved,
    redeem,
    referred,
    save,
    submitted,
    with_code,
    with_customers,
)
from vetline.store.audit import AuditPlace, AuditQuery, Happened
from vetline.store.changes import CustomerRemoved
from vetline.store.port import Store
from vetline.vetting.case import Step
from vetline.vetting.words import Programme, Stage

LATER = AuditPlace(at(100_000))
ALL = AuditQuery(at(0), LATER, 99)


def _told(found: list[Happened]) -> list[tuple[str, Step | None, Step | None]]:
    return [
        (one.customer.company_name, one.event.step if one.event else None, one.before.step if one.before else None)
        for one in found
    ]


async def _with_a_story(store: Store) -> None:
    """A customer that asks twice, is referred, denied and then approved; another partner's with the same name."""
    await with_customers(store, customer(1), customer(2, B, name="Schule 1"))
    first = submitted(customer(1), moment=at(10))
    second = referred(first.case, at(20))
    third = denied(second.case, at(30))
    again = submitted(customer(1), moment=at(40))
    asked = replace(again, case=replace(again.case, version=4, attempt=2), event=replace(again.event, attempt=2))
    last = approved(asked.case, at(50))
    await save(store, *moved(first, second, third, asked, last))
    await save(store, *moved(submitted(customer(2, B), moment=at(60))))


class Audit:
    """`audit`."""

    async def test_what_happened_comes_newest_first_with_what_was_before(self, store: Store) -> None:
        """Steps that only reviewers see are left out, also as what was before."""
        await _with_a_story(store)
        assert _told(list(await store.audit(A, ALL))) == [
            ("Schule 1", Step.APPROVE, Step.SUBMIT),
            ("Schule 1", Step.SUBMIT, Step.DENY),
            ("Schule 1", Step.DENY, Step.SUBMIT),
            ("Schule 1", Step.SUBMIT, None),
            ("Schule 1", None, None),
        ]

    async def test_a_step_is_told_whole(self, store: Store) -> None:
        """With its customer, its programme, its moment and its version."""
        await with_customers(store, customer(3))
        await with_code(store)
        await redeem(store, 3)
        (creation, step) = await store.audit(A, ALL)
        assert (step.programme, step.customer, step.place.version) == (Programme.GOVERNMENT, customer(3), 1)
        assert step.event is not None
        assert (step.event.stage, step.event.actor) == (Stage.APPROVED, "partner:ada")
        assert creation.place == AuditPlace(customer(3).created_at, guid(3))
        assert GOVERNMENT is step.programme

    async def test_nothing_of_another_partner(self, store: Store) -> None:
        """Not even of a customer with the same name or by its id."""
        await _with_a_story(store)
        for wanted in (ALL, replace(ALL, name="schule"), replace(ALL, customer=guid(2))):
            assert {one.customer.partner for one in await store.audit(B, wanted)} == {B}
        assert list(await store.audit(A, replace(ALL, customer=guid(2)))) == []

    async def test_nothing_from_outside_the_time_asked_for(self, store: Store) -> None:
        """From a moment, that moment included, up to a place without it."""
        await _with_a_story(store)
        wanted = AuditQuery(at(30), AuditPlace(at(50)), 99)
        assert [one.place.at for one in await store.audit(A, wanted)] == [at(40), at(30)]

    async def test_pages_show_each_thing_once(self, store: Store) -> None:
        """Also where many happened at one moment."""
        await with_customers(store, *(replace(customer(number), created_at=at(7)) for number in range(12)))
        steps = [submitted(customer(number), moment=at(7)) for number in range(12)]
        await save(store, *moved(*steps, *(approved(one.case, at(7)) for one in steps)))
        everything = list(await store.audit(A, ALL))
        seen: list[Happened] = []
        while page := await store.audit(A, replace(ALL, size=5, before=seen[-1].place if seen else LATER)):
            seen += page
        assert seen == everything
        assert len(seen) == 36

    async def test_search_by_a_part_of_the_name_and_by_the_customer(self, store: Store) -> None:
        """Case does not count; a percent sign is a letter like any other."""
        for number, name in enumerate(["Straße Nord", "Fabrikam", "100% School"]):
            await with_customers(store, customer(number, name=name))
            await save(store, *moved(submitted(customer(number), moment=at(number))))
        for part, number in (("ASSE no", 0), ("bri", 1), ("0%", 2)):
            assert {one.customer.id for one in await store.audit(A, replace(ALL, name=part))} == {guid(number)}
            both = replace(ALL, name=part, customer=guid(number))
            assert len(await store.audit(A, both)) == 2
        assert list(await store.audit(A, replace(ALL, name="0%", customer=guid(1)))) == []

    async def test_a_customer_that_is_gone_takes_its_records_along(self, store: Store) -> None:
        """Only a sandbox removes customers."""
        await _with_a_story(store)
        await save(store, CustomerRemoved(A, guid(1)))
        assert list(await store.audit(A, replace(ALL, since=at(0) - timedelta(days=1)))) == []
