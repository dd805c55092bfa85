"""One customer's qualifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.operations import qualifications
from vetline.sdk.operations.qualifications import Code, Wanted
from vetline.sdk.waiting import DEFAULT_SECONDS, OnProgress, PollPolicy

if TYPE_CHECKING:
    from vetline.sdk.client import PartnerCenter


class Qualification:
    """One customer's qualifications: `partner.customers.by_id(id).qualification`."""

    def __init__(self, client: PartnerCenter, customer_id: str) -> None:
        self._client = client
        self._customer_id = customer_id

    def get_qualifications(self) -> list[CustomerQualification]:
        """Return the customer's qualifications; empty when there is none.

        https://learn.microsoft.com/partner-center/developer/get-customer-qualification-asynchronous

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(qualifications.get_qualifications(self._customer_id))

    def create_qualifications(
        self, request: Wanted, validation_code: Code = None, *, request_id: str = ""
    ) -> CustomerQualification:
        """Ask for a qualification and return it as it stands, usually InReview. Needs App+User.

        https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous

        Parameters:
            request: a `CustomerQualificationRequest`, or the name of a qualification.
            validation_code: for GovernmentCommunityCloud: the code, or a `ValidationCode`.
            request_id: the MS-RequestId for all attempts; give the same one to repeat a call whose answer was lost.

        Raises:
            ConflictError: it is in review or held already, or does not go together with what is held.
            InvalidRequestError: the service refuses the request.
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(
            qualifications.create_qualifications(self._customer_id, request, validation_code, request_id)
        )

    def get(self) -> str:
        """Return the one value of the synchronous generation, such as ``Education`` or ``None``.

        https://learn.microsoft.com/partner-center/developer/get-customer-qualification-synchronous

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(qualifications.get_qualification(self._customer_id))

    def update(self, value: str, validation_code: Code = None, *, request_id: str = "") -> str:
        """Set the one value of the synchronous generation and return it. Needs App+User.

        https://learn.microsoft.com/partner-center/developer/update-customer-qualification-synchronous

        Parameters:
            value: such as `CustomerQualification.EDUCATION`.
            validation_code: for GovernmentCommunityCloud: the code, or a `ValidationCode`.
            request_id: the MS-RequestId for all attempts.

        Returns:
            The value now held; ``None`` when a person has to look first.

        Raises:
            PartnerCenterError: the call failed; see `vetline.sdk.errors`.
        """
        return self._client.send(
            qualifications.update_qualification(self._customer_id, value, validation_code, request_id)
        )

    def wait_for_decision(
        self,
        name: str | None = None,
        *,
        timeout: float = DEFAULT_SECONDS,
        poll: PollPolicy = PollPolicy(),  # noqa: B008 - frozen
        on_progress: OnProgress | None = None,
        resume: str | None = None,
    ) -> CustomerQualification:
        """Return a qualification once it is Approved or Denied.

        It looks again and again, the longer it takes the less often. A service that can hold its answer until there
        is a decision is asked to; Partner Center ignores that.

        Parameters:
            name: which qualification; `None` for whichever is vetted.
            timeout: how many seconds to wait here.
            poll: how often to look.
            on_progress: told after each look that brought no decision.
            resume: the token of a wait to continue, also from another process.

        Raises:
            WaitTimeoutError: there was no decision in time; its `token` continues the wait.
            NotFoundError: the customer has no such qualification.
            PartnerCenterError: looking failed, at the first time or in a way that will not pass; see
                `vetline.sdk.errors`.
        """
        return self._client.wait(self._customer_id, name, timeout, poll, on_progress, resume)
