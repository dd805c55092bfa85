"""How often customers in review were read: what the mode `after-polls:N` goes by."""

from collections import Counter
from collections.abc import Sequence


class Reads:
    """Counts reads of customers that have a case in review."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def are_enough(self, partner: str, customer: str, polls: int) -> bool:
        """Count a read, and return whether there were more than `polls`; then counting begins anew."""
        self._counts[partner, customer] += 1
        if self._counts[partner, customer] <= polls:
            return False
        del self._counts[partner, customer]
        return True

    def forget(self) -> None:
        """Begin to count anew."""
        self._counts.clear()

    def kept(self) -> list[tuple[str, str, int]]:
        """Return the counts: a partner, its customer, how often."""
        return [(*whose, count) for whose, count in self._counts.items()]

    def restore(self, kept: Sequence[tuple[str, str, int]]) -> None:
        """Go on from counts that were kept, and from no others."""
        self._counts = Counter({(partner, customer): count for partner, customer, count in kept})
