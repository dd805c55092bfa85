"""Each rule of the triage, on facts made for it: what fires it, what follows, and who wins."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from vetline.vetting.evidence import Outcome
from vetline.vetting.facts import (
    AddressFault,
    Facts,
    Institution,
    Listing,
    NameMatch,
    Override,
    OwnDomain,
    Site,
    Source,
    SuffixKind,
)
from vetline.vetting.triage import RULES, Policy, triage
from vetline.vetting.words import Reason, Segment

DATA = Source("data", "1")
SITE = Site("www.x.edu", "x.edu", "edu", SuffixKind.ACADEMIC, "", "website", (), DATA)
COLLEGE = Institution("x.edu", ("X College",), False, None, DATA)
AGREES = NameMatch("X College", 100.0, True, DATA)
DIFFERS = NameMatch("X College", 60.0, False, DATA)
MAIL = Listing("x.edu", "a free mail service", DATA)
STOPPED = Listing("x.edu", "the list of withdrawn domains", DATA)
CONTOSO = OwnDomain("contoso.com", agrees=False, academic=False)
UNLISTED = Facts(site=SITE, country="US", segment=Segment.HIGHER)
SURE = replace(UNLISTED, institution=COLLEGE, name=AGREES)


def site(**changes: Any) -> Site:
    return replace(SITE, **changes)


def own_word(verdict: Outcome) -> Override:
    return Override("x.edu", verdict, "charter seen", "desk", date(2026, 12, 31), DATA)


def fault(hard: bool) -> AddressFault:
    return AddressFault("postal_code", hard, "The postal code is missing.", DATA)


TABLE = [
    ("no-site", Facts(no_site="the website is empty"), Outcome.REFER),
    ("suspicious-site", replace(SURE, site=site(warnings=("hides the host behind an @",))), Outcome.REFER),
    ("override-deny", replace(SURE, override=own_word(Outcome.DENY)), Outcome.DENY),
    ("override-refer", replace(SURE, override=own_word(Outcome.REFER)), Outcome.REFER),
    ("mail-service-of-institution", replace(SURE, mail=MAIL), Outcome.REFER),
    ("mail-service", replace(UNLISTED, site=site(kind=SuffixKind.ORDINARY), mail=MAIL), Outcome.DENY),
    ("mail-service", replace(UNLISTED, site=site(kind=SuffixKind.OPEN_ACADEMIC), mail=MAIL), Outcome.DENY),
    ("mail-service-of-institution", replace(UNLISTED, site=site(kind=SuffixKind.K12), mail=MAIL), Outcome.REFER),
    ("domains-disagree", replace(SURE, own_domains=(CONTOSO,)), Outcome.REFER),
    ("countries-disagree", replace(SURE, site=site(country="GB")), Outcome.REFER),
    ("address-faulty", replace(SURE, address_faults=(fault(hard=True),)), Outcome.REFER),
    ("segment-contradicted", replace(SURE, site=site(kind=SuffixKind.K12)), Outcome.REFER),
    ("segment-contradicted", replace(SURE, institution=replace(COLLEGE, level=Segment.K12)), Outcome.REFER),
    (
        "segment-contradicted",
        replace(SURE, site=site(kind=SuffixKind.COMMUNITY_COLLEGE), segment=Segment.K12),
        Outcome.REFER,
    ),
    ("override-approve", replace(UNLISTED, override=own_word(Outcome.APPROVE)), Outcome.APPROVE),
    ("alumni-site", replace(SURE, alumni=True), Outcome.REFER),
    ("stop-listed", replace(SURE, stop_listed=STOPPED), Outcome.REFER),
    ("umbrella", replace(SURE, institution=replace(COLLEGE, umbrella=True)), Outcome.REFER),
    ("name-differs", replace(SURE, name=DIFFERS), Outcome.REFER),
    ("name-differs", replace(SURE, name=None), Outcome.REFER),
    ("listed-institution", SURE, Outcome.APPROVE),
    ("open-suffix", replace(UNLISTED, site=site(kind=SuffixKind.OPEN_ACADEMIC)), Outcome.REFER),
    ("reserved-suffix", UNLISTED, Outcome.REFER),
    ("unlisted", replace(UNLISTED, site=site(kind=SuffixKind.ORDINARY)), Outcome.REFER),
]


@pytest.mark.parametrize(("rule", "facts", "outcome"), TABLE)
def test_each_rule_decides_when_it_comes_first(rule: str, facts: Facts, outcome: Outcome) -> None:
    verdict = triage(facts)
    assert (verdict.rule, verdict.outcome) == (rule, outcome)
    assert rule in [evidence.rule for evidence in verdict.evidence]
    assert verdict.explanation.endswith(".")


def test_every_rule_has_a_test() -> None:
    tested = {rule for rule, _, _ in TABLE} | {"trusted-suffix", "name-agrees"}
    tested |= {"segment-missing", "contact-by-mail-service", "address-doubtful"}
    assert {rule.name for rule in RULES} == tested


@pytest.mark.parametrize("kind", ["edu", "k12", "lib", "cc", "museum"])
def test_a_trusted_suffix_approves_what_is_not_listed(kind: str) -> None:
    facts = replace(UNLISTED, segment=None, site=site(kind=SuffixKind(kind)))
    assert triage(facts).outcome is Outcome.REFER
    verdict = triage(facts, Policy(frozenset({kind})))
    assert (verdict.rule, verdict.outcome) == ("trusted-suffix", Outcome.APPROVE)
    assert triage(replace(facts, own_domains=(CONTOSO,)), Policy(frozenset({kind}))).outcome is Outcome.REFER


@pytest.mark.parametrize("kind", ["gov", "mil", "open", "", "schools"])
def test_a_policy_refuses_kinds_that_prove_nothing(kind: str) -> None:
    with pytest.raises(ValueError, match="approve_suffixes knows cc, edu, k12, lib, museum"):
        Policy(frozenset({kind}))


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("segment-missing", {"segment": None}),
        ("contact-by-mail-service", {"contact_mail": MAIL}),
        ("address-doubtful", {"address_faults": (fault(hard=False),)}),
    ],
)
def test_what_is_only_evidence_does_not_stand_in_the_way(rule: str, change: dict[str, Any]) -> None:
    verdict = triage(replace(SURE, **change))
    assert verdict.outcome is Outcome.APPROVE
    assert rule in [evidence.rule for evidence in verdict.evidence]


def test_every_rule_that_fires_leaves_its_evidence_in_the_order_of_the_table() -> None:
    verdict = triage(replace(SURE, stop_listed=STOPPED, own_domains=(CONTOSO,), segment=None))
    fired = [evidence.rule for evidence in verdict.evidence]
    assert fired == [
        "domains-disagree",
        "stop-listed",
        "name-agrees",
        "listed-institution",
        "reserved-suffix",
        "segment-missing",
    ]


def test_a_denial_gives_the_one_reason_that_data_can_show() -> None:
    denied = triage(replace(UNLISTED, site=site(kind=SuffixKind.ORDINARY), mail=MAIL))
    assert denied.reason is Reason.NOT_ACADEMIC_DOMAIN


@pytest.mark.parametrize("doubt", [{"mail": MAIL}, {"stop_listed": STOPPED}, {"name": DIFFERS}])
def test_the_operators_trust_stands_above_the_lists(doubt: dict[str, Any]) -> None:
    facts = replace(SURE, override=own_word(Outcome.APPROVE), **doubt)
    assert triage(facts).rule == "override-approve"


def test_every_outcome_has_a_sentence_for_the_applicant() -> None:
    assert all(bool(rule.says) == (rule.outcome is not None) for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.looks.__doc__ for rule in RULES)


def some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


ANY_SITE = st.none() | st.builds(
    replace,
    st.just(SITE),
    kind=some(*SuffixKind),
    country=some("", "US", "GB"),
    warnings=some((), ("is odd",)),
)
ANY_FACTS = st.builds(
    Facts,
    site=ANY_SITE,
    country=some("", "US"),
    segment=some(None, *Segment),
    override=some(None, *map(own_word, Outcome)),
    institution=some(None, COLLEGE, replace(COLLEGE, umbrella=True), replace(COLLEGE, level=Segment.K12)),
    stop_listed=some(None, STOPPED),
    mail=some(None, MAIL),
    alumni=st.booleans(),
    name=some(None, AGREES, DIFFERS),
    own_domains=some((), (CONTOSO,), (replace(CONTOSO, agrees=True),), (replace(CONTOSO, academic=True),)),
    address_faults=some((), (fault(hard=True),), (fault(hard=False),)),
    contact_mail=some(None, MAIL),
)


def _contradicted(facts: Facts) -> bool:
    hard = any(fault.hard for fault in facts.address_faults)
    return hard or any(not own.agrees for own in facts.own_domains)


CONDITIONS: list[Callable[[Facts], bool]] = [
    lambda facts: facts.site is not None and not facts.site.warnings,
    lambda facts: not _contradicted(facts),
    lambda facts: facts.site is not None and facts.site.country in ("", facts.country or facts.site.country),
]


@given(ANY_FACTS)
def test_whatever_the_facts_there_is_a_verdict_and_approvals_are_sure(facts: Facts) -> None:
    verdict = triage(facts)
    if verdict.outcome is Outcome.APPROVE:
        assert all(holds(facts) for holds in CONDITIONS)
        vouched = facts.override is not None and facts.override.verdict is Outcome.APPROVE
        assert vouched or (facts.institution is not None and not facts.institution.umbrella)
        assert vouched or (facts.name is not None and facts.name.agrees and not facts.stop_listed and not facts.alumni)


@given(ANY_FACTS)
def test_only_mail_services_and_the_operator_deny(facts: Facts) -> None:
    verdict = triage(facts)
    if verdict.outcome is Outcome.DENY:
        assert verdict.rule in {"mail-service", "override-deny"}
        assert verdict.rule == "override-deny" or (facts.mail is not None and facts.institution is None)
