"""How webhooks are put together, and what the settings say about them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from ssl import SSLContext

import msgspec

from vetline.api.translate_webhooks import Composer
from vetline.clock import Clock
from vetline.desk.delivering import Attempted, Delivering, Plain, Policy, Post
from vetline.identity.safety import is_origin
from vetline.settings import Settings, SettingsError
from vetline.store.port import Store
from vetline.webhooks.addresses import Network, networks
from vetline.webhooks.destinations import Gate
from vetline.webhooks.messages import Message, Outcome
from vetline.webhooks.signing import PemSigner, Signer
from vetline.worker.deliveries import LANES, DeliveryDuty, OldDeliveriesDuty
from vetline.worker.loop import Duty


def _as_it_is(post: Post) -> Post:
    return post


class WebhookChoices(msgspec.Struct, frozen=True):
    """How webhooks are sent.

    Parameters:
        base: the address at which partners reach the service.
        signer: whose signature they have.
        gate: where they may go.
        policy: how those that are due are arranged.
        lanes: how many batches are sent side by side.
        trust: whose certificates receivers may have; the system's authorities when `None`.
        around: makes what sends them of what does; only a sandbox has another than that itself.
    """

    base: str
    signer: Signer
    gate: Gate = msgspec.field(default_factory=Gate)
    policy: Policy = msgspec.field(default_factory=Plain)
    lanes: int = LANES
    trust: SSLContext | None = None
    around: Callable[[Post], Post] = _as_it_is


def delivery_duties(store: Store, clock: Clock, choices: WebhookChoices | None, attempted: Attempted) -> list[Duty]:
    """Return what a worker does about webhooks.

    Parameters:
        choices: how they are sent; `None` where none are.
        attempted: told after each attempt where its delivery is then.
    """
    if choices is None:
        return []
    compose, post = Composer(choices.base, choices.signer), choices.around(_posting(choices))
    delivering = Delivering(store, clock, compose, post, choices.policy, attempted)
    return [OldDeliveriesDuty(store, clock), *(DeliveryDuty(delivering) for _ in range(choices.lanes))]


def _posting(choices: WebhookChoices) -> Post:
    """Return what sends messages; the HTTP client is loaded with the first, for a sandbox mostly sends none."""

    @cache
    def poster() -> Post:
        from vetline.webhooks.posting import Poster

        return Poster(choices.gate, choices.trust)

    async def post(message: Message) -> Outcome:
        return await poster()(message)

    return post


def webhook_choices(settings: Settings) -> WebhookChoices | None:
    """Return how webhooks are sent; `None` where there is nothing to sign them with.

    Raises:
        SettingsError: a setting is bad; the sentence says what to change.
    """
    allowed = _networks(settings)
    if not settings.webhook_certificate:
        return None
    if not is_origin(settings.public_url):
        raise SettingsError(
            "webhook_certificate needs public_url: the address without a path at which partners reach the interface, "
            "such as https://api.vetline.example (http only for this very machine)."
        )
    return WebhookChoices(settings.public_url.rstrip("/"), _signer(settings.webhook_certificate), Gate(allowed))


def _networks(settings: Settings) -> tuple[Network, ...]:
    try:
        return networks(settings.webhook_private_addresses)
    except ValueError as error:
        raise SettingsError(f"webhook_private_addresses: {error}. Give networks such as 10.0.0.0/8.") from error


def _signer(file: str) -> PemSigner:
    try:
        return PemSigner(Path(file).read_bytes())
    except OSError as error:
        raise SettingsError(f"The webhook_certificate {file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SettingsError(f"webhook_certificate: {file} cannot be used: {error}.") from error
