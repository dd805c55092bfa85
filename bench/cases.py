"""The sets the triage is measured on, as cases: what a partner would submit, and whether it is academic.

Every case gets an address without fault, so that nothing but domain and name can stand in an approval's way.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vetline.reference.addresses import Addresses
from vetline.reference.institutions import Institutions
from vetline.reference.mail import MailServices
from vetline.reference.suffixes import Suffixes

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing a partner might submit.

    Parameters:
        website: what it gives as its website.
        name: its legal name.
        country: where it sits.
        postal_code: one that is right for the country.
        kind: the row of the table it is counted in.
        academic: whether it is truly an institution; hostile strings never are.
    """

    website: str
    name: str
    country: str
    postal_code: str
    kind: str
    academic: bool


def labelled() -> Iterator[Case]:
    """Yield the hand-labelled domains; the file says on each line what the label rests on.

    Labels are as the named register has them, and none was changed to please a figure. The rows were picked to show
    each kind of case, listed and unlisted ones, so the set measures wrong decisions and not how many need nobody.
    """
    addresses = Addresses()
    for row in _rows("labelled.csv"):
        code = addresses.example_postal_code(row["country"])
        yield Case(row["domain"], row["name"], row["country"], code, row["kind"], row["academic"] == "yes")


def hostile() -> Iterator[Case]:
    """Yield websites written to be misread, each under the true name and country of whom it imitates."""
    addresses = Addresses()
    for row in _rows("hostile.csv"):
        code = addresses.example_postal_code(row["country"])
        yield Case(json.loads(row["website_json"]), row["name"], row["country"], code, row["trick"], False)


def schoolbus() -> Iterator[Case]:
    """Yield the universities of schoolbus, an independent list of 2015: its domains under its own first names.

    It names no country, so the country is the domain's, or the United States where the domain names none.
    """
    from schoolbus.data import UNIVERSITY_DOMAINS

    addresses, suffixes = Addresses(), Suffixes()
    for domain, names in UNIVERSITY_DOMAINS.items():
        yield Case(domain, names[0], *_place(domain, suffixes, addresses), "schoolbus", True)


def mail_domains() -> Iterator[Case]:
    """Yield every free and disposable mail domain, each under the name of the institution it might be.

    An entry that is listed as an institution as well may truly be one, so only the others are known not to be.
    """
    addresses, suffixes, institutions, mail = Addresses(), Suffixes(), Institutions(), MailServices()
    for entry in sorted(mail.entries()):
        found, listing = institutions.find(entry, entry), mail.find(entry)
        name = found.names[0] if found and found.names else "Mail Service"
        kind = listing.kind if listing else ""
        yield Case(entry, name, *_place(entry, suffixes, addresses), kind, found is not None)


def _place(domain: str, suffixes: Suffixes, addresses: Addresses) -> tuple[str, str]:
    country = suffixes.country(suffixes.suffix(domain)) or "US"
    return country, addresses.example_postal_code(country)


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
