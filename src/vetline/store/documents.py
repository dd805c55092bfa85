"""What no statement searches for is kept as JSON text, the same in every store."""

from datetime import datetime

import msgspec

from vetline.store.records import Address, Billing, Customer
from vetline.store.webhooks import Attempt, Registration
from vetline.vetting.applicant import Claim
from vetline.vetting.case import Case, Event
from vetline.vetting.evidence import Verdict
from vetline.vetting.proposal import Proposal

claim_of = msgspec.json.Decoder(Claim).decode
verdict_of = msgspec.json.Decoder(Verdict).decode
event_of = msgspec.json.Decoder(Event).decode
cells_of = msgspec.json.Decoder(tuple[str, ...]).decode
attempts_of = msgspec.json.Decoder(tuple[Attempt, ...]).decode
_registration_of = msgspec.json.Decoder(Registration).decode


class _Particulars(msgspec.Struct, frozen=True):
    commerce_id: str
    company_name: str
    email: str
    address: Address
    billing: Billing


_particulars_of = msgspec.json.Decoder(_Particulars).decode


class _Proposed(msgspec.Struct, frozen=True):
    """A proposal, and the version of the case at which it holds.

    A release that knows nothing of proposals moves a case and leaves them where they are.
    """

    version: int
    proposal: Proposal


_proposed_of = msgspec.json.Decoder(_Proposed).decode


def proposal_of(text: str | None, version: int) -> Proposal | None:
    """Return what is proposed on a case at a version."""
    if text is None:
        return None
    found = _proposed_of(text)
    return found.proposal if found.version == version else None


def proposal_text(case: Case) -> str | None:
    """Return what is proposed on a case as it is kept."""
    return msgspec.json.encode(_Proposed(case.version, case.proposal)).decode() if case.proposal else None


def text_of(value: Claim | Verdict | Event | Registration | tuple[str, ...] | tuple[Attempt, ...]) -> str:
    """Return a value as it is kept."""
    return msgspec.json.encode(value).decode()


def registration_of(partner: str, text: str) -> Registration:
    """Return a registration; whose it is, its column says."""
    return msgspec.structs.replace(_registration_of(text), partner=partner)


def particulars_text(customer: Customer) -> str:
    """Return the particulars of a customer as they are kept."""
    held = _Particulars(customer.commerce_id, customer.company_name, customer.email, customer.address, customer.billing)
    return msgspec.json.encode(held).decode()


def customer_from(
    partner: str, customer: str, domain: str, particulars: str, created_at: datetime, version: int
) -> Customer:
    """Return the customer whose columns these are."""
    held = _particulars_of(particulars)
    return Customer(
        partner=partner,
        id=customer,
        commerce_id=held.commerce_id,
        domain=domain,
        company_name=held.company_name,
        email=held.email,
        address=held.address,
        billing=held.billing,
        created_at=created_at,
        version=version,
    )
