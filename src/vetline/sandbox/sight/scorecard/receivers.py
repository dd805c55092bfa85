"""Tries those who receive webhooks: each gets an event that is signed rightly, and then one that is not.

The wrong one is the right one with a blank after it: still the same JSON, so that nothing but its signature, which is
over the raw body, can be a reason to refuse it.
"""

from collections.abc import Sequence
from uuid import uuid4

from vetline.api.translate_webhooks import Composer
from vetline.clock import Clock
from vetline.sandbox.sight.scorecard.moment import Tried
from vetline.store.port import Store
from vetline.store.webhooks import Delivery, Kind, Registration
from vetline.telling import WebhookChoices


class Receivers:
    """The receivers that a world's partners have registered.

    Parameters:
        store: where they are.
        partners: whose.
        choices: how webhooks are sent; `None` where none are.
        clock: the world's.
    """

    def __init__(self, store: Store, partners: Sequence[str], choices: WebhookChoices | None, clock: Clock) -> None:
        self._store = store
        self._partners = partners
        self._choices = choices
        self._clock = clock

    async def tried(self) -> tuple[Tried, ...]:
        """Try them all, and return what they answered."""
        found = [await self._store.webhooks.registration(partner) for partner in self._partners]
        return tuple([await self._try(one, self._choices) for one in found if one and self._choices])

    async def _try(self, registration: Registration, choices: WebhookChoices) -> Tried:
        from vetline.webhooks.posting import Poster  # an HTTP client, when somebody asks for it

        now = self._clock.now()
        compose, post = Composer(choices.base, choices.signer), Poster(choices.gate, choices.trust)
        right = compose(Delivery(registration.partner, str(uuid4()), Kind.TEST, now, now), registration, now)
        wrong = right._replace(body=right.body + b" ")
        return Tried(registration.url, (await post(right)).status, (await post(wrong)).status)
