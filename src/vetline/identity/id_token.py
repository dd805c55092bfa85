"""Reads who signed in out of an id token. That it is one of the issuer's, and meant for us, is proven already."""

import hmac

import msgspec

from vetline.identity.caller import roles_of, user_of
from vetline.identity.claims import TokenClaims
from vetline.identity.proof import Proven
from vetline.identity.signing_in import SignedIn, SignInProblem, SignInRefused

_LONGEST_USER = 256
_LONGEST_NAME = 100


class _IdClaims(msgspec.Struct, frozen=True):
    """What only an id token has.

    Source: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
    """

    nonce: str = ""
    name: str = ""
    amr: list[str] | msgspec.UnsetType = msgspec.UNSET


def signed_in(proven: Proven, client_id: str, nonce: str) -> SignedIn:
    """Return who signed in.

    Args:
        proven: an id token.
        client_id: ours.
        nonce: what the sign-in was begun with.

    Raises:
        SignInRefused: the token belongs to another sign-in or application, or there was no second factor.
    """
    try:
        more = _CLAIMS.decode(proven.payload)
    except (ValueError, RecursionError) as error:
        raise _not_believed(f"the id token cannot be read ({type(error).__name__})") from None
    _check_nonce(more.nonce, nonce)
    _check_party(proven.claims, client_id)
    _check_mfa(more.amr)
    user = user_of(proven.claims)
    if not 0 < len(user) <= _LONGEST_USER:
        raise _not_believed("the id token names no user, or by too long a name")
    trusted = proven.tenant in proven.issuer.operators
    return SignedIn(proven.tenant, user, _name(more.name, proven.claims), roles_of(proven.claims, trusted=trusted))


def _check_nonce(seen: str, begun: str) -> None:
    if not hmac.compare_digest(seen.encode(), begun.encode()):
        raise _not_believed("the id token belongs to another sign-in")


def _check_party(claims: TokenClaims, client_id: str) -> None:
    # https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation (3.1.3.7, steps 4 and 5)
    several = isinstance(claims.aud, list) and len(claims.aud) > 1
    if claims.azp != client_id and (claims.azp or several):
        raise _not_believed("the id token was issued to another application")


def _check_mfa(amr: list[str] | msgspec.UnsetType) -> None:
    # Entra's v2 id tokens do not say how somebody signed in: then its own policies have asked for what they ask.
    # https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
    if amr is not msgspec.UNSET and "mfa" not in amr:
        raise SignInRefused(SignInProblem.WITHOUT_MFA, "the id token says that there was no second factor")


def _name(name: str, claims: TokenClaims) -> str:
    found = name or claims.preferred_username or claims.upn or claims.unique_name or user_of(claims)
    return "".join(character for character in found if character.isprintable())[:_LONGEST_NAME].strip()


def _not_believed(detail: str) -> SignInRefused:
    return SignInRefused(SignInProblem.NOT_BELIEVED, detail)


_CLAIMS = msgspec.json.Decoder(_IdClaims)
