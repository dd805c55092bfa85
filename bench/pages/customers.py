"""Customers as a large partner has them: names and domains that repeat as real ones do. Pure; the n-th is always alike.

A frequent word is in a third of the names, a rare one in a few of a million.
"""

from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from bench.seeding import NOW, customer_id
from vetline.sandbox.contents.register import seeded_customers
from vetline.sandbox.contents.seeds import seeded_directory
from vetline.store.records import Address, Customer

_KINDS: Final = (
    "University of {0}", "{0} University", "{0} State University", "{0} College", "{0} Community College",
    "{0} Institute of Technology", "{0} High School", "{0} Elementary School", "{0} Academy", "School of {1} {0}",
    "{0} Public Library", "{0} Unified School District", "Museum of {1} {0}", "{0} {1} College", "St. {2} School {0}",
)  # fmt: skip
_PLACES: Final = (
    "Springfield", "Riverside", "Franklin", "Clinton", "Fairview", "Salem", "Madison", "Georgetown", "Arlington",
    "Ashland", "Oxford", "Dover", "Hudson", "Kingston", "Milton", "Newport", "Lexington", "Burlington", "Manchester",
    "Winchester", "Auburn", "Dayton", "Cleveland", "Jackson", "Chester", "Bristol", "Lancaster", "Centerville",
    "Münster", "Zürich", "São Paulo", "Málaga", "Reykjavík", "Kraków", "Łódź", "Århus", "Malmö", "Tromsø", "Gent",
    "Lyon", "Porto", "Turin", "Graz", "Basel", "Utrecht", "Leeds", "York", "Bath", "Cork", "Perth",
)  # fmt: skip
_SUBJECTS: Final = ("Fine Art", "Nursing", "Music", "Law", "Science", "Design", "Business", "Agriculture", "Medicine")
_SAINTS: Final = ("Mary", "John", "Peter", "Anne", "Paul", "Joseph", "Catherine", "George", "Clare", "Patrick")
_COUNTRIES: Final = ("US",) * 8 + ("GB",) * 4 + ("DE",) * 3 + ("FR", "ES", "CA", "AU", "BR")
_ENDINGS: Final = {"US": "edu", "GB": "ac.uk", "DE": "de", "FR": "fr", "ES": "es", "CA": "ca", "AU": "edu.au"}
_EACH_RARE: Final = 25_000

FREQUENT: Final = "university"
RARE: Final = "polytechnic"
ABSENT: Final = "xylophone"
TWO_FREQUENT: Final = "high school"
FREQUENT_AND_RARE: Final = "university polytechnic"

_TEMPLATE: Final = seeded_customers(seeded_directory().partners, NOW)[0]


def country(number: int) -> str:
    """Return where the n-th customer sits; a few are where hardly any other is."""
    return "IS" if number % 5_000 == 0 else _COUNTRIES[number // 10 % len(_COUNTRIES)]


def company_name(number: int) -> str:
    """Return the n-th customer's name; numbers keep apart those that would have the same."""
    kind, place = _KINDS[number % len(_KINDS)], _PLACES[number // 7 % len(_PLACES)]
    name = kind.format(place, _SUBJECTS[number // 11 % len(_SUBJECTS)], _SAINTS[number // 13 % len(_SAINTS)])
    rare = " Polytechnic" if number % _EACH_RARE == 1 else ""
    return f"{name}{rare} {number}"


def domain(number: int) -> str:
    """Return the n-th customer's domain."""
    place = _PLACES[number // 7 % len(_PLACES)].encode("ascii", "ignore").decode().replace(" ", "").lower()
    return f"{place}{number}.{_ENDINGS.get(country(number), 'org')}"


def customer(number: int) -> Customer:
    """Return the n-th customer."""
    name, at = company_name(number), country(number)
    return replace(
        _TEMPLATE,
        id=customer_id(number),
        company_name=name,
        domain=domain(number),
        email=f"office@{domain(number)}",
        address=Address(at, city=_PLACES[number // 7 % len(_PLACES)], line1="1 Main Street", postal_code="12345"),
        created_at=NOW + timedelta(seconds=number),
    )
