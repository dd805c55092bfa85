"""The asynchronous client: the names of `vetline.sdk.client`, awaited. What they mean is said there."""

import ssl
from typing import Self, TypeVar

from vetline.sdk.async_resources import (
    AsyncAuditRecords,
    AsyncCustomers,
    AsyncReview,
    AsyncValidations,
    AsyncWebhooks,
)
from vetline.sdk.configured import Configured
from vetline.sdk.exchange import converse
from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.operations.operation import Operation
from vetline.sdk.resuming import state_in
from vetline.sdk.tokens import TokenCache
from vetline.sdk.transport import AsyncDriver
from vetline.sdk.waiting import DEFAULT_SECONDS, OnProgress, PollPolicy, Wait

T = TypeVar("T")


class AsyncPartnerCenter(Configured[AsyncDriver]):
    """A client of Partner Center, or of a Vetline service. Tasks of one event loop may share it; close it in the end.

    ```python
    async with AsyncPartnerCenter(credential) as partner:
        await partner.customers.by_id(customer_id).qualification.get_qualifications()
    ```

    It takes what `PartnerCenter` takes; a credential may be asynchronous, such as those of `azure.identity.aio`.

    Raises:
        InvalidArgumentError: one of these cannot be used.
    """

    @property
    def customers(self) -> AsyncCustomers:
        """The partner's customers."""
        return AsyncCustomers(self)

    @property
    def validations(self) -> AsyncValidations:
        """The partner's GCC validation codes."""
        return AsyncValidations(self)

    @property
    def audit_records(self) -> AsyncAuditRecords:
        """What was done for the partner."""
        return AsyncAuditRecords(self)

    @property
    def webhooks(self) -> AsyncWebhooks:
        """Where events are delivered."""
        return AsyncWebhooks(self)

    @property
    def review(self) -> AsyncReview:
        """The review desk of a Vetline service."""
        return AsyncReview(self)

    async def resume_wait(
        self, token: str, *, timeout: float = DEFAULT_SECONDS, on_progress: OnProgress | None = None
    ) -> CustomerQualification:
        """Continue a wait that began elsewhere; see `wait_for_decision`.

        Raises:
            InvalidArgumentError: it is no token of a wait.
            WaitTimeoutError: there was no decision in time.
            PartnerCenterError: looking failed.
        """
        return await self.wait(state_in(token).customer_id, None, timeout, PollPolicy(), on_progress, token)

    async def send(self, operation: Operation[T]) -> T:
        """Carry out an operation of `vetline.sdk.operations` and return its result.

        Raises:
            PartnerCenterError: it failed.
        """
        return await self._driver.run(converse(operation, self._settings, self._around))

    async def wait(
        self,
        customer_id: str,
        name: str | None,
        timeout: float,
        poll: PollPolicy,
        on_progress: OnProgress | None,
        resume: str | None,
    ) -> CustomerQualification:
        """Wait for a decision; see `Qualification.wait_for_decision`.

        Raises:
            PartnerCenterError: there was none in time, or looking failed.
        """
        wait = Wait(customer_id, name, timeout, poll, on_progress, resume, self._settings, self._around)
        return await self._driver.run(wait.conversation())

    async def close(self) -> None:
        """Close the connections, those of every copy too."""
        await self._driver.close()

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close it."""
        await self.close()

    def _opened(self, tokens: TokenCache, verify: ssl.SSLContext | bool) -> AsyncDriver:
        return AsyncDriver(tokens, verify)
