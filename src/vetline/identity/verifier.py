"""Decides whether a bearer token counts, and who is calling.

Verified tokens are remembered for a short while, so that a withdrawn key is noticed; refused ones never are.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from vetline.identity.caller import Caller, caller_of
from vetline.identity.proof import SKEW, Proven, prove
from vetline.identity.refusal import TokenProblem, TokenRefused
from vetline.identity.trust import TrustedIssuer

_REMEMBERED_FOR = 300.0


class _Remembered(NamedTuple):
    caller: Caller
    until: float


class TokenVerifier:
    """Verifies tokens of the configured issuers and remembers those that held."""

    def __init__(self, issuers: Sequence[TrustedIssuer], *, capacity: int = 10_000) -> None:
        """Trust `issuers`, and forget everything remembered whenever one of them withdraws a key.

        Args:
            issuers: whom to believe; the first whose name fits a token's `iss` judges it.
            capacity: how many verified tokens to remember; the oldest goes first.

        Raises:
            ValueError: there is no issuer.
        """
        if not issuers:
            raise ValueError("a verifier needs at least one issuer")
        self._issuers = tuple(issuers)
        self._capacity = capacity
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()
        self._generation = 0
        for issuer in self._issuers:
            issuer.key_source.on_withdrawal(self.forget)

    def cached(self, token: bytes | str, now: float) -> Caller | None:
        """Return the caller of a token verified lately, without any waiting.

        Args:
            token: the bearer token as received.
            now: the moment, in seconds since 1970.

        Returns:
            The caller; None when the token is not remembered or its time is over: then `verify` it.
        """
        known = self._remembered.get(_digest(token))
        return known.caller if known and now < known.until else None

    async def verify(self, token: bytes | str, now: datetime) -> Caller:
        """Verify a token and remember it.

        Args:
            token: the bearer token as received.
            now: the moment.

        Returns:
            The caller.

        Raises:
            TokenRefused: the token does not count, or (ISSUER_UNREACHABLE) it cannot be told now.
        """
        generation = self._generation
        proven = await prove(token, self._issuers, now)
        caller = _caller(proven)
        # A key withdrawn while this one waited must not leave its tokens behind.
        if generation == self._generation:
            self._remember(token, caller, min(proven.claims.exp + SKEW, now.timestamp() + _REMEMBERED_FOR))
        return caller

    def forget(self) -> None:
        """Forget every verified token; each must prove itself again."""
        self._generation += 1
        self._remembered.clear()

    def _remember(self, token: bytes | str, caller: Caller, until: float) -> None:
        self._remembered[_digest(token)] = _Remembered(caller, until)
        while len(self._remembered) > self._capacity:
            self._remembered.popitem(last=False)


def _digest(token: bytes | str) -> bytes:
    # "surrogatepass" because a header may hold anything; such a token is refused as malformed, not here.
    return sha256(token.encode("utf-8", "surrogatepass") if isinstance(token, str) else token).digest()


def _caller(proven: Proven) -> Caller:
    claims = proven.claims
    if not (claims.appid or claims.azp or claims.client_id):
        raise TokenRefused(TokenProblem.MALFORMED, "the token names no application")
    return caller_of(claims, proven.tenant, proven.issuer.operators)
