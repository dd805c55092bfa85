"""Fetches certificates over HTTP. The other side is not trusted: time and size are bounded, redirects are refused.

The environment is not asked for proxies, keys or certificates: who needs a proxy gives a `fetch` of their own.
"""

import asyncio
import ssl
from time import monotonic

import httpx2

from vetline.sdk.webhooks.conversation import LARGEST_DOCUMENT
from vetline.sdk.webhooks.errors import CertificateUnavailableError

# The first is each step's, the second the whole fetch's: a server that drips a byte a second stays within the first.
# Without an event loop the second is looked at between the pieces of the body: headers are bounded by the step alone.
_STEP = 5.0
_DEADLINE = 10.0
_TROUBLE = (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError)


class HttpFetch:
    """Fetches and waits; the connection is closed after each."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, deadline: float = _DEADLINE) -> None:
        """Parameters: `tls` is whom to trust, the system's roots by default; `deadline` is in seconds."""
        self._tls = tls
        self._deadline = deadline

    def __call__(self, url: str) -> bytes:
        """Return what lies at `url`.

        Raises:
            CertificateUnavailableError: it cannot be fetched, or is too large.
        """
        until = monotonic() + self._deadline
        received = bytearray()
        try:
            with _client(self._tls, self._deadline) as client, client.stream("GET", url) as response:
                _check_status(response, url)
                for chunk in response.iter_raw():
                    received += chunk
                    _check_size(received, url)
                    if monotonic() > until:
                        raise TimeoutError
        except _TROUBLE as error:
            raise _unanswered(url, error) from error
        return bytes(received)


class AsyncHttpFetch:
    """Fetches without blocking the event loop; the connection is closed after each."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, deadline: float = _DEADLINE) -> None:
        """Parameters: `tls` is whom to trust, the system's roots by default; `deadline` is in seconds."""
        self._tls = tls
        self._deadline = deadline

    async def __call__(self, url: str) -> bytes:
        """Return what lies at `url`.

        Raises:
            CertificateUnavailableError: it cannot be fetched, or is too large.
        """
        received = bytearray()
        try:
            async with (
                asyncio.timeout(self._deadline),
                _async_client(self._tls, self._deadline) as client,
                client.stream("GET", url) as response,
            ):
                _check_status(response, url)
                async for chunk in response.aiter_raw():
                    received += chunk
                    _check_size(received, url)
        except _TROUBLE as error:
            raise _unanswered(url, error) from error
        return bytes(received)


def _client(tls: ssl.SSLContext | None, deadline: float) -> httpx2.Client:
    timeout = httpx2.Timeout(min(_STEP, deadline))
    return httpx2.Client(verify=tls or True, trust_env=False, follow_redirects=False, timeout=timeout, headers=_PLAIN)


def _async_client(tls: ssl.SSLContext | None, deadline: float) -> httpx2.AsyncClient:
    timeout = httpx2.Timeout(min(_STEP, deadline))
    return httpx2.AsyncClient(
        verify=tls or True, trust_env=False, follow_redirects=False, timeout=timeout, headers=_PLAIN
    )


# Raw bytes are read, so that a compressed answer cannot unfold beyond the limit; and none is asked for.
_PLAIN = {"Accept-Encoding": "identity", "User-Agent": "vetline-webhooks"}


def _check_status(response: httpx2.Response, url: str) -> None:
    if response.status_code != httpx2.codes.OK:
        raise CertificateUnavailableError(f"The certificate at {url} is not to be had: status {response.status_code}.")


def _check_size(received: bytearray, url: str) -> None:
    if len(received) > LARGEST_DOCUMENT:
        raise CertificateUnavailableError(f"The certificate at {url} is larger than {LARGEST_DOCUMENT} bytes.")


def _unanswered(url: str, error: Exception) -> CertificateUnavailableError:
    return CertificateUnavailableError(f"The certificate at {url} cannot be fetched ({type(error).__name__}).")
