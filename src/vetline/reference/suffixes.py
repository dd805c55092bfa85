"""Public suffixes: where a domain's owner ends and a registry begins, and for whom that registry registers.

The list (https://publicsuffix.org/list/) is read twice, because its halves answer two questions: the ICANN half says
what kind of registry it is, both halves together say who shares a registrable domain with strangers.
"""

from vetline.reference.sources import source
from vetline.vetting.facts import SuffixKind

# Read from the right, the first label in this table says the kind: edu.au, nsw.edu.au; gov.br, ac.gov.br.
_KINDS = {
    **dict.fromkeys(("edu", "ac", "ed", "univ"), SuffixKind.ACADEMIC),
    **dict.fromkeys(("k12", "sch", "school"), SuffixKind.K12),
    "lib": SuffixKind.LIBRARY,
    "museum": SuffixKind.MUSEUM,
    **dict.fromkeys(("gov", "gob", "gouv", "govt", "gub"), SuffixKind.GOVERNMENT),
    "mil": SuffixKind.MILITARY,
}
# "go" and "cc" mean a government and a community college only here; go.it is the province of Gorizia.
_GO = frozenset({"go.jp", "go.kr", "go.th", "go.id", "go.ke", "go.tz", "go.ug", "go.cr", "go.ci"})
# Sold to anyone: disposable mail services stand here by the dozen.
_OPEN = frozenset({"edu.kg", "edu.pl"})
# As top-level domains, only these are kept for anybody; .ac is Ascension Island, .school is for sale.
_KEPT_TLDS = frozenset({"edu", "gov", "mil", "museum"})
# Two letters that are no ISO country: Ascension Island, the European Union, the Soviet Union.
_NO_COUNTRY = frozenset({"ac", "eu", "su"})
# Country codes that the world registers under say nothing about a country, unless a registry vets (edu.co does).
# https://developers.google.com/search/docs/specialty/international/managing-multi-regional-sites#generic-domains
_GENERIC = frozenset(
    ("ad", "ai", "as", "bz", "cc", "cd", "co", "dj", "fm", "io", "la", "me", "ms", "nu", "sc", "sr", "tk", "tv", "ws")
)


class Suffixes:
    """The public suffix list.

    Loading reads a file; afterwards it is immutable, and any number of threads may ask.
    """

    def __init__(self) -> None:
        """Read the list that is installed."""
        from publicsuffixlist import PublicSuffixList

        self.source = source("publicsuffixlist")
        self._icann = PublicSuffixList(accept_unknown=False, only_icann=True)
        self._all = PublicSuffixList(accept_unknown=False)

    def suffix(self, host: str) -> str:
        """Return the registry's suffix that a host stands under; empty when its top-level domain does not exist."""
        return self._icann.publicsuffix(host) or ""

    def registrable(self, host: str) -> str:
        """Return the part of a host that one owner registered; empty when there is none.

        Below a suffix that a private owner shares out (``github.io``), each name is its own registration; the owner's
        own host and its ``www`` are the owner's.
        """
        own = host.removeprefix("www.")
        if self._all.is_public(own):
            return self._icann.privatesuffix(own) or ""
        return self._all.privatesuffix(host) or ""

    def kind(self, suffix: str) -> SuffixKind:
        """Return for whom a suffix is kept."""
        if suffix in _OPEN:
            return SuffixKind.OPEN_ACADEMIC
        if suffix in _GO:
            return SuffixKind.GOVERNMENT
        labels = suffix.split(".")
        if labels[0] == "cc" and labels[-1] == "us":
            return SuffixKind.COMMUNITY_COLLEGE
        kept = labels[:-1] or ([suffix] if suffix in _KEPT_TLDS else [])
        return next((_KINDS[label] for label in reversed(kept) if label in _KINDS), SuffixKind.ORDINARY)

    def country(self, suffix: str) -> str:
        """Return the country of a country-code suffix, ISO 3166-1 alpha-2; empty when it names none.

        Two letters mean a country (RFC 1591 section 2); the United Kingdom alone writes another code than ISO's.
        """
        code = suffix.rpartition(".")[2]
        open_to_all = code in _GENERIC and self.kind(suffix) is SuffixKind.ORDINARY
        if len(code) != 2 or code in _NO_COUNTRY or open_to_all:
            return ""
        return "GB" if code == "uk" else code.upper()
