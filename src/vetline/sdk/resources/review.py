"""The review desk: Vetline's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetline.sdk.models.cases import Case, Queue
from vetline.sdk.operations import review

if TYPE_CHECKING:
    from vetline.sdk.client import PartnerCenter


class Review:
    """The review desk of a Vetline service: `partner.review`. No part of Partner Center; the caller is a reviewer."""

    def __init__(self, client: PartnerCenter) -> None:
        self._client = client

    def queue(self, size: int = 50, after: str = "") -> Queue:
        """Return a page of the cases that wait for a person, the longest waiting first.

        Parameters:
            size: how many, up to 200.
            after: the `next` of the page before; empty for the first.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(review.get_queue(size, after))

    def case(self, partner_id: str, customer_id: str, qualification: str) -> Case:
        """Return one case with its evidence and history.

        Raises:
            NotFoundError: there is no such case.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(review.get_case(partner_id, customer_id, qualification))

    def approve(
        self, partner_id: str, customer_id: str, qualification: str, note: str = "", version: int | None = None
    ) -> Case:
        """Approve a case and return it.

        Parameters:
            partner_id, customer_id, qualification: which case.
            note: for the staff.
            version: of the case that was read; `None` decides on whatever it is now.

        Raises:
            ConflictError: it does not wait for this, or somebody decided meanwhile.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(review.approve(partner_id, customer_id, qualification, note, version))

    def deny(
        self,
        partner_id: str,
        customer_id: str,
        qualification: str,
        reason: str,
        note: str = "",
        version: int | None = None,
    ) -> Case:
        """Deny a case, or end an approval, and return it.

        Parameters:
            partner_id, customer_id, qualification: which case.
            reason: one of the seven public texts.
            note: for the staff.
            version: of the case that was read; `None` decides on whatever it is now.

        Raises:
            ConflictError: it does not wait for this, or somebody decided meanwhile.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(review.deny(partner_id, customer_id, qualification, reason, note, version))
