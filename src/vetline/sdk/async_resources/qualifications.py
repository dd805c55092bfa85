"""One customer's qualifications, awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.operations import qualifications
from vetline.sdk.operations.qualifications import Code, Wanted
from vetline.sdk.waiting import DEFAULT_SECONDS, OnProgress, PollPolicy

if TYPE_CHECKING:
    from vetline.sdk.async_client import AsyncPartnerCenter


class AsyncQualification:
    """One customer's qualifications: `partner.customers.by_id(id).qualification`."""

    def __init__(self, client: AsyncPartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id

    async def get_qualifications(self) -> list[CustomerQualification]:
        """Return the customer's qualifications; empty when there is none."""
        return await self._client.send(qualifications.get_qualifications(self._customer_id))

    async def create_qualifications(
        self, request: Wanted, validation_code: Code = None, *, request_id: str = ""
    ) -> CustomerQualification:
        """Ask for a qualification and return it as it stands, usually InReview. Needs App+User."""
        return await self._client.send(
            qualifications.create_qualifications(self._customer_id, request, validation_code, request_id)
        )

    async def get(self) -> str:
        """Return the one value of the synchronous generation, such as ``Education`` or ``None``."""
        return await self._client.send(qualifications.get_qualification(self._customer_id))

    async def update(self, value: str, validation_code: Code = None, *, request_id: str = "") -> str:
        """Set the one value of the synchronous generation and return it. Needs App+User."""
        return await self._client.send(
            qualifications.update_qualification(self._customer_id, value, validation_code, request_id)
        )

    async def wait_for_decision(
        self,
        name: str | None = None,
        *,
        timeout: float = DEFAULT_SECONDS,
        poll: PollPolicy = PollPolicy(),  # noqa: B008 - frozen
        on_progress: OnProgress | None = None,
        resume: str | None = None,
    ) -> CustomerQualification:
        """Return a qualification once it is Approved or Denied."""
        return await self._client.wait(self._customer_id, name, timeout, poll, on_progress, resume)
