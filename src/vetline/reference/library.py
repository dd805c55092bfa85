"""The reference library: one question about a case, one answer in facts.

It is loaded once, by constructing it, and is then asked from any number of threads. It gathers; it never judges.
"""

from datetime import date

from msgspec.structs import replace

from vetline.reference.addresses import Addresses, country_code
from vetline.reference.domains import Domain, NotADomain, read_domain
from vetline.reference.institutions import Institutions, for_alumni, parents
from vetline.reference.lookalikes import plain_host
from vetline.reference.mail import MailServices
from vetline.reference.names import Names, fold
from vetline.reference.overrides import Overrides
from vetline.reference.sources import DATASETS, source
from vetline.reference.suffixes import Suffixes
from vetline.vetting.applicant import Applicant, Claim
from vetline.vetting.facts import Facts, Institution, Listing, NameMatch, OwnDomain, Site, SuffixKind

MAX_DOMAINS = 50
MAX_SHOWN = 100
_ONLY_DEFAULTS = NotADomain("is only the one that every tenant gets")
# Every tenant gets one, so it says nothing about who the tenant is (ccsctp.net is the integration sandbox's).
# https://learn.microsoft.com/entra/identity/users/domains-manage
TENANT_DEFAULTS = frozenset({"onmicrosoft.com", "onmicrosoft.us", "partner.onmschina.cn", "ccsctp.net"})


class ReferenceLibrary:
    """All reference data, loaded.

    Parameters:
        overrides: the operator's own list; none by default.
    """

    def __init__(self, overrides: Overrides | None = None) -> None:
        """Load every list."""
        self._overrides = overrides or Overrides()
        self._suffixes = Suffixes()
        self._institutions = Institutions()
        self._mail = MailServices()
        self._names = Names()
        self._addresses = Addresses()

    @staticmethod
    def versions() -> dict[str, str]:
        """Return the version of every data set that a decision may rest on."""
        return {dataset: source(dataset).version for dataset in (*DATASETS, "vetline")}

    def look_up(self, applicant: Applicant, claim: Claim, today: date) -> Facts:
        """Gather what is known about a case.

        Parameters:
            applicant: the customer.
            claim: what the submission adds.
            today: the day that decides which overrides still hold.

        Returns:
            The facts; whatever the partner wrote, this does not raise.
        """
        facts = self._shared(applicant, claim)
        domain, given_as = self._judged(applicant, claim)
        if isinstance(domain, NotADomain):
            return replace(facts, no_site=f"the {given_as} {domain.why}")
        return self._at_site(facts, self._site(domain, given_as), applicant, today)

    def _shared(self, applicant: Applicant, claim: Claim) -> Facts:
        """Gather what does not depend on the domain."""
        return Facts(
            country=country_code(applicant.address.country),
            segment=claim.segment,
            address_faults=self._addresses.faults(applicant.address),
            contact_mail=self._contact(applicant.email),
        )

    def _judged(self, applicant: Applicant, claim: Claim) -> tuple[Domain | NotADomain, str]:
        """Read the website when one is given, else the first domain that is the customer's own."""
        if claim.website and claim.website.strip():
            return self._read(claim.website), "website"
        own = next((text for text in applicant.domains[:MAX_DOMAINS] if not _is_default(text)), None)
        return (_ONLY_DEFAULTS if own is None else self._read(own)), "customer's domain"

    def _read(self, text: str) -> Domain | NotADomain:
        domain = read_domain(text, self._suffixes)
        if isinstance(domain, Domain) and _is_default(domain.host):
            return _ONLY_DEFAULTS
        return domain

    def _site(self, domain: Domain, given_as: str) -> Site:
        kind, country = self._suffixes.kind(domain.suffix), self._suffixes.country(domain.suffix)
        places = (domain.host, domain.registrable, domain.suffix)
        warnings = domain.warnings + self._imitation(domain)
        return Site(*places, kind, country, given_as, warnings, self._suffixes.source)

    def _imitation(self, domain: Domain) -> tuple[str, ...]:
        """Warn of a host in other letters that reads like a listed institution's."""
        plain = plain_host(domain.host)
        if plain == domain.host or not self._institutions.find(plain, self._suffixes.registrable(plain) or plain):
            return ()
        return (f"looks like {plain}, which is an institution's",)

    def _at_site(self, facts: Facts, site: Site, applicant: Applicant, today: date) -> Facts:
        """Add what the lists say about the site."""
        institution = self._institutions.find(site.host, site.registrable)
        return replace(
            facts,
            site=site,
            override=self._overrides.find(parents(site.host, site.registrable), today),
            institution=institution,
            stop_listed=self._institutions.stop_listed(site.host),
            mail=self._mail.find(site.host),
            alumni=for_alumni(site.host),
            name=self._name(applicant.company_name, institution),
            own_domains=self._own_domains(applicant, site, institution),
        )

    def _name(self, legal: str, institution: Institution | None) -> NameMatch | None:
        return self._names.compare(legal, institution.domain, institution.names) if institution else None

    def _own_domains(self, applicant: Applicant, site: Site, institution: Institution | None) -> tuple[OwnDomain, ...]:
        own = (text for text in applicant.domains[:MAX_DOMAINS] if not _is_default(text))
        return tuple(self._own_domain(text, site, institution) for text in own)

    def _own_domain(self, text: str, site: Site, institution: Institution | None) -> OwnDomain:
        domain = read_domain(text, self._suffixes)
        if isinstance(domain, NotADomain) or domain.warnings:
            return OwnDomain(repr(text[:MAX_SHOWN]), agrees=False, academic=False)
        found = self._institutions.find(domain.host, domain.registrable)
        reserved = self._suffixes.kind(domain.suffix) not in (SuffixKind.ORDINARY, SuffixKind.OPEN_ACADEMIC)
        same = domain.registrable == site.registrable or _same_institution(found, institution)
        return OwnDomain(domain.host, same, found is not None or reserved)

    def _contact(self, email: str) -> Listing | None:
        host = read_domain(email.rpartition("@")[2], self._suffixes)
        return self._mail.find(host.host) if isinstance(host, Domain) else None


def _is_default(text: str) -> bool:
    """Tell a domain that every tenant gets from one that is the customer's own."""
    host = text.strip().lower().removesuffix(".")
    return any(host == default or host.endswith("." + default) for default in TENANT_DEFAULTS)


def _same_institution(one: Institution | None, other: Institution | None) -> bool:
    """Tell whether two entries are the same institution under two domains: one of their names is the same."""
    if one is None or other is None or one.umbrella or other.umbrella:
        return False
    return bool({fold(name) for name in one.names} & {fold(name) for name in other.names})
