"""Proves a token: its form, issuer, algorithm, key and signature, in this order; only then is any claim believed.

What is asked of every token is asked here; what a token is for, and who is in it, is asked by who takes it. Keys come
from the configuration, never from a token.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from vetline.identity.claims import TokenClaims, TokenHeader, guid_within
from vetline.identity.keys import KeysUnavailable, VerificationKey
from vetline.identity.refusal import TokenProblem, TokenRefused
from vetline.identity.trust import ALGORITHMS, TrustedIssuer

LONGEST_TOKEN = 16 * 1024
SKEW = 60.0
_LONGEST_KID = 256


class Proven(NamedTuple):
    """What is known of a token that counts.

    Attributes:
        claims: those that every token has.
        payload: all of them, JSON.
        tenant: whose it is.
        issuer: who signed it.
    """

    claims: TokenClaims
    payload: bytes
    tenant: str
    issuer: TrustedIssuer


class _Parsed(NamedTuple):
    header: TokenHeader
    claims: TokenClaims
    payload: bytes
    signed: jws.CompactSignature


async def prove(token: bytes | str, issuers: Sequence[TrustedIssuer], now: datetime) -> Proven:
    """Prove a token.

    Args:
        token: as received.
        issuers: whom to believe; the first whose name fits the token's `iss` judges it.
        now: the moment.

    Returns:
        What is known of it.

    Raises:
        TokenRefused: the token does not count, or (ISSUER_UNREACHABLE) it cannot be told now.
    """
    parsed = _parse(token)
    issuer = _issuer_of(parsed.claims, issuers)
    _check_header(parsed.header, issuer.algorithms)
    key = await _key(issuer, parsed.header.kid, now)
    _check_signature(parsed.signed, key)
    _check_audience(parsed.claims.aud, issuer.audiences)
    _check_times(parsed.claims, now.timestamp())
    tenant = issuer.tenant_of(parsed.claims.iss, parsed.claims.tid)
    _check_key_speaks_for(key, tenant)
    return Proven(parsed.claims, parsed.payload, tenant, issuer)


def _issuer_of(claims: TokenClaims, issuers: Sequence[TrustedIssuer]) -> TrustedIssuer:
    for issuer in issuers:
        if issuer.speaks_as(claims.iss):
            return issuer
    raise TokenRefused(TokenProblem.ISSUER, "the issuer is not trusted here")


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
    return _Parsed(header, claims, payload, _signed(header, payload, (head, body, signature)))


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


def _check_audience(aud: str | list[str], accepted: frozenset[str]) -> None:
    seen = [aud] if isinstance(aud, str) else aud
    if accepted.isdisjoint(seen):
        raise TokenRefused(TokenProblem.AUDIENCE, "the token is meant for somebody else", ", ".join(seen))


def _check_times(claims: TokenClaims, now: float) -> None:
    if now >= claims.exp + SKEW:
        raise TokenRefused(TokenProblem.EXPIRED, "the token has expired")
    if now < claims.nbf - SKEW:
        raise TokenRefused(TokenProblem.NOT_YET_VALID, "the token is not valid yet")


def _check_key_speaks_for(key: VerificationKey, tenant: str) -> None:
    # Entra publishes, beside the common keys, keys that may only sign for one tenant: they carry its issuer.
    # https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer
    bound = key.get("issuer")
    if isinstance(bound, str) and guid_within(bound) not in (None, tenant):
        raise TokenRefused(TokenProblem.TENANT, "the key may not sign for this tenant")


_CLAIMS = msgspec.json.Decoder(TokenClaims)
_HEADER = msgspec.json.Decoder(TokenHeader)
_ALGORITHMS = jws.JWSRegistry(algorithms=ALGORITHMS)
