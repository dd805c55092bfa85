"""Customers as a vetting programme sees them: the real institutions of the examples, over and over."""

import csv
from pathlib import Path

from msgspec.structs import replace

from bench.seeding import NOW, customer_id
from vetline.sandbox.contents.register import seeded_customers
from vetline.sandbox.contents.seeds import seeded_directory
from vetline.store.records import Address, Customer

CUSTOMERS = Path(__file__).parents[1] / "examples" / "customers.csv"


class Institutions:
    """The institutions of `examples/customers.csv`, each the customer of as many numbers as are asked for."""

    def __init__(self) -> None:
        with CUSTOMERS.open(encoding="utf-8", newline="") as lines:
            self._rows = [row for row in csv.DictReader(lines) if row["qualification"] == "Education"]
        self._template = seeded_customers(seeded_directory().partners, NOW)[0]

    def customer(self, number: int) -> Customer:
        """Return the n-th customer."""
        row = self._row(number)
        return replace(
            self._template,
            id=customer_id(number),
            company_name=row["company_name"],
            domain=row["domain"],
            email=row["email"],
            address=Address(
                row["country"], row["region"], row["city"], "", row["address_line"], "", row["postal_code"]
            ),
        )

    def website(self, number: int) -> str:
        """Return what the n-th customer gives as its website."""
        return self._row(number)["website"]

    def _row(self, number: int) -> dict[str, str]:
        return self._rows[number % len(self._rows)]
