"""Fetches an issuer's key set over HTTP, from where it is said to be or from where the issuer says it is."""

import httpx2
import msgspec

from vetline.identity.asking import TIMEOUT, NoAnswerError, ask
from vetline.identity.jwks import KeysUnavailable
from vetline.identity.safety import is_safe


class JwksAt:
    """A key set at a known URL."""

    def __init__(self, url: str, client: httpx2.AsyncClient | None = None) -> None:
        """Fetch from `url`.

        Args:
            url: the key set's; https, or http to a loopback address.
            client: the HTTP client to use, for a proxy or a private certificate authority. It is closed with this.

        Raises:
            ValueError: the URL is neither.
        """
        if not is_safe(url):
            raise ValueError(f"keys are fetched over https, or http to a loopback address, not from {url}")
        self._url = url
        self._client = client or httpx2.AsyncClient(timeout=TIMEOUT)

    async def fetch(self) -> bytes:
        """Return the key set's text; see `Fetcher`."""
        return await _get(self._client, self._url)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class JwksDiscovered:
    """A key set found through an issuer's OpenID configuration, which is read anew each time."""

    def __init__(self, configuration: str, issuer: str, client: httpx2.AsyncClient | None = None) -> None:
        """Fetch the configuration first, then the keys it points to.

        Args:
            configuration: its URL, ending in `/.well-known/openid-configuration`; https, or http to loopback.
            issuer: what its `issuer` must be, letter by letter; `{tenantid}` stands as it does in Entra's.
            client: the HTTP client to use. It is closed with this.

        Raises:
            ValueError: the URL is neither.
        """
        if not is_safe(configuration):
            raise ValueError(f"keys are fetched over https, or http to a loopback address, not from {configuration}")
        self._configuration = configuration
        self._issuer = issuer
        self._client = client or httpx2.AsyncClient(timeout=TIMEOUT)

    async def fetch(self) -> bytes:
        """Return the key set's text; see `Fetcher`."""
        found = _read_configuration(await _get(self._client, self._configuration))
        # https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
        if found.issuer != self._issuer:
            raise KeysUnavailable("the configuration is another issuer's")
        if not is_safe(found.jwks_uri):
            raise KeysUnavailable("the configuration points to keys that are not served over https")
        return await _get(self._client, found.jwks_uri)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class _Configuration(msgspec.Struct):
    issuer: str
    jwks_uri: str


def _read_configuration(document: bytes) -> _Configuration:
    try:
        return msgspec.json.decode(document, type=_Configuration)
    except (ValueError, RecursionError) as error:
        raise KeysUnavailable(f"the answer is no OpenID configuration ({type(error).__name__})") from None


async def _get(client: httpx2.AsyncClient, url: str) -> bytes:
    try:
        answer = await ask(client, url)
    except NoAnswerError as error:
        raise KeysUnavailable(str(error)) from error
    if answer.status != httpx2.codes.OK:
        raise KeysUnavailable(f"{url} answered {answer.status}")
    return answer.body
