"""What happens in the fortnight: who comes when, what the reviewers decide, and who asks again. Nothing is done here.

The customers are those of examples/customers.csv, and the branches of a library that is among them.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

_CUSTOMERS = Path(__file__).parents[2] / "examples" / "customers.csv"
# Neighbours in the file are alike; in steps of this many, which has no factor in common with sixty, days are mixed.
_STEP = 7
# So many working days, so many arrivals on each, and every fifth is the other partner's.
WORKING_DAYS, A_DAY, FABRIKAMS = 10, 6, 5

_LIBRARY = "The New York Public Library"
_BRANCHES = (
    ("Schomburg Center for Research in Black Culture", "515 Malcolm X Boulevard", "10037"),
    ("Stavros Niarchos Foundation Library", "455 Fifth Avenue", "10016"),
    ("New York Public Library for the Performing Arts", "40 Lincoln Center Plaza", "10023"),
)

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer says about a case.

    Parameters:
        company: whose case.
        after: how many working days after its arrival.
        reason: why it is denied, in the words of the wire; empty approves it.
        note: for the staff.
        by: ``reviewer`` or ``administrator``, who reviews too.
    """

    company: str
    after: int
    note: str
    reason: str = ""
    by: str = "reviewer"


_NOT_EDUCATION = "Not an Education Customer"
RULINGS = (
    Ruling("Lycée Français de New York", 2, "Accredited by the French ministry of education.", by="administrator"),
    Ruling("Siemens AG", 1, "A company; the site speaks of training for its own staff.", _NOT_EDUCATION),
    Ruling("Xiamen University", 2, "A public university, listed in the national register.", by="administrator"),
    Ruling("Harvard University", 0, "The address leads to another host than it shows.", "Not an Academic domain"),
    Ruling("Chicago Public Schools", 2, "Listed under one of its schools."),
    Ruling("The British Library", 2, "The national library."),
    Ruling("Rijksmuseum", 1, "A public museum.", by="administrator"),
    Ruling("University of Washington", 1, "The university is sure; only the segment was mistaken."),
    Ruling("Plano Independent School District", 2, "One district, whose schools are listed one by one."),
    Ruling("Northern Illinois University", 1, "Accredited by the Higher Learning Commission."),
    Ruling("Columbia University", 1, "The postal code is a slip; everything else agrees.", by="administrator"),
    Ruling("Baltimore County Public Schools", 1, "The ending is kept for the state's schools."),
    Ruling("Coursera, Inc.", 1, "A company that sells courses.", _NOT_EDUCATION, by="administrator"),
)
# Who asks again after a denial, and how many working days after its arrival.
AGAIN = {"Siemens AG": 2}


def arrivals() -> list[list[Row]]:
    """Return the rows of examples/customers.csv that come on each working day, and the branches on the eighth."""
    with _CUSTOMERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    mixed = [rows[i * _STEP % len(rows)] for i in range(len(rows))]
    days = [mixed[day * A_DAY : (day + 1) * A_DAY] for day in range(WORKING_DAYS)]
    days[7] += _branches(next(row for row in rows if row["company_name"] == _LIBRARY))
    return days


def _branches(library: Row) -> list[Row]:
    return [
        library | {"company_name": name, "address_line": street, "postal_code": code}
        for name, street, code in _BRANCHES
    ]
