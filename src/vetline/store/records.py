"""What the store keeps besides cases: customers, validation codes and remembered answers."""

from datetime import datetime

import msgspec

from vetline.vetting.case import Case
from vetline.vetting.words import Programme, Reason, Stage


class Address(msgspec.Struct, frozen=True):
    """An address as a partner gave it; what it left out is empty."""

    country: str = ""
    region: str = ""
    city: str = ""
    state: str = ""
    line1: str = ""
    line2: str = ""
    postal_code: str = ""
    first_name: str = ""
    last_name: str = ""
    phone_number: str = ""


class Billing(msgspec.Struct, frozen=True):
    """To whom and where the customer's bills go."""

    id: str
    email: str
    culture: str
    language: str
    company_name: str
    address: Address
    first_name: str = ""
    last_name: str = ""


class Customer(msgspec.Struct, frozen=True):
    """A partner's customer.

    Parameters:
        partner: the partner's tenant, a lower-case GUID.
        id: the customer's own tenant, a lower-case GUID.
        commerce_id: its second identifier, a lower-case GUID.
        domain: its primary domain, lower-case.
        company_name, email, address: its company profile.
        billing: its billing profile.
        created_at: when the partner created it, UTC.
        version: grows by one with each change.
    """

    partner: str
    id: str
    commerce_id: str
    domain: str
    company_name: str
    email: str
    address: Address
    billing: Billing
    created_at: datetime
    version: int = 1

    @property
    def name_key(self) -> str:
        """The company name as lists are ordered and searched."""
        return self.company_name.casefold()


class Code(msgspec.Struct, frozen=True):
    """A GCC validation code of a partner.

    Parameters:
        code: the validation id.
        remaining: creations left, never negative.
        changed_at: when it last changed, UTC; its eTag is made of it.
    """

    partner: str
    code: str
    organization: str
    max_creates: int
    remaining: int
    changed_at: datetime


class Remembered(msgspec.Struct, frozen=True):
    """An answer kept for the request that caused it, so that a retry gets it again, byte for byte.

    Parameters:
        partner: whose request it was.
        key: 16 bytes made of method, path and MS-RequestId.
        fingerprint: 16 bytes made of what was asked; a retry must ask the same.
        status: the HTTP status.
        body: the answer's body.
        at: when it was given, UTC.
    """

    partner: str
    key: bytes
    fingerprint: bytes
    status: int
    body: bytes
    at: datetime


class Standing(msgspec.Struct, frozen=True):
    """The part of a case that its partner reads again and again."""

    programme: Programme
    stage: Stage
    reason: Reason | None
    submitted_at: datetime

    @property
    def in_review(self) -> bool:
        """Whether it waits for the screening or for a person."""
        return self.stage in (Stage.SCREENING, Stage.REVIEWING)


class Dossier(msgspec.Struct, frozen=True):
    """Everything that a submission is decided on.

    Parameters:
        cases: the customer's cases, at most one a programme.
        code: the validation code that was named; `None` when this partner has no such code.
    """

    cases: tuple[Case, ...]
    code: Code | None = None


Place = tuple[str, str]
# No text goes beyond it.
LAST = "\U0010ffff"


class CustomerQuery(msgspec.Struct, frozen=True):
    """Which of a partner's customers are wanted, ordered by name and id, or by domain and id when that is looked for.

    Parameters:
        size: how many at most.
        field: ``name`` or ``domain``, empty for all customers.
        value: what the field starts with or equals; case does not count.
        exact: equals instead of starts with.
        after: the place to continue after.
        before: the place to go back from: the last ones before it are wanted. Not together with `after`.
    """

    size: int
    field: str = ""
    value: str = ""
    exact: bool = False
    after: Place | None = None
    before: Place | None = None

    def place_of(self, customer: Customer) -> Place:
        """Return where a customer stands in the order of this query."""
        return (customer.domain if self.field == "domain" else customer.name_key), customer.id

    @property
    def beginning(self) -> str:
        """What the field starts with, as it is kept."""
        return self.value.casefold()

    def stretch(self, least: str) -> tuple[Place, str]:
        """Return the place to start at, which is left out, and the value to stop at; backwards that one is included.

        Parameters:
            least: the first character that the store has: nothing lies between a text and the text with it.
        """
        low, high = self.beginning, self.beginning + (least if self.exact else LAST)
        if self.before:
            return min(self.before, (high, "")) if self.field else self.before, low
        return max(self.after or ("", ""), (low, "")), high


class Found(msgspec.Struct, frozen=True):
    """What a search found.

    Parameters:
        customers: those whose name begins with the text, then the others, each ordered by name and id.
        more: whether there are more than these.
    """

    customers: tuple[Customer, ...]
    more: bool
