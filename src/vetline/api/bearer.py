"""Who is calling, and whether that is enough: one step for every route."""

from datetime import datetime

from vetline.api.call import Header
from vetline.api.router import Needs
from vetline.identity.caller import ADMINISTRATOR, REVIEWER, Caller
from vetline.identity.refusal import TokenProblem, TokenRefused
from vetline.identity.verifier import TokenVerifier
from vetline.store.port import UnavailableError
from vetline.wire import faults, headers
from vetline.wire.faults import FaultError

# https://learn.microsoft.com/partner-center/developer/error-codes
_CHALLENGE: tuple[Header, ...] = ((b"www-authenticate", b"OAuth realm=urn:cpsvc:cpid"),)
# https://learn.microsoft.com/partner-center/partner-security-requirements-mandating-mfa (05/26/2023)
INVALID_TOKEN: tuple[Header, ...] = ((b"www-authenticate", b'Bearer error="invalid_token"'),)

EXPIRED_SENTENCE = "The access token has expired. Get a new one and try again."
_SENTENCES = {
    TokenProblem.EXPIRED: EXPIRED_SENTENCE,
    TokenProblem.NOT_YET_VALID: "The access token is not valid yet. Check the clock of whoever issued it.",
    TokenProblem.ISSUER: "The access token comes from an issuer that is not trusted here.",
    TokenProblem.TENANT: "The access token's tenant is not a partner here.",
}


class Bearer:
    """Tells who calls.

    Parameters:
        verifier: verifies tokens and remembers those that held.
    """

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    async def caller(self, given: dict[bytes, bytes], now: datetime, *, mfa_needed: bool = True) -> Caller:
        """Return the caller behind a request.

        Parameters:
            mfa_needed: refuse users who signed in without a second factor.

        Raises:
            FaultError: AccessDenied, TokenRejected, AudienceInvalid or MfaRequired.
            UnavailableError: the issuer's keys cannot be fetched.
        """
        token = _token(given.get(b"authorization", b""))
        caller = self._verifier.cached(token, now.timestamp()) or await self._verify(token, now)
        if mfa_needed and not (caller.mfa or caller.is_app_only):
            raise FaultError(faults.MFA_REQUIRED, headers=INVALID_TOKEN + mfa_report(given, caller))
        return caller

    async def _verify(self, token: bytes, now: datetime) -> Caller:
        try:
            return await self._verifier.verify(token, now)
        except TokenRefused as refusal:
            if refusal.problem is TokenProblem.ISSUER_UNREACHABLE:
                raise UnavailableError("the token issuer's keys cannot be fetched") from refusal
            raise _fault_of(refusal) from refusal


def mfa_report(given: dict[bytes, bytes], caller: Caller) -> tuple[Header, ...]:
    """Return the header that reports MFA to a client that asked; an application alone is outside the rule.

    Source: https://learn.microsoft.com/partner-center/developer/partner-center-authentication
    """
    if given.get(headers.VALIDATE_MFA, b"").lower() != b"true":
        return ()
    return ((headers.IS_MFA_COMPLIANT, b"true" if caller.mfa or caller.is_app_only else b"false"),)


def check_rights(needs: Needs, caller: Caller) -> None:
    """Refuse a caller that a route does not serve.

    Raises:
        FaultError: AppOnlyNotSupported or InsufficientPrivileges.
    """
    if needs is Needs.ANY_CALLER:
        return
    if needs in (Needs.USER, Needs.REVIEWER) and caller.is_app_only:
        raise FaultError(faults.APP_ONLY)
    role = {Needs.REVIEWER: REVIEWER, Needs.ADMINISTRATOR: ADMINISTRATOR}.get(needs)
    if role is not None and role not in caller.roles:
        raise FaultError(faults.INSUFFICIENT_PRIVILEGES)


def _token(value: bytes) -> bytes:
    if value[:7] == b"Bearer " and value[7:8] > b" ":  # as nearly every client writes it
        return value[7:]
    scheme, _, token = value.partition(b" ")
    token = token.strip()
    if scheme.lower() != b"bearer" or not token:
        raise FaultError(faults.ACCESS_DENIED, headers=_CHALLENGE)
    return token


def _fault_of(refusal: TokenRefused) -> FaultError:
    if refusal.problem is TokenProblem.AUDIENCE:
        return FaultError(faults.AUDIENCE_INVALID, headers=INVALID_TOKEN, audience=refusal.audience or "")
    return FaultError(faults.TOKEN_REJECTED, _SENTENCES.get(refusal.problem), INVALID_TOKEN)
