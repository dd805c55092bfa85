"""A legal name agrees when it is the same but for spelling, or a known alias; nothing looser."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.reference.institutions import Institutions
from vetline.reference.names import SURE, Names, fold, shown_level
from vetline.vetting.words import Segment

NAMES = Names()


@pytest.mark.parametrize(
    ("legal", "listed"),
    [
        ("The University of Edinburgh", "University of Edinburgh"),
        ("Universite de Montreal", "Universit\u00e9 de Montr\u00e9al"),
        ("ETH Zuerich", "ETH Zuerich "),
        ("UNIVERSITY OF OXFORD", "University of Oxford"),
        ("University of California - Berkeley", "University of California, Berkeley"),
        ("Texas A&M University", "Texas A and M University"),
        ("King\u2019s College London", "King's College London"),
        ("Massachusets Institute of Technology", "Massachusetts Institute of Technology"),
        ("Acme Business School GmbH", "Acme Business School"),
        ("S\u00f8ndre Skole", "Sondre Skole"),
    ],
)
def test_spelling_does_not_matter(names: Names, legal: str, listed: str) -> None:
    match = names.compare(legal, "x.edu", (listed,))
    assert match is not None
    assert match.agrees


@pytest.mark.parametrize(
    ("legal", "listed"),
    [
        ("Miami University", "University of Miami"),
        ("Oxford Brookes University", "University of Oxford"),
        ("Northern Illinois University", "Northeastern Illinois University"),
        ("University of Washington", "Washington University"),
        ("York St John University", "University of York"),
        ("Rochester Institute of Technology, Dubai", "Rochester Institute of Technology"),
        ("University of Southern Australia", "University of Southern Austria"),
        ("Surrey School District 36", "Surrey School District 63"),
        ("Surrey School District 36", "Surrey School District 35"),
        (
            "\u56fd\u7acb\u5927\u5b66\u6cd5\u4eba\u6771\u4eac\u5de5\u696d\u5927\u5b66",
            "\u56fd\u7acb\u5927\u5b66\u6cd5\u4eba\u6771\u4eac\u8fb2\u696d\u5927\u5b66",
        ),
        ("Contoso", "Harvard University"),
    ],
)
def test_another_institution_is_another(names: Names, legal: str, listed: str) -> None:
    match = names.compare(legal, "x.edu", (listed,))
    assert match is not None
    assert not match.agrees


@pytest.mark.parametrize("legal", ["", " ", "\u0301", "---"])
def test_no_name_agrees_with_nothing(names: Names, legal: str) -> None:
    assert names.compare(legal, "mit.edu", ("Massachusetts Institute of Technology",)) is None


def test_an_alias_counts_at_its_own_domain_only(names: Names) -> None:
    at_home, abroad = names.compare("M.I.T.", "x.edu", ("M",)), names.compare("MIT", "mit.edu", ("M",))
    assert at_home is not None
    assert not at_home.agrees
    assert abroad is not None
    assert abroad.agrees


def test_the_best_of_several_names_counts(names: Names) -> None:
    match = names.compare("University of X", "x.edu", ("Old College", "University of X"))
    assert match is not None
    assert (match.nearest, match.agrees) == ("University of X", True)


@given(st.text(max_size=400))
def test_folding_never_raises_and_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=400), st.text(max_size=100))
def test_comparing_never_raises_and_agrees_only_with_the_like(legal: str, listed: str) -> None:
    match = NAMES.compare(legal, "mit.edu", (listed, "Massachusetts Institute of Technology"))
    if match is not None and match.agrees and match.nearest != legal:
        assert match.score >= SURE


@given(st.text(min_size=1, max_size=100))
def test_a_name_agrees_with_itself(name: str) -> None:
    match = NAMES.compare(name, "x.edu", (name,))
    assert match is None or match.agrees


def test_every_alias_is_recognised(names: Names) -> None:
    text = files("vetline.reference").joinpath("data/aliases.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        match = names.compare(row["alias"], row["domain"], ("Another Name",))
        assert match is not None
        assert match.agrees, row


def test_a_legal_form_alone_stays_a_name(names: Names) -> None:
    assert names.normal("AG") == "ag"


def test_every_alias_has_a_source_and_no_twin() -> None:
    text = files("vetline.reference").joinpath("data/aliases.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) >= 30
    assert all(row["source"].startswith("https://") for row in rows)
    assert len({(row["domain"], fold(row["alias"])) for row in rows}) == len(rows)


def test_no_alias_is_the_listed_name_already(institutions: Institutions) -> None:
    text = files("vetline.reference").joinpath("data/aliases.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        found = institutions.find(row["domain"], row["domain"])
        assert found is None or fold(row["alias"]) not in {fold(name) for name in found.names}, row


@pytest.mark.parametrize(
    ("called", "level"),
    [
        (("University of Oxford",), Segment.HIGHER),
        (("Universit\u00e9 Lyon",), Segment.HIGHER),
        (("Eanes Independent School District",), Segment.K12),
        (("Lyc\u00e9e Vauban",), Segment.K12),
        (("University High School",), None),
        (("Harvard Business School",), None),
        ((), None),
    ],
)
def test_names_show_a_level_only_when_they_are_plain(called: tuple[str, ...], level: Segment | None) -> None:
    assert shown_level(called) is level
