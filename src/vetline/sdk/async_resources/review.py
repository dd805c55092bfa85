"""The review desk: Vetline's own, awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetline.sdk.models.cases import Case, Queue
from vetline.sdk.operations import review

if TYPE_CHECKING:
    from vetline.sdk.async_client import AsyncPartnerCenter


class AsyncReview:
    """The review desk of a Vetline service: `partner.review`. No part of Partner Center; the caller is a reviewer."""

    def __init__(self, client: AsyncPartnerCenter) -> None:
        self._client = client

    async def queue(self, size: int = 50, after: str = "") -> Queue:
        """Return a page of the cases that wait for a person, the longest waiting first."""
        return await self._client.send(review.get_queue(size, after))

    async def case(self, partner_id: str, customer_id: str, qualification: str) -> Case:
        """Return one case with its evidence and history."""
        return await self._client.send(review.get_case(partner_id, customer_id, qualification))

    async def approve(
        self, partner_id: str, customer_id: str, qualification: str, note: str = "", version: int | None = None
    ) -> Case:
        """Approve a case and return it."""
        return await self._client.send(review.approve(partner_id, customer_id, qualification, note, version))

    async def deny(
        self,
        partner_id: str,
        customer_id: str,
        qualification: str,
        reason: str,
        note: str = "",
        version: int | None = None,
    ) -> Case:
        """Deny a case, or end an approval, and return it."""
        return await self._client.send(review.deny(partner_id, customer_id, qualification, reason, note, version))
