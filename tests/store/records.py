"""Customers, cases and changes for the tests of stores: complete records with as little said as possible."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from vetline.store.changes import CaseMoved, Change, CodeIssued, CodeRedeemed, CustomerAdded, Effect
from vetline.store.port import Store
from vetline.store.records import Address, Billing, Code, Customer, Remembered
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case
from vetline.vetting.commands import Approve, CodeFacts, Command, Conclude, Deny, Rules, Submit
from vetline.vetting.decide import Decision, decide
from vetline.vetting.evidence import Evidence, Outcome, Verdict
from vetline.vetting.words import Programme, Reason, Segment

A = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"
B = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
T0 = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)

EDUCATION, GOVERNMENT, STATE_OWNED = Programme
SEEN = (Evidence("listed", "the list has it: «Universität»", "list", "1.2"),)
REFERRAL = Verdict(Outcome.REFER, "unlisted", SEEN, "A person is looking.")
DENIAL = Verdict(Outcome.DENY, "mail", SEEN, "Denied.", Reason.NOT_ACADEMIC_DOMAIN)


def at(seconds: float) -> datetime:
    """Return a moment so many seconds after the first."""
    return T0 + timedelta(seconds=seconds)


def guid(number: int, kind: str = "c") -> str:
    """Return a GUID that tells its number."""
    return f"{ord(kind):08x}-0000-4000-8000-{number:012x}"


def customer(number: int = 1, partner: str = A, name: str = "", domain: str = "") -> Customer:
    """Return a customer with everything filled in."""
    address = Address("DE", "BY", "München", "Bavaria", "Straße 1", "Hof", "80331", "Ada", "Öz", "+49 89 1")
    company = name or f"Schule {number}"
    billing = Billing(guid(number, "b"), "b@example.com", "de-DE", "de", company, address, "Ada", "Öz")
    host = domain or f"schule{number}.example"
    return Customer(
        partner, guid(number), guid(number, "m"), host, company, "a@example.com", address, billing, at(number)
    )


def code(name: str = "987654", remaining: int = 5, partner: str = A, changed_at: datetime = T0) -> Code:
    """Return a validation code."""
    return Code(partner, name, "Contoso, Inc.", 5, remaining, changed_at)


def answer(number: int = 1, partner: str = A, moment: datetime = T0, body: bytes = b'{"a":"\xc3\xa9"}') -> Remembered:
    """Return an answer to be remembered."""
    return Remembered(partner, number.to_bytes(16, "big"), b"f" * 16, 201, body, moment)


def submitted(
    who: Customer,
    programme: Programme = EDUCATION,
    moment: datetime = T0,
    *,
    due_at: datetime | None = None,
    rules: Rules | None = None,
) -> Decision:
    """Return the decision on a first submission, due at its own moment unless another is given."""
    claim = Claim(Segment.K12, "https://example.edu/ä")
    command = Submit(
        claim, "partner:ada", code=CodeFacts("987654", 5), screen_at=due_at or moment, rules=rules or Rules()
    )
    return then(Case(who.partner, who.id, programme), command, moment)


def then(case: Case, command: Command, moment: datetime) -> Decision:
    """Return a decision that must be one."""
    outcome = decide(case, command, moment)
    assert isinstance(outcome, Decision), outcome
    return outcome


def referred(case: Case, moment: datetime = T0) -> Decision:
    """Return the decision that sends a case to a person."""
    return then(case, Conclude(REFERRAL), moment)


def denied(case: Case, moment: datetime = T0) -> Decision:
    """Return a reviewer's denial."""
    return then(case, Deny("reviewer:rae", Reason.RESTRICTED, "note"), moment)


def approved(case: Case, moment: datetime = T0) -> Decision:
    """Return a reviewer's approval."""
    return then(case, Approve("reviewer:rae", "note"), moment)


def moved(*decisions: Decision) -> tuple[Effect, ...]:
    """Return decisions as effects."""
    return tuple(CaseMoved(one.case, one.event) for one in decisions)


def redeemed(who: Customer, name: str = "987654", moment: datetime = T0) -> CodeRedeemed:
    """Return the effect that uses up one creation."""
    return CodeRedeemed(who.partner, who.id, name, moment)


async def save(store: Store, *effects: Effect, remember: Remembered | None = None) -> None:
    """Save effects as one change."""
    await store.save(Change(effects, remember))


async def with_customers(store: Store, *customers: Customer) -> None:
    """Put customers into a store."""
    await save(store, *(CustomerAdded(one) for one in customers))


async def with_cases(store: Store, numbers: Sequence[int], partner: str = A) -> list[Case]:
    """Put customers with an Education case each into a store, due at the moment of their number."""
    customers = [customer(number, partner) for number in numbers]
    decisions = [submitted(one, moment=at(number)) for one, number in zip(customers, numbers, strict=True)]
    await save(store, *(CustomerAdded(one) for one in customers), *moved(*decisions))
    return [one.case for one in decisions]


async def with_code(store: Store, remaining: int = 5, partner: str = A) -> None:
    """Give a partner a validation code."""
    await save(store, CodeIssued(code(remaining=remaining, partner=partner)))


def next_version(who: Customer, **changes: str) -> Customer:
    """Return a customer one version on."""
    return replace(who, version=who.version + 1, **changes)


async def redeem(store: Store, number: int) -> None:
    """Save a GCC submission with the creation that it uses up."""
    who = customer(number)
    await save(store, *moved(submitted(who, GOVERNMENT)), redeemed(who))
