"""The reference data, loaded once for all tests of this room."""

from collections.abc import Callable
from datetime import date

import pytest

from vetline.reference.institutions import Institutions
from vetline.reference.library import ReferenceLibrary
from vetline.reference.names import Names
from vetline.reference.suffixes import Suffixes
from vetline.vetting.applicant import Applicant, Claim, PostalAddress
from vetline.vetting.evidence import Verdict
from vetline.vetting.triage import triage

TODAY = date(2026, 6, 1)
CAMBRIDGE = PostalAddress("US", "MA", "Cambridge", ("Massachusetts Hall",), "02138")

Judge = Callable[..., Verdict]


@pytest.fixture(scope="session")
def library() -> ReferenceLibrary:
    return ReferenceLibrary()


@pytest.fixture(scope="session")
def suffixes() -> Suffixes:
    return Suffixes()


@pytest.fixture(scope="session")
def institutions() -> Institutions:
    return Institutions()


@pytest.fixture(scope="session")
def names() -> Names:
    return Names()


@pytest.fixture(scope="session")
def judge(library: ReferenceLibrary) -> Judge:
    """Judge a name and a website whose address has no fault, so that nothing else stands in an approval's way."""

    def run(name: str, website: str | None, *domains: str, address: PostalAddress = CAMBRIDGE) -> Verdict:
        return triage(library.look_up(Applicant(name, domains, address), Claim(website=website), TODAY))

    return run
