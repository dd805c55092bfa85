"""Decides whether a bearer token counts, and who is calling. Keys come from the configuration, never from a token.

Order: form, issuer, algorithm, key, signature; only then is any claim believed. Verified tokens are remembered for a
short while, so that a withdrawn key is noticed; refused ones never are.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from vetline.identity.caller import Caller, caller_of
from vetline.identity.claims import TokenClaims, TokenHeader, guid_within
from vetline.identity.keys import KeysUnavailable, VerificationKey
from vetline.identity.refusal import TokenProblem, TokenRefused
from vetline.identity.trust import ALGORITHMS, TrustedIssuer

LONGEST_TOKEN = 16 * 1024
_SKEW = 60.0
_REMEMBERED_FOR = 300.0
_LONGEST_KID = 256


class _Remembered(NamedTuple):
    caller: Caller
    until: float


class _Parsed(NamedTuple):
    header: TokenHeader
    claims: TokenClaims
    signed: jws.CompactSignature


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
        parsed = _parse(token)
        issuer = self._issuer_of(parsed.claims)
        _check_header(parsed.header, issuer.algorithms)
        generation = self._generation
        key = await _key(issuer, parsed.header.kid, now)
        _check_signature(parsed.signed, key)
        caller = _believe(parsed.claims, issuer, key, now.timestamp())
        # A key withdrawn while this one waited must not leave its tokens behind.
        if generation == self._generation:
            self._remember(token, caller, min(parsed.claims.exp + _SKEW, now.timestamp() + _REMEMBERED_FOR))
        return caller

    def forget(self) -> None:
        """Forget every verified token; each must prove itself again."""
        self._generation += 1
        self._remembered.clear()

    def _issuer_of(self, claims: TokenClaims) -> TrustedIssuer:
        for issuer in self._issuers:
            if issuer.speaks_as(claims.iss):
                return issuer
        raise TokenRefused(TokenProblem.ISSUER, "the issuer is not trusted here")

    def _remember(self, token: bytes | str, caller: Caller, until: float) -> None:
        self._remembered[_digest(token)] = _Remembered(caller, until)
        while len(self._remembered) > self._capacity:
            self._remembered.popitem(last=False)


def _digest(token: bytes | str) -> bytes:
    # "surrogatepass" because a header may hold anything; such a token is refused as malformed, not here.
    return sha256(token.encode("utf-8", "surrogatepass") if isinstance(token, str) else token).digest()


def _parse(token: bytes | str) -> _Parsed:
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused(TokenProblem.MALFORMED, "the token is too long")
    try:
        head, body, signature = (token.encode("ascii") if isinstance(token, str) else token).split(b".")
        header = _HEADER.decode(urlsafe_b64decode(head))
        payload = urlsafe_b64decode(body)
        claims = _CLAIMS.decode(payload)
    # ValueError holds UnicodeError and what msgspec raises; RecursionError is deep nesting.
    except (ValueError, RecursionError) as error:
        raise TokenRefused(TokenProblem.MALFORMED, f"not a signed token ({type(error).__name__})") from None
    return _Parsed(header, claims, _signed(header, payload, (head, body, signature)))


def _signed(header: TokenHeader, payload: bytes, segments: tuple[bytes, bytes, bytes]) -> jws.CompactSignature:
    # Of the header only the algorithm goes on: jku, x5u, jwk and x5c never reach the verification.
    signed = jws.CompactSignature({"alg": header.alg}, payload)
    signed.segments.update({"header": segments[0], "payload": segments[1], "signature": segments[2]})
    return signed


def _check_header(header: TokenHeader, algorithms: frozenset[str]) -> None:
    if header.alg not in algorithms:
        raise TokenRefused(TokenProblem.ALGORITHM, "the algorithm is not one the issuer may use")
    # No extension is understood here, and one marked critical must not be passed over: RFC 7515, section 4.1.11.
    if header.crit is not msgspec.UNSET:
        raise TokenRefused(TokenProblem.MALFORMED, "a critical header is not understood")
    if not 0 < len(header.kid) <= _LONGEST_KID:
        raise TokenRefused(TokenProblem.UNKNOWN_KEY, "the token names no key")


async def _key(issuer: TrustedIssuer, kid: str, now: datetime) -> VerificationKey:
    try:
        key = await issuer.key_source.key(kid, now)
    except KeysUnavailable as error:
        raise TokenRefused(TokenProblem.ISSUER_UNREACHABLE, str(error)) from error
    if key is None:
        raise TokenRefused(TokenProblem.UNKNOWN_KEY, "the issuer publishes no such key")
    return key


def _check_signature(signed: jws.CompactSignature, key: VerificationKey) -> None:
    try:
        holds = jws.validate_compact(signed, key, registry=_ALGORITHMS)
    except (JoseError, ValueError) as error:
        raise TokenRefused(TokenProblem.SIGNATURE, f"the key cannot verify it ({type(error).__name__})") from None
    if not holds:
        raise TokenRefused(TokenProblem.SIGNATURE, "the signature does not hold")


def _believe(claims: TokenClaims, issuer: TrustedIssuer, key: VerificationKey, now: float) -> Caller:
    _check_audience(claims.aud, issuer.audiences)
    if now >= claims.exp + _SKEW:
        raise TokenRefused(TokenProblem.EXPIRED, "the token has expired")
    if now < claims.nbf - _SKEW:
        raise TokenRefused(TokenProblem.NOT_YET_VALID, "the token is not valid yet")
    tenant = issuer.tenant_of(claims.iss, claims.tid)
    _check_key_speaks_for(key, tenant)
    if not (claims.appid or claims.azp or claims.client_id):
        raise TokenRefused(TokenProblem.MALFORMED, "the token names no application")
    return caller_of(claims, tenant, issuer.operators)


def _check_audience(aud: str | list[str], accepted: frozenset[str]) -> None:
    seen = [aud] if isinstance(aud, str) else aud
    if accepted.isdisjoint(seen):
        raise TokenRefused(TokenProblem.AUDIENCE, "the token is meant for somebody else", ", ".join(seen))


def _check_key_speaks_for(key: VerificationKey, tenant: str) -> None:
    # Entra publishes, beside the common keys, keys that may only sign for one tenant: they carry its issuer.
    # https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer
    bound = key.get("issuer")
    if isinstance(bound, str) and guid_within(bound) not in (None, tenant):
        raise TokenRefused(TokenProblem.TENANT, "the key may not sign for this tenant")


_CLAIMS = msgspec.json.Decoder(TokenClaims)
_HEADER = msgspec.json.Decoder(TokenHeader)
_ALGORITHMS = jws.JWSRegistry(algorithms=ALGORITHMS)
