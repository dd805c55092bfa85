"""The triage's rules, one small function each: what a rule looks for, and what it saw.

A rule never decides; the table in `vetline.vetting.triage` says what follows when it fires.
"""

import msgspec

from vetline.vetting.evidence import Outcome
from vetline.vetting.facts import CLAIM, Facts, Source, SuffixKind
from vetline.vetting.words import Segment

TRUSTABLE = frozenset(
    {SuffixKind.ACADEMIC, SuffixKind.K12, SuffixKind.LIBRARY, SuffixKind.COMMUNITY_COLLEGE, SuffixKind.MUSEUM}
)
# Anyone can register below an open suffix, so it protects nobody from a denial and convinces nobody either.
UNPROTECTED = frozenset({SuffixKind.ORDINARY, SuffixKind.OPEN_ACADEMIC})


class Policy(msgspec.Struct, frozen=True):
    """What an operator trusts beyond the data.

    Parameters:
        approve_suffixes: kinds of suffix (``edu``, ``k12``, ``lib``, ``cc``, ``museum``) whose registry vets its
            registrants well enough to approve an unlisted domain; the default trusts none.

    Raises:
        ValueError: a kind that does not exist or that says nothing about education.
    """

    approve_suffixes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a kind that no suffix has, so that a typing error does not pass as caution."""
        unknown = self.approve_suffixes - {kind.value for kind in TRUSTABLE}
        if unknown:
            known = ", ".join(sorted(kind.value for kind in TRUSTABLE))
            raise ValueError(f"approve_suffixes knows {known}; take out {', '.join(sorted(unknown))}")


class Seen(msgspec.Struct, frozen=True):
    """What a rule saw.

    Parameters:
        saw: one sentence for a reviewer.
        source: where the fact comes from.
    """

    saw: str
    source: Source


def no_site(facts: Facts, policy: Policy) -> Seen | None:
    """There is no domain to judge."""
    return Seen(f"No domain to judge: {facts.no_site}.", CLAIM) if facts.site is None else None


def suspicious_site(facts: Facts, policy: Policy) -> Seen | None:
    """The text names a host, but is written as people write who want another host to be read."""
    if facts.site is None or not facts.site.warnings:
        return None
    return Seen(f"Read as {facts.site.host}, but the text {'; it '.join(facts.site.warnings)}.", CLAIM)


def override_denies(facts: Facts, policy: Policy) -> Seen | None:
    """The operator refuses this domain."""
    return _override(facts, Outcome.DENY)


def override_refers(facts: Facts, policy: Policy) -> Seen | None:
    """The operator wants a person to look at this domain."""
    return _override(facts, Outcome.REFER)


def override_approves(facts: Facts, policy: Policy) -> Seen | None:
    """The operator vouches for this domain."""
    return _override(facts, Outcome.APPROVE)


def mail_service_of_institution(facts: Facts, policy: Policy) -> Seen | None:
    """The domain is on a list of mail services, and something academic speaks for it.

    The lists of free mail hold real universities, nus.edu.sg and unican.es among them.
    """
    if facts.mail is None or _vouched(facts) or not _speaks_academic(facts):
        return None
    return Seen(f"{facts.mail.entry} is listed as {facts.mail.kind}, yet it looks academic.", facts.mail.source)


def mail_service(facts: Facts, policy: Policy) -> Seen | None:
    """The domain is a free or disposable mail service, and nothing academic speaks for it."""
    if facts.mail is None or _vouched(facts) or _speaks_academic(facts):
        return None
    return Seen(f"{facts.mail.entry} is {facts.mail.kind}, and no institution is listed there.", facts.mail.source)


def domains_disagree(facts: Facts, policy: Policy) -> Seen | None:
    """The customer owns another domain than the one it claims."""
    others = [own.domain for own in facts.own_domains if not own.agrees]
    if facts.site is None or not others:
        return None
    return Seen(f"The customer's own domain {', '.join(others)} is not that of {facts.site.host}.", CLAIM)


def countries_disagree(facts: Facts, policy: Policy) -> Seen | None:
    """The domain's country code is not the country of the address."""
    site = facts.site
    if site is None or not site.country or not facts.country or site.country == facts.country:
        return None
    return Seen(f"{site.host} belongs to {site.country}, the address is in {facts.country}.", site.source)


def address_faulty(facts: Facts, policy: Policy) -> Seen | None:
    """The country or the postal code cannot be right."""
    return _address(facts, hard=True)


def segment_contradicted(facts: Facts, policy: Policy) -> Seen | None:
    """The claimed segment is not what the suffix or the listed name says."""
    shown = _shown_segment(facts)
    if shown is None or facts.segment is None or shown[0] is facts.segment:
        return None
    return Seen(f"The claim says {facts.segment.value}, the {shown[1]} says {shown[0].value}.", shown[2])


def alumni_site(facts: Facts, policy: Policy) -> Seen | None:
    """The site serves former students, who are no institution."""
    if facts.site is None or not facts.alumni:
        return None
    return Seen(f"{facts.site.host} is for alumni.", CLAIM)


def stop_listed(facts: Facts, policy: Policy) -> Seen | None:
    """The list's keepers withdrew the domain, mostly because its addresses were abused.

    Whole universities are on it (xmu.edu.cn, tju.edu.cn), so it is a question and no refusal.
    """
    if facts.stop_listed is None or _vouched(facts):
        return None
    return Seen(f"{facts.stop_listed.entry} is on {facts.stop_listed.kind}.", facts.stop_listed.source)


def umbrella(facts: Facts, policy: Policy) -> Seen | None:
    """The entry stands for many institutions, so its name does not say which one this is."""
    if facts.institution is None or not facts.institution.umbrella or _vouched(facts):
        return None
    return Seen(f"{facts.institution.domain} is shared by a group of institutions.", facts.institution.source)


def name_differs(facts: Facts, policy: Policy) -> Seen | None:
    """The legal name is not that of the institution listed at the domain."""
    if facts.institution is None or _vouched(facts) or (facts.name is not None and facts.name.agrees):
        return None
    if facts.name is None:
        return Seen("There are no names to compare.", facts.institution.source)
    return Seen(f"The nearest listed name is {facts.name.nearest!r} ({facts.name.score:.0f}/100).", facts.name.source)


def name_agrees(facts: Facts, policy: Policy) -> Seen | None:
    """The legal name is that of the institution listed at the domain."""
    if facts.name is None or not facts.name.agrees:
        return None
    return Seen(f"The legal name is {facts.name.nearest!r} ({facts.name.score:.0f}/100).", facts.name.source)


def listed_institution(facts: Facts, policy: Policy) -> Seen | None:
    """The domain is that of a listed institution."""
    if facts.institution is None:
        return None
    called = ", ".join(facts.institution.names[:3]) or "an institution without a name"
    return Seen(f"{facts.institution.domain} is listed as {called}.", facts.institution.source)


def trusted_suffix(facts: Facts, policy: Policy) -> Seen | None:
    """The operator trusts the registry of this suffix."""
    kind = facts.site.kind if facts.site else SuffixKind.ORDINARY
    return _suffix(facts, kind) if kind in TRUSTABLE and kind.value in policy.approve_suffixes else None


def open_suffix(facts: Facts, policy: Policy) -> Seen | None:
    """The suffix sounds academic, yet anyone can register there."""
    return _suffix(facts, SuffixKind.OPEN_ACADEMIC)


def reserved_suffix(facts: Facts, policy: Policy) -> Seen | None:
    """The suffix is kept for schools, libraries, museums or governments, and the domain is not listed."""
    kind = facts.site.kind if facts.site else SuffixKind.ORDINARY
    return None if kind in UNPROTECTED else _suffix(facts, kind)


def unlisted(facts: Facts, policy: Policy) -> Seen | None:
    """No list and no suffix says anything about the domain."""
    if facts.site is None or facts.institution is not None:
        return None
    return Seen(f"No institution is listed at {facts.site.registrable}.", facts.site.source)


def segment_missing(facts: Facts, policy: Policy) -> Seen | None:
    """The partner gave no education segment."""
    return Seen("No education segment was given.", CLAIM) if facts.segment is None else None


def contact_by_mail_service(facts: Facts, policy: Policy) -> Seen | None:
    """The contact writes from a mail service instead of from the institution."""
    if facts.contact_mail is None:
        return None
    return Seen(f"The contact writes from {facts.contact_mail.entry}.", facts.contact_mail.source)


def address_doubtful(facts: Facts, policy: Policy) -> Seen | None:
    """The region or the city is not one the data knows; the data is not complete."""
    return _address(facts, hard=False)


def _override(facts: Facts, verdict: Outcome) -> Seen | None:
    override = facts.override
    if override is None or override.verdict is not verdict:
        return None
    until = f"{override.owner}, until {override.expires.isoformat()}"
    return Seen(f"{override.domain}: {override.reason} ({until}).", override.source)


def _vouched(facts: Facts) -> bool:
    return facts.override is not None and facts.override.verdict is Outcome.APPROVE


def _speaks_academic(facts: Facts) -> bool:
    reserved = facts.site is not None and facts.site.kind not in UNPROTECTED
    return facts.institution is not None or reserved or any(own.academic for own in facts.own_domains)


def _address(facts: Facts, hard: bool) -> Seen | None:
    faults = [fault for fault in facts.address_faults if fault.hard is hard]
    return Seen(" ".join(fault.says for fault in faults), faults[0].source) if faults else None


def _shown_segment(facts: Facts) -> tuple[Segment, str, Source] | None:
    if facts.site is not None and facts.site.kind is SuffixKind.K12:
        return Segment.K12, "suffix", facts.site.source
    if facts.site is not None and facts.site.kind is SuffixKind.COMMUNITY_COLLEGE:
        return Segment.HIGHER, "suffix", facts.site.source
    if facts.institution is not None and facts.institution.level is not None:
        return facts.institution.level, "listed name", facts.institution.source
    return None


def _suffix(facts: Facts, kind: SuffixKind) -> Seen | None:
    if facts.site is None or facts.site.kind is not kind:
        return None
    return Seen(f"{facts.site.host} stands under {facts.site.suffix}, kind {kind.value!r}.", facts.site.source)
