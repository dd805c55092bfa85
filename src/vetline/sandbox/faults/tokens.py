"""The access tokens that faults made invalid. Kept as digests: a token is a secret."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping

# More than any run has; the oldest is forgotten first.
_MOST = 10_000


class RefusedTokens:
    """Which tokens are refused, and because of which fault."""

    def __init__(self) -> None:
        self._numbers: OrderedDict[bytes, int] = OrderedDict()

    def refuse(self, authorization: bytes, number: int) -> None:
        """Refuse from now on what a header brought, because of the fault with that number."""
        if authorization:
            self._numbers[_digest(authorization)] = number
        if len(self._numbers) > _MOST:
            self._numbers.popitem(last=False)

    def because_of(self, authorization: bytes) -> int | None:
        """Return the number of the fault for which a token is refused; `None` when it is not."""
        return self._numbers.get(_digest(authorization)) if self._numbers else None

    def kept(self) -> dict[str, int]:
        """Return the digests of what is refused, each with the number of its fault."""
        return {digest.hex(): number for digest, number in self._numbers.items()}

    def restore(self, kept: Mapping[str, int]) -> None:
        """Refuse what was kept, and nothing else."""
        self._numbers = OrderedDict((bytes.fromhex(digest), number) for digest, number in kept.items())

    def forget(self) -> None:
        """Refuse none any more."""
        self._numbers.clear()


def _digest(authorization: bytes) -> bytes:
    return hashlib.sha256(authorization).digest()
