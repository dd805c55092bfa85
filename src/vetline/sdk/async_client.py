"""The asynchronous client: the names of `vetline.sdk.client`, awaited. What they mean is said there."""

import ssl
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from vetline.sdk.async_resources import (
    AsyncAuditRecords,
    AsyncCustomers,
    AsyncReview,
    AsyncValidations,
    AsyncWebhooks,
)
from vetline.sdk.exchange import converse
from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.observing import OnAnswer, OnEvent
from vetline.sdk.operations.operation import Operation
from vetline.sdk.resuming import state_in
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.settings import CallSettings, Surroundings, changed, settings_for
from vetline.sdk.tokens import TokenCache, source_of
from vetline.sdk.transport import AsyncDriver
from vetline.sdk.waiting import DEFAULT_SECONDS, OnProgress, PollPolicy, Wait

T = TypeVar("T")


class AsyncPartnerCenter:
    """A client of Partner Center, or of a Vetline service. Tasks of one event loop may share it; close it in the end.

    ```python
    async with AsyncPartnerCenter(credential) as partner:
        await partner.customers.by_id(customer_id).qualification.get_qualifications()
    ```

    Parameters:
        credential: a token's text, a function that returns one, also an asynchronous one, anything with
            `get_token(*scopes)`, such as the credentials of azure-identity, or one of `vetline.sdk.credentials`.
        base_url: where the service answers; `None` for the cloud's Partner Center.
        cloud: ``global``, ``us-gov`` or ``china``.
        scope: what tokens are asked for; `None` for the cloud's.
        timeout: the seconds for one attempt.
        retry: the numbers of retrying.
        headers: sent with every call.
        locale: in which language the service answers.
        application_name: sent as MS-PartnerCenter-Application; `None` for none.
        verify: an `ssl.SSLContext` for a certificate authority of one's own.
        on_event: told what happens; see `vetline.sdk.observing`.
        on_answer: given every request, its token included, and its raw answer.

    Raises:
        InvalidArgumentError: one of these cannot be used.
    """

    def __init__(
        self,
        credential: Any,
        *,
        base_url: str | None = None,
        cloud: str = "global",
        scope: str | None = None,
        timeout: float = 60.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        headers: Mapping[str, str] | None = None,
        locale: str = "en-US",
        application_name: str | None = None,
        verify: ssl.SSLContext | bool = True,
        on_event: OnEvent | None = None,
        on_answer: OnAnswer | None = None,
    ) -> None:
        place, wanted = settings_for(base_url, cloud, scope)
        self._settings = CallSettings(
            base_url=place,
            timeout=timeout,
            retry=retry,
            headers=headers or {},
            locale=locale,
            application_name=application_name or "",
            on_event=on_event,
            on_answer=on_answer,
        )
        self._around = Surroundings()
        self._driver = AsyncDriver(TokenCache(source_of(credential, wanted), self._around), verify)

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

    def with_context(self, correlation_id: str | None = None, locale: str | None = None) -> Self:
        """Return a copy that shares the connections and the token.

        Parameters:
            correlation_id: the MS-CorrelationId of all its calls; `None` leaves it.
            locale: its language; `None` leaves it.
        """
        return self._copy(changed(self._settings, correlation_id=correlation_id, locale=locale))

    def with_options(
        self,
        *,
        timeout: float | None = None,
        retry: RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
        on_event: OnEvent | None = None,
        on_answer: OnAnswer | None = None,
    ) -> Self:
        """Return a copy that shares the connections and the token; what is `None` stays as it is.

        Parameters:
            timeout: the seconds for one attempt.
            retry: the numbers of retrying.
            headers: sent beside the client's own.
            on_event: told what happens, instead of the client's.
            on_answer: given every request and its raw answer, instead of the client's.
        """
        more = None if headers is None else {**self._settings.headers, **headers}
        return self._copy(
            changed(self._settings, timeout=timeout, retry=retry, headers=more, on_event=on_event, on_answer=on_answer)
        )

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

    def _copy(self, settings: CallSettings) -> Self:
        copy = object.__new__(type(self))
        copy._settings, copy._around, copy._driver = settings, self._around, self._driver
        return copy
