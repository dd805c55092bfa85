"""Finds an issuer's endpoints and keys through its OpenID configuration; one request at a time, kept for an hour.

Source: https://openid.net/specs/openid-connect-discovery-1_0.html
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2
import msgspec

from vetline.identity.asking import NoAnswerError, ask
from vetline.identity.claims import canonical_guid
from vetline.identity.fetching import JwksAt
from vetline.identity.keys import JwksOverHttp
from vetline.identity.safety import is_safe
from vetline.identity.signing_in import SignInProblem, SignInRefused
from vetline.identity.trust import ALGORITHMS, TrustedIssuer

_LOOK_AGAIN_AFTER = timedelta(hours=1)
_MANY = "{tenantid}"


class Configuration(msgspec.Struct, frozen=True):
    """What an issuer publishes of itself, as far as a sign-in needs it."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    # https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata (the default, when it is left out)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


@dataclass(frozen=True, slots=True)
class Provider:
    """An issuer that was found: where people sign in, and whose tokens come of it."""

    configuration: Configuration
    issuer: TrustedIssuer


class Discovery:
    """Knows an issuer.

    Args:
        authority: its address, such as `https://login.microsoftonline.com/organizations/v2.0`.
        client_id: ours; the audience of its id tokens.
        operators: the tenants whose users may hold Vetline's own roles.
        client: the HTTP client to use. It is closed with this.

    Raises:
        ValueError: the address is neither https nor http to loopback.
    """

    def __init__(self, authority: str, client_id: str, operators: frozenset[str], client: httpx2.AsyncClient) -> None:
        if not is_safe(authority):
            raise ValueError(f"an authority is asked over https, or http to a loopback address, not at {authority}")
        self._authority = authority.rstrip("/")
        self._client_id = client_id
        self._operators = operators
        self._client = client
        self._keys: dict[str, JwksOverHttp] = {}
        self._known: Provider | None = None
        self._found_at: datetime | None = None
        self._flight: asyncio.Task[Provider | SignInRefused] | None = None

    async def provider(self, now: datetime) -> Provider:
        """Return the issuer.

        Raises:
            SignInRefused: it does not answer and is not known yet, or what it says cannot be used.
        """
        known = self._known
        # abs(): a clock set back must not keep us from looking for as long as it was set back.
        if known and self._found_at and abs(now - self._found_at) < _LOOK_AGAIN_AFTER:
            return known
        if self._flight is None or self._flight.done():
            self._flight = asyncio.create_task(self._find(now))
        found = await asyncio.shield(self._flight)
        if isinstance(found, Provider):
            return found
        if known is None:
            raise SignInRefused(found.problem, found.detail)
        return known

    async def aclose(self) -> None:
        """Give up what is under way and close the connections."""
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.wait([self._flight])
        for keys in self._keys.values():
            await keys.aclose()
        await self._client.aclose()

    async def _find(self, now: datetime) -> Provider | SignInRefused:
        try:
            answer = await ask(self._client, f"{self._authority}/.well-known/openid-configuration")
        except NoAnswerError as error:
            return SignInRefused(SignInProblem.UNREACHABLE, str(error))
        if answer.status != httpx2.codes.OK:
            return SignInRefused(SignInProblem.UNREACHABLE, f"{self._authority} answered {answer.status}")
        try:
            self._known = self._provider(read_configuration(answer.body, self._authority))
        except ValueError as error:
            return SignInRefused(SignInProblem.MISCONFIGURED, str(error))
        self._found_at = now
        return self._known

    def _provider(self, found: Configuration) -> Provider:
        keys = self._keys.setdefault(found.jwks_uri, JwksOverHttp(JwksAt(found.jwks_uri, self._client)))
        audiences = frozenset({self._client_id})
        return Provider(
            found,
            TrustedIssuer(found.issuer, keys, audiences, algorithms=ALGORITHMS, operators=self._operators),
        )


def read_configuration(document: bytes, authority: str) -> Configuration:
    """Return what an OpenID configuration says.

    Args:
        document: JSON.
        authority: whose it should be, without a trailing slash.

    Raises:
        ValueError: it cannot be used; the sentence says why.
    """
    try:
        found = msgspec.json.decode(document, type=Configuration)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the answer is no OpenID configuration ({type(error).__name__})") from None
    if not is_issuer_of(found.issuer, authority):
        raise ValueError("the configuration is another issuer's")
    named = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.end_session_endpoint)
    if not all(is_safe(url) for url in named if url):
        raise ValueError("the configuration names an endpoint that is not served over https")
    return found


def is_issuer_of(issuer: str, authority: str) -> bool:
    """Whether an authority may call itself `issuer`: as it is asked, or as Entra does.

    Entra says `{tenantid}` where it was asked as `organizations`, and the tenant's id where it was asked by a domain.
    https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
    """
    said, asked = issuer.rstrip("/").split("/"), authority.rstrip("/").split("/")
    different = [(new, old) for new, old in zip(said, asked, strict=False) if new != old]
    if len(said) != len(asked) or said[:3] != asked[:3] or len(different) > 1:
        return False
    return all(_is_tenant(new) and canonical_guid(old) is None for new, old in different)


def _is_tenant(segment: str) -> bool:
    return segment == _MANY or canonical_guid(segment) is not None
