"""Signs people in at an OpenID Connect issuer: the authorization code flow with PKCE, and what comes of it.

Source: https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
"""

import re
from datetime import datetime
from urllib.parse import quote, urlencode

import httpx2
import msgspec

from vetline.identity.asking import Answer, NoAnswerError, ask
from vetline.identity.discovery import Configuration, Discovery
from vetline.identity.id_token import signed_in
from vetline.identity.proof import prove
from vetline.identity.refusal import TokenProblem, TokenRefused
from vetline.identity.signing_in import Attempt, Registration, SignedIn, SignInProblem, SignInRefused

# https://learn.microsoft.com/entra/identity-platform/scopes-oidc#openid-connect-scopes
_SCOPE = "openid profile"
# What a log may repeat of an issuer's answer: the name of the error, and Entra's number for it.
_ERROR = re.compile(r"[a-z_]{1,64}", re.ASCII)
_AADSTS = re.compile(r"AADSTS\d{1,10}", re.ASCII)

# https://datatracker.ietf.org/doc/html/rfc6749#section-5.2 and, for the authorization endpoint, section-4.1.2.1;
# https://learn.microsoft.com/entra/identity-platform/reference-error-codes#oauth-error-codes
_PROBLEMS = {
    "access_denied": SignInProblem.DECLINED,
    "consent_required": SignInProblem.CONSENT,
    "interaction_required": SignInProblem.CONSENT,
    "invalid_grant": SignInProblem.USED_UP,
    "login_required": SignInProblem.USED_UP,
    "server_error": SignInProblem.UNREACHABLE,
    "temporarily_unavailable": SignInProblem.UNREACHABLE,
}
_ABOUT_TIME = {TokenProblem.EXPIRED, TokenProblem.NOT_YET_VALID}


class _Tokens(msgspec.Struct):
    id_token: str


class _Failure(msgspec.Struct):
    error: str = ""
    error_description: str = ""


class RelyingParty:
    """Sends people to an issuer and believes what it says of who comes back.

    Args:
        discovery: knows the issuer.
        registration: what it knows us by.
        client: the HTTP client to use; closed with `discovery`.
    """

    def __init__(self, discovery: Discovery, registration: Registration, client: httpx2.AsyncClient) -> None:
        self._discovery = discovery
        self._registration = registration
        self._client = client

    async def address(self, attempt: Attempt, now: datetime, *, choosing: bool) -> str:
        """Return where to send somebody to sign in.

        Args:
            attempt: the sign-in that is begun.
            now: the moment.
            choosing: whether they shall choose as whom, even where the issuer knows them still.

        Raises:
            SignInRefused: the issuer cannot be found.
        """
        endpoint = (await self._discovery.provider(now)).configuration.authorization_endpoint
        asked = {
            "client_id": self._registration.client_id,
            "response_type": "code",
            "response_mode": "query",
            "redirect_uri": self._registration.redirect_uri,
            "scope": _SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        } | ({"prompt": "select_account"} if choosing else {})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def redeem(self, code: str, attempt: Attempt, now: datetime) -> SignedIn:
        """Return who came back with a code.

        Raises:
            SignInRefused: nobody who counts.
        """
        provider = await self._discovery.provider(now)
        answer = await self._exchange(provider.configuration, code, attempt.verifier)
        try:
            proven = await prove(_id_token(answer), [provider.issuer], now)
        except TokenRefused as refused:
            raise _refused(refused) from refused
        return signed_in(proven, self._registration.client_id, attempt.nonce)

    async def sign_out_address(self, now: datetime) -> str:
        """Return where somebody signs out of the issuer too; empty when it has no such page or does not answer."""
        try:
            return (await self._discovery.provider(now)).configuration.end_session_endpoint
        except SignInRefused:
            return ""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._discovery.aclose()

    async def _exchange(self, found: Configuration, code: str, verifier: str) -> Answer:
        ours = self._registration
        form = {
            "grant_type": "authorization_code",
            "client_id": ours.client_id,
            "code": code,
            "redirect_uri": ours.redirect_uri,
            "code_verifier": verifier,
        }
        basic = None
        if ours.client_secret and "client_secret_post" in found.token_endpoint_auth_methods_supported:
            form["client_secret"] = ours.client_secret
        elif ours.client_secret:
            # https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1 (both parts are form-encoded first)
            basic = quote(ours.client_id, safe=""), quote(ours.client_secret, safe="")
        try:
            return await ask(self._client, found.token_endpoint, form, basic)
        except NoAnswerError as error:
            raise SignInRefused(SignInProblem.UNREACHABLE, str(error)) from error


def refusal_of(error: str, description: str) -> SignInRefused:
    """Return what an issuer's error means.

    Args:
        error: its name, as the issuer gives it.
        description: its sentence; no more than Entra's number of it is kept.
    """
    name = error if _ERROR.fullmatch(error) else "an error without a name"
    number = _AADSTS.search(description)
    detail = f"the issuer answered {name}" + (f" ({number.group()})" if number else "")
    return SignInRefused(_PROBLEMS.get(error, SignInProblem.MISCONFIGURED), detail)


def _id_token(answer: Answer) -> str:
    try:
        if answer.status == httpx2.codes.OK:
            return msgspec.json.decode(answer.body, type=_Tokens).id_token
        failure = msgspec.json.decode(answer.body, type=_Failure)
    except (ValueError, RecursionError):
        failure = _Failure()
    if answer.status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        raise SignInRefused(SignInProblem.UNREACHABLE, f"the token endpoint answered {answer.status}")
    raise refusal_of(failure.error, failure.error_description)


def _refused(refused: TokenRefused) -> SignInRefused:
    if refused.problem in _ABOUT_TIME:
        return SignInRefused(SignInProblem.CLOCK, str(refused))
    if refused.problem is TokenProblem.ISSUER_UNREACHABLE:
        return SignInRefused(SignInProblem.UNREACHABLE, str(refused))
    return SignInRefused(SignInProblem.NOT_BELIEVED, str(refused))
