"""The blocking client."""

import ssl
from typing import Self, TypeVar

from vetline.sdk.configured import Configured
from vetline.sdk.exchange import converse
from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.operations.operation import Operation
from vetline.sdk.resources import AuditRecords, Customers, Review, Validations, Webhooks
from vetline.sdk.resuming import state_in
from vetline.sdk.tokens import TokenCache
from vetline.sdk.transport import Driver
from vetline.sdk.waiting import DEFAULT_SECONDS, OnProgress, PollPolicy, Wait

T = TypeVar("T")


class PartnerCenter(Configured[Driver]):
    """A client of Partner Center, or of a Vetline service. Threads may share it; close it when it is done with.

    ```python
    with PartnerCenter(credential) as partner:
        partner.customers.by_id(customer_id).qualification.get_qualifications()
    ```

    Parameters:
        credential: a token's text, a function that returns one, anything with `get_token(*scopes)`, such as the
            credentials of azure-identity, or one of `vetline.sdk.credentials`.
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

    @property
    def customers(self) -> Customers:
        """The partner's customers."""
        return Customers(self)

    @property
    def validations(self) -> Validations:
        """The partner's GCC validation codes."""
        return Validations(self)

    @property
    def audit_records(self) -> AuditRecords:
        """What was done for the partner."""
        return AuditRecords(self)

    @property
    def webhooks(self) -> Webhooks:
        """Where events are delivered."""
        return Webhooks(self)

    @property
    def review(self) -> Review:
        """The review desk of a Vetline service."""
        return Review(self)

    def resume_wait(
        self, token: str, *, timeout: float = DEFAULT_SECONDS, on_progress: OnProgress | None = None
    ) -> CustomerQualification:
        """Continue a wait that began elsewhere; see `wait_for_decision`.

        Raises:
            InvalidArgumentError: it is no token of a wait.
            WaitTimeoutError: there was no decision in time.
            PartnerCenterError: looking failed.
        """
        return self.wait(state_in(token).customer_id, None, timeout, PollPolicy(), on_progress, token)

    def send(self, operation: Operation[T]) -> T:
        """Carry out an operation of `vetline.sdk.operations` and return its result.

        Raises:
            PartnerCenterError: it failed.
        """
        return self._driver.run(converse(operation, self._settings, self._around))

    def wait(
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
        return self._driver.run(wait.conversation())

    def close(self) -> None:
        """Close the connections, those of every copy too."""
        self._driver.close()

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    def _opened(self, tokens: TokenCache, verify: ssl.SSLContext | bool) -> Driver:
        return Driver(tokens, verify)
