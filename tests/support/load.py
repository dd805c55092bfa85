"""A load generator that knows exactly what was acknowledged, for tests that kill what it loads."""

import asyncio
import uuid
from dataclasses import dataclass, field

import httpx2

from tests.support.partner import Client


@dataclass
class Ledger:
    """What was sent, and what was answered.

    Parameters:
        sent: the MS-RequestId of each customer's submission, noted before it is sent.
        acknowledged: the answers that came back, by customer.
    """

    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, bytes] = field(default_factory=dict)

    @property
    def unanswered(self) -> dict[str, str]:
        """The submissions of which nobody knows what became."""
        return {customer: request for customer, request in self.sent.items() if customer not in self.acknowledged}

    async def submit(self, client: Client, customer: str) -> bool:
        """Send one submission, or send it again; return whether it was answered at all."""
        request = self.sent.setdefault(customer, str(uuid.uuid4()))
        try:
            answer = await client.ask(customer, request_id=request)
        except httpx2.TransportError:
            return False
        assert answer.status_code == 201, answer.text
        self.acknowledged[customer] = answer.content
        return True

    async def submit_until_gone(self, client: Client, customers: list[str]) -> None:
        """Take customers off a shared list and submit for each, until the list or the server ends."""
        while customers and await self.submit(client, customers.pop()):
            continue


async def load(ledger: Ledger, client: Client, customers: list[str], together: int = 16) -> None:
    """Submit for customers, so many at a time, until all are done or the server is gone."""
    waiting = list(customers)
    await asyncio.gather(*(ledger.submit_until_gone(client, waiting) for _ in range(together)))
