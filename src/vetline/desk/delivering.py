"""Delivering events: claimed like every other work, sent, and settled by what the receiver says.

An event is settled after it was sent. So a worker that is killed between the two has it sent once more: each event
arrives at least once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from msgspec.structs import replace

from vetline.clock import Clock
from vetline.logs import get_logger
from vetline.store.port import Store
from vetline.store.webhooks import Attempt, Delivery, DeliveryState, Registration
from vetline.webhooks.messages import Message, Outcome

# Longer than a batch can take: every attempt of it has its deadline.
LEASE: Final = timedelta(seconds=60)
# https://learn.microsoft.com/partner-center/developer/partner-center-webhooks: ten attempts, then no more. How long
# Partner Center pauses nobody says; these take fifteen hours and a half, which is a night and a morning.
PAUSES: Final = (
    timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15),
    timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=8),
)  # fmt: skip
ATTEMPTS: Final = len(PAUSES) + 1
# What came of earlier attempts is forgotten when there are more: who resends again and again fills no disk.
_TOLD: Final = 2 * ATTEMPTS

Compose = Callable[[Delivery, Registration, datetime], Message]
Post = Callable[[Message], Awaitable[Outcome]]
Attempted = Callable[[DeliveryState], None]

log = get_logger("vetline.webhooks")


class Arrangement(NamedTuple):
    """What is done with deliveries that are due.

    Parameters:
        sent: in this order; one that stands here twice is sent twice.
        later: those that are put off, each until when; that is no attempt.
    """

    sent: Sequence[Delivery]
    later: Sequence[tuple[Delivery, datetime]] = ()


class Policy(Protocol):
    """Arranges what is due. Only a sandbox has another one than `Plain`."""

    together: int

    def arrange(self, due: Sequence[Delivery], now: datetime) -> Arrangement:
        """Return what is done with each delivery.

        Parameters:
            due: in the order in which they are due.
        """
        ...


class Plain:
    """Sends everything once and at once.

    Parameters:
        together: how many are sent at the same time.
    """

    def __init__(self, together: int = 16) -> None:
        self.together = together

    def arrange(self, due: Sequence[Delivery], now: datetime) -> Arrangement:
        """See `Policy.arrange`."""
        return Arrangement(due)


class Delivering:
    """Sends what is due.

    Parameters:
        store: durable state.
        clock: the time.
        compose: writes the message of an event.
        post: sends a message.
        policy: arranges what is due.
        attempted: told after each attempt where its delivery is then.
    """

    def __init__(
        self, store: Store, clock: Clock, compose: Compose, post: Post, policy: Policy, attempted: Attempted
    ) -> None:
        self._store = store
        self._clock = clock
        self._compose = compose
        self._post = post
        self._policy = policy
        self._attempted = attempted

    async def work(self, limit: int) -> int:
        """Send some of the events that are due, of several partners in turn; return how many were.

        Raises:
            UnavailableError: the store failed; what was not settled is sent again when its lease ends.
        """
        now = self._clock.now()
        due = await self._store.webhooks.claim(now, now + LEASE, limit)
        arranged = self._policy.arrange(due, now)
        for delivery, until in arranged.later:
            await self._store.webhooks.settle(delivery, replace(delivery, due_at=until))
        places = asyncio.Semaphore(self._policy.together)
        tasks = [asyncio.create_task(self._deliver(one, places)) for one in arranged.sent]
        _raise_first(await asyncio.gather(*tasks, return_exceptions=True))
        return len(due)

    async def _deliver(self, delivery: Delivery, places: asyncio.Semaphore) -> None:
        async with places:
            after = settled(delivery, await self._outcome(delivery), self._clock.now())
        if not await self._store.webhooks.settle(delivery, after):
            return
        self._attempted(after.state)
        if after.state is DeliveryState.PARKED:
            log.warning("event parked", partner=delivery.partner, delivery=delivery.id, attempts=after.attempts)

    async def _outcome(self, delivery: Delivery) -> Outcome:
        registration = await self._store.webhooks.registration(delivery.partner)
        if registration is None:
            return Outcome(0, "No webhook is registered any more.")
        try:
            message = self._compose(delivery, registration, self._clock.now())
        except Exception as error:  # what cannot be written now is tried again like all else, and parked in the end
            log.error("event cannot be written", partner=delivery.partner, delivery=delivery.id, exc_info=error)
            return Outcome(0, "The service could not write the event; its log says why.")
        return await self._post(message)


def settled(before: Delivery, outcome: Outcome, now: datetime) -> Delivery:
    """Return a delivery after an attempt: delivered, due again after a pause, or parked after the last one."""
    attempts = before.attempts + 1
    results = (*before.results, Attempt(now, outcome.status, outcome.message))[-_TOLD:]
    after = replace(before, attempts=attempts, results=results)
    if outcome.is_success:
        return replace(after, state=DeliveryState.DELIVERED)
    if attempts >= ATTEMPTS:
        return replace(after, state=DeliveryState.PARKED)
    return replace(after, due_at=now + PAUSES[attempts - 1])


def _raise_first(outcomes: Sequence[object]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
