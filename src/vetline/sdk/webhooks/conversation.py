"""How a webhook is verified, as a conversation without I/O: addresses are yielded, documents are sent in.

The order is the law: what costs nothing is checked first, no byte of the body is read as JSON before the signature over
it held, and an address is only yielded when it lies on a known host. Each certificate fetched is untrusted until the
whole chain holds.
"""

from collections.abc import Collection, Generator, Sequence
from datetime import datetime, timedelta

from cryptography.x509 import Certificate
from cryptography.x509.verification import VerificationError

from vetline.sdk.errors import WebhookSignatureError
from vetline.sdk.webhooks.addresses import CERTIFICATE_HOSTS, ISSUER_HOSTS, is_allowed
from vetline.sdk.webhooks.certificates import Anchors, Signer, check_leaf, read_certificates
from vetline.sdk.webhooks.errors import RepeatedDeliveryError
from vetline.sdk.webhooks.events import WebhookEvent, read_event
from vetline.sdk.webhooks.headers import HasItems, HeaderPairs, read_headers
from vetline.sdk.webhooks.memory import Deliveries, Signers

LARGEST_DOCUMENT = 64 * 1024
_LARGEST_BODY = 1024 * 1024
# A root, its cross-signed twin and one issuer below: more is missing in no chain of Microsoft's.
_MOST_ISSUERS = 3
_SKEW = timedelta(minutes=5)
# Only the time of the change is signed. A change may be told 48 hours late, and a delivery is tried ten times over an
# unknown time; a week is as long as Partner Center keeps a test event itself.
# https://learn.microsoft.com/partner-center/developer/partner-center-webhooks
_MAX_AGE = timedelta(days=7)

Conversation = Generator[str, bytes, WebhookEvent]


class Rules:
    """What a verifier believes; the same for both drivers."""

    def __init__(
        self,
        *,
        roots: Sequence[Certificate],
        allowed_hosts: Collection[str] = CERTIFICATE_HOSTS,
        issuer_hosts: Collection[str] = ISSUER_HOSTS,
        organization: str = "Microsoft Corporation",
        max_age: timedelta | None = _MAX_AGE,
        remember: int = 0,
    ) -> None:
        """See `Trust` for the parameters.

        Raises:
            ValueError: there is no root to trust.
        """
        self._anchors = Anchors(roots)
        self._allowed_hosts = frozenset(host.lower() for host in allowed_hosts)
        self._issuer_hosts = frozenset(host.lower() for host in issuer_hosts)
        self._organization = organization
        self._max_age = max_age
        self._remember = remember
        self._signers = Signers()
        self._deliveries = Deliveries(remember)

    def verify(self, headers: HasItems | HeaderPairs, body: bytes, now: datetime) -> Conversation:
        """Verify a delivery; addresses are yielded, what lies there is to be sent in.

        Raises:
            WebhookSignatureError: it is not proven to be Partner Center's.
        """
        if len(body) > _LARGEST_BODY:
            raise WebhookSignatureError(f"The body is longer than {_LARGEST_BODY} bytes.")
        claim = read_headers(headers)
        yield from self._check_signature(claim.signature, body, claim.certificate_url, now)
        event = read_event(body)
        self._check_age(event, now)
        if self._remember and not self._deliveries.admit(event.delivery_id):
            raise RepeatedDeliveryError("This delivery was verified before.")
        return event

    def forget(self, event: WebhookEvent) -> None:
        """Let the event's next delivery be verified; see `WebhookVerifier.forget`."""
        self._deliveries.forget(event.delivery_id)

    def _check_signature(self, signature: bytes, body: bytes, url: str, now: datetime) -> Generator[str, bytes, None]:
        known = self._signers.at(url, now)
        if known is not None and known.signed(signature, body):
            return
        if known is None or not self._signers.is_fresh(url, now):
            signer = yield from self._signer_at(url, now)
            self._signers.keep(url, signer, now)
            if signer.signed(signature, body):
                return
        raise WebhookSignatureError("The signature does not fit the body: one of them is not what was sent.")

    def _signer_at(self, url: str, now: datetime) -> Generator[str, bytes, Signer]:
        if not is_allowed(url, self._allowed_hosts):
            raise WebhookSignatureError(
                "The certificate's address is not https on an allowed host; "
                f"allowed_hosts has {', '.join(sorted(self._allowed_hosts))}."
            )
        leaf, *others = _certificates((yield url))
        check_leaf(leaf, self._organization, now)
        return (yield from self._chained(leaf, others, now, _MOST_ISSUERS))

    def _chained(
        self, leaf: Certificate, others: Sequence[Certificate], now: datetime, issuers_left: int
    ) -> Generator[str, bytes, Signer]:
        try:
            return self._anchors.signer(leaf, others, now)
        except VerificationError as error:
            address = self._missing_issuer(leaf, others) if issuers_left else None
            if address is None:
                raise WebhookSignatureError(f"The certificate does not lead to a trusted root ({error}).") from error
        found = _certificates((yield address))
        return (yield from self._chained(leaf, [*others, *found], now, issuers_left - 1))

    def _missing_issuer(self, leaf: Certificate, others: Sequence[Certificate]) -> str | None:
        addresses = self._anchors.missing_issuer(leaf, others)
        # Plain http is how issuers publish their certificates; the chain proves them.
        return next((one for one in addresses if is_allowed(one, self._issuer_hosts, ("https", "http"))), None)

    def _check_age(self, event: WebhookEvent, now: datetime) -> None:
        if self._max_age is None:
            return
        changed = event.resource_change_utc_date
        if changed is None:
            raise WebhookSignatureError("The event does not tell when the resource changed, so its age is unknown.")
        if changed - now > _SKEW:
            raise WebhookSignatureError("The event is from the future: check this machine's clock.")
        if now - changed > self._max_age:
            raise WebhookSignatureError(f"The event is older than {self._max_age}: see max_age.")


def _certificates(document: bytes) -> list[Certificate]:
    if len(document) > LARGEST_DOCUMENT:
        raise WebhookSignatureError(f"More than {LARGEST_DOCUMENT} bytes lie at the certificate's address.")
    return read_certificates(document)
