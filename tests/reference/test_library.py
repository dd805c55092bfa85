"""One question, one answer in facts: whatever a partner writes, only a listed institution is ever approved."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.reference.library import ReferenceLibrary
from vetline.vetting.applicant import Applicant, Claim, PostalAddress
from vetline.vetting.evidence import Outcome, Verdict
from vetline.vetting.triage import triage
from vetline.vetting.words import Segment

LIBRARY = ReferenceLibrary()
TODAY = date(2026, 6, 1)
HARVARD = Applicant("Harvard University", (), PostalAddress("US", "MA", "Cambridge", (), "02138"))
Judge = Callable[..., Verdict]

# Pieces that can stand before or after a host without being it; every true host here is evil.com's or nobody's.
BEFORE = [
    "",
    "https://",
    "http://harvard.edu@",
    "https://harvard.edu:443@",
    "//",
    "ftp://",
    "https://a:b@",
    " ",
    "\u200b",
]
HOSTS = [
    "evil.com",
    "harvard.edu.evil.com",
    "harvard-edu.com",
    "harvard.edu.co",
    "harvard.github.io",
    "edu",
    "h\u0430rvard.edu",
]
AFTER = [
    "",
    "/",
    "/harvard.edu",
    "?harvard.edu",
    "#harvard.edu",
    "/@harvard.edu",
    ":443",
    ":80/harvard.edu",
    "\\harvard.edu",
    ".",
]


def outcome(website: str) -> Outcome:
    return triage(LIBRARY.look_up(HARVARD, Claim(website=website), TODAY)).outcome


@given(st.sampled_from(BEFORE), st.sampled_from(HOSTS), st.sampled_from(AFTER), st.text(max_size=5))
def test_no_dressing_makes_another_host_harvard(before: str, host: str, after: str, noise: str) -> None:
    assert outcome(before + host + after) is not Outcome.APPROVE
    assert outcome(before + host + after + noise) is not Outcome.APPROVE


@given(
    st.lists(st.sampled_from(["harvard", ".", "edu", "@", ":", "/", "\\", "evil", "com", "\u3002", "\u200b", "443"]))
)
def test_what_is_approved_is_listed_and_plain(pieces: list[str]) -> None:
    facts = LIBRARY.look_up(HARVARD, Claim(website="".join(pieces)), TODAY)
    if triage(facts).outcome is Outcome.APPROVE:
        assert facts.site is not None
        assert facts.site.registrable == "harvard.edu"
        assert facts.site.warnings == ()


@given(
    st.text(max_size=300),
    st.lists(st.text(max_size=80), max_size=4),
    st.text(max_size=80),
    st.none() | st.text(max_size=300),
    st.none() | st.sampled_from(Segment),
)
def test_nothing_a_partner_writes_raises_or_is_approved(
    name: str, domains: list[str], email: str, website: str | None, segment: Segment | None
) -> None:
    applicant = Applicant(name, tuple(domains), PostalAddress(name[:3], email, name, (), name), email)
    verdict = triage(LIBRARY.look_up(applicant, Claim(segment, website), TODAY))
    assert verdict.outcome is not Outcome.APPROVE
    assert verdict.evidence
    assert verdict.explanation


def test_the_website_is_judged_before_the_domain(judge: Judge) -> None:
    assert judge("Harvard University", "harvard.edu", "x.onmicrosoft.com").outcome is Outcome.APPROVE
    assert judge("Harvard University", None, "harvard.edu").outcome is Outcome.APPROVE
    assert judge("Harvard University", "  ", "x.onmicrosoft.com", "harvard.edu").outcome is Outcome.APPROVE


@pytest.mark.parametrize("domain", ["x.onmicrosoft.com", "X.OnMicrosoft.com.", "x.ccsctp.net"])
def test_a_domain_that_every_tenant_gets_says_nothing(judge: Judge, domain: str) -> None:
    assert judge("Harvard University", None, domain).rule == "no-site"
    assert judge("Harvard University", domain).rule == "no-site"
    assert judge("Harvard University", None).rule == "no-site"


@pytest.mark.parametrize("own", ["contoso.com", "stanford.edu", "not a domain", "harvard.edu@contoso.com"])
def test_another_domain_of_its_own_contradicts(judge: Judge, own: str) -> None:
    assert judge("Harvard University", "harvard.edu", own).rule == "domains-disagree"


@pytest.mark.parametrize("own", ["harvard.edu", "fas.harvard.edu", "HARVARD.EDU."])
def test_its_own_domain_agrees(judge: Judge, own: str) -> None:
    assert judge("Harvard University", "https://www.harvard.edu", own).outcome is Outcome.APPROVE


def test_two_listed_domains_of_one_institution_agree(judge: Judge) -> None:
    idaho = PostalAddress("US", "ID", "Boise", (), "83709")
    verdict = judge("Boise School District", "boiseschools.net", "boiseschools.org", address=idaho)
    assert verdict.outcome is Outcome.APPROVE


def test_the_country_of_the_domain_contradicts_that_of_the_address(judge: Judge) -> None:
    assert judge("University of Oxford", "ox.ac.uk").rule == "countries-disagree"


def test_a_contact_at_a_mail_service_is_only_evidence() -> None:
    applicant = Applicant(HARVARD.company_name, (), HARVARD.address, "someone@gmail.com")
    verdict = triage(LIBRARY.look_up(applicant, Claim(website="harvard.edu"), TODAY))
    assert verdict.outcome is Outcome.APPROVE
    assert "contact-by-mail-service" in [evidence.rule for evidence in verdict.evidence]


def test_every_evidence_names_its_data(judge: Judge) -> None:
    versions = LIBRARY.versions()
    for evidence in judge("Harvard University", "harvard.edu").evidence:
        assert evidence.dataset == "claim" or evidence.version == versions[evidence.dataset]


def test_threads_get_the_answer_that_one_gets() -> None:
    library = ReferenceLibrary()
    websites = ["harvard.edu", "gmail.com", "evil.com", "xmu.edu.cn", "https://harvard.edu@evil.com"] * 40
    alone = [library.look_up(HARVARD, Claim(website=website), TODAY) for website in websites]
    fresh = ReferenceLibrary()
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda website: fresh.look_up(HARVARD, Claim(website=website), TODAY), websites))
    assert together == alone


@pytest.mark.parametrize("website", ["m\u00ect.edu", "www.m\u0456t.edu", "h\u00e0rvard.edu"])
def test_a_host_that_reads_like_an_institutions_is_suspicious(judge: Judge, website: str) -> None:
    verdict = judge("Harvard University", website)
    assert verdict.rule == "suspicious-site"
    assert "looks like" in verdict.evidence[0].saw


def test_an_accent_alone_is_not_suspicious(judge: Judge) -> None:
    germany = PostalAddress("DE", postal_code="80331")
    assert (
        judge("Sch\u00fclerladen M\u00fcnchen", "https://m\u00fcnchen-schule.de/", address=germany).rule == "unlisted"
    )
