"""What a fresh sandbox holds besides its people: a few customers of each partner, and their validation codes."""

from collections.abc import Sequence
from datetime import datetime

from vetline.sandbox.contents.directory import Directory, SandboxTenant
from vetline.sandbox.contents.seeding import Seeds
from vetline.store.changes import Change, CodeIssued, CustomerAdded
from vetline.store.port import Store
from vetline.store.records import Address, Billing, Code, Customer

_HARVARD = Address("US", city="Cambridge", state="MA", line1="Massachusetts Hall", postal_code="02138")
_OXFORD = Address("GB", city="Oxford", line1="Wellington Square", postal_code="OX1 2JD")
_REDMOND = Address("US", city="Redmond", state="WA", line1="1 Microsoft Way", postal_code="98052")
_AUSTIN = Address("US", city="Austin", state="TX", line1="1 University Station", postal_code="78712")
_TORONTO = Address("CA", city="Toronto", state="ON", line1="27 King's College Cir", postal_code="M5S 1A1")

# id, company name, domain, address. The ids never change, so that tests can name them.
_CONTOSO = (
    ("11111111-c0c0-4000-8000-000000000001", "University of Oxford", "ox.ac.uk", _OXFORD),
    ("11111111-c0c0-4000-8000-000000000002", "Harvard University", "harvard.edu", _HARVARD),
    ("11111111-c0c0-4000-8000-000000000003", "Tailspin Toys", "tailspintoys.onmicrosoft.com", _REDMOND),
    ("11111111-c0c0-4000-8000-000000000004", "Wide World Importers", "gmail.com", _REDMOND),
    ("11111111-c0c0-4000-8000-000000000005", "City of Redmond", "cityofredmond.onmicrosoft.com", _REDMOND),
    ("11111111-c0c0-4000-8000-000000000006", "School of Fine Art", "fineartschool.onmicrosoft.com", _REDMOND),
)
_FABRIKAM = (
    ("22222222-fab0-4000-8000-000000000001", "University of Texas at Austin", "utexas.edu", _AUSTIN),
    ("22222222-fab0-4000-8000-000000000002", "University of Toronto", "utoronto.ca", _TORONTO),
    ("22222222-fab0-4000-8000-000000000003", "Proseware", "proseware.onmicrosoft.com", _REDMOND),
)

# https://learn.microsoft.com/partner-center/developer/get-a-partner-s-validation-codes (sample)
_CONTOSO_CODES = (("12345", "Contoso, Inc.", 5, 4), ("987654", "Contoso, Inc.", 5, 5))
_FABRIKAM_CODES = (("24680", "Fabrikam, Inc.", 3, 3),)


def seeded_customers(partners: Sequence[SandboxTenant], now: datetime) -> list[Customer]:
    """Return the customers of a fresh world; their ids are the same in each, so that tests can name them."""
    held = zip(partners, (_CONTOSO, _FABRIKAM), strict=True)
    return [_customer(partner.tenant_id, now, *row) for partner, rows in held for row in rows]


def seeded_codes(partners: Sequence[SandboxTenant], now: datetime) -> list[Code]:
    """Return the validation codes of a fresh world."""
    held = zip(partners, (_CONTOSO_CODES, _FABRIKAM_CODES), strict=True)
    return [Code(partner.tenant_id, *row, changed_at=now) for partner, rows in held for row in rows]


async def seed(store: Store, directory: Directory, now: datetime) -> Seeds:
    """Put everything into an empty store, in one change, and return it."""
    partners = directory.partners
    seeds = Seeds(tuple(seeded_customers(partners, now)), tuple(seeded_codes(partners, now)))
    await put(store, seeds)
    return seeds


async def put(store: Store, seeds: Seeds) -> None:
    """Add customers and codes; all of them or none.

    Raises:
        StoreError: one of them is there already.
    """
    codes = (CodeIssued(code) for code in seeds.codes)
    await store.save(Change((*codes, *(CustomerAdded(one) for one in seeds.customers))))


async def is_empty(store: Store, directory: Directory) -> bool:
    """Return whether a store was never seeded."""
    return not await store.codes(directory.partners[0].tenant_id)


def _customer(partner: str, now: datetime, guid: str, name: str, domain: str, address: Address) -> Customer:
    email = f"admin@{domain}"
    return Customer(
        partner=partner,
        id=guid,
        commerce_id=guid[:-12] + "c" + guid[-11:],
        domain=domain,
        company_name=name,
        email=email,
        address=address,
        billing=Billing(guid[:-12] + "b" + guid[-11:], email, "en-US", "en", name, address),
        created_at=now,
    )
