"""The two drivers of one conversation: they fetch what it asks for, and know nothing of signatures."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from cryptography.x509 import Certificate

from vetline.clock import SystemClock
from vetline.sdk.webhooks.conversation import Rules
from vetline.sdk.webhooks.events import WebhookEvent
from vetline.sdk.webhooks.fetching import AsyncHttpFetch, HttpFetch
from vetline.sdk.webhooks.headers import HasItems, HeaderPairs
from vetline.sdk.webhooks.system import system_roots


class Trust(TypedDict, total=False):
    """Whom and what a verifier believes; every one has a default for Microsoft's own Partner Center.

    Attributes:
        roots: the certificates to which a chain must lead; the operating system's by default.
        allowed_hosts: where the signer's certificate may lie, always https; exact names, `name:port` for another port.
        issuer_hosts: where the certificates between it and a root may be fetched, if they do not come with it.
        organization: the organization of the certificate's issuer.
        max_age: how long after the change an event is accepted; None for any time. Seven days by default, because only
            the time of the change is signed, and Partner Center may tell it days later and try for long.
        remember: how many verified deliveries to remember, to refuse their repetition; 0 remembers none.
    """

    roots: Sequence[Certificate]
    allowed_hosts: Collection[str]
    issuer_hosts: Collection[str]
    organization: str
    max_age: timedelta | None
    remember: int


class WebhookVerifier:
    """Verifies deliveries, fetching certificates where needed. Keep one: it remembers them. Threads may share it."""

    def __init__(self, *, fetch: Callable[[str], bytes] | None = None, **trust: Unpack[Trust]) -> None:
        """Trust Microsoft's Partner Center, unless told otherwise.

        Parameters:
            fetch: returns what lies at an address, or raises `CertificateUnavailableError`; by default `HttpFetch()`.
            trust: see `Trust`.

        Raises:
            ValueError: there is no root certificate to trust.
        """
        self._rules = _rules(trust)
        self._fetch = fetch or HttpFetch()

    def verify(self, headers: HasItems | HeaderPairs, body: bytes, *, now: datetime | None = None) -> WebhookEvent:
        """Return the event of a delivery that is proven to be Partner Center's.

        Parameters:
            headers: the request's; a mapping, or pairs of text or bytes, where a doubled header must be seen twice.
            body: the request's raw bytes, as received; JSON read and written again has another signature.
            now: the moment, aware; the machine's clock by default.

        Raises:
            WebhookSignatureError: it is not proven.
        """
        conversation = self._rules.verify(headers, body, now or SystemClock().now())
        try:
            address = next(conversation)
            while True:
                address = conversation.send(self._fetch(address))
        except StopIteration as end:
            return _event(end)

    def forget(self, event: WebhookEvent) -> None:
        """Accept the event once more: after its handling failed, Partner Center's next try is no repetition."""
        self._rules.forget(event)


class AsyncWebhookVerifier:
    """Verifies deliveries without blocking the event loop. Keep one: it remembers certificates."""

    def __init__(self, *, fetch: Callable[[str], Awaitable[bytes]] | None = None, **trust: Unpack[Trust]) -> None:
        """Trust Microsoft's Partner Center, unless told otherwise; as `WebhookVerifier`, with a `fetch` to await."""
        self._rules = _rules(trust)
        self._fetch = fetch or AsyncHttpFetch()

    async def verify(
        self, headers: HasItems | HeaderPairs, body: bytes, *, now: datetime | None = None
    ) -> WebhookEvent:
        """Return the event of a delivery that is proven to be Partner Center's; see `WebhookVerifier.verify`.

        Raises:
            WebhookSignatureError: it is not proven.
        """
        conversation = self._rules.verify(headers, body, now or SystemClock().now())
        try:
            address = next(conversation)
            while True:
                address = conversation.send(await self._fetch(address))
        except StopIteration as end:
            return _event(end)

    def forget(self, event: WebhookEvent) -> None:
        """Accept the event once more; see `WebhookVerifier.forget`."""
        self._rules.forget(event)


def _rules(trust: Trust) -> Rules:
    if "roots" not in trust:
        trust["roots"] = system_roots()
    return Rules(**trust)


def _event(end: StopIteration) -> WebhookEvent:
    event: WebhookEvent = end.value
    return event
