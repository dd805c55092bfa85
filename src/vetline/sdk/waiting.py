"""Waiting for a decision: looking again and again, gently, for as long as it takes. No I/O and no clock.

The service tells nobody when it has decided: no webhook exists for it in any edition of the documents
(https://learn.microsoft.com/partner-center/developer/partner-center-webhook-events), and a vetting takes days.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from vetline.sdk.checking import check_number, check_positive
from vetline.sdk.errors import (
    ConnectionFailedError,
    InvalidArgumentError,
    NotFoundError,
    PartnerCenterError,
    ServerError,
    ThrottledError,
    WaitTimeoutError,
)
from vetline.sdk.exchange import Exchange
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.observing import Paused
from vetline.sdk.operations.operation import Operation
from vetline.sdk.operations.qualifications import get_qualifications
from vetline.sdk.resuming import WaitState, state_in
from vetline.sdk.retrying import pause_before
from vetline.sdk.settings import CallSettings, Surroundings, changed
from vetline.sdk.steps import Conversation, Pause
from vetline.wire import words

# The usual wait is three business days or less, so five days span a weekend.
# https://learn.microsoft.com/partner-center/enroll/sell-to-education-customers
DEFAULT_SECONDS: Final = 5 * 24 * 3600.0

# An answer that comes sooner was not held: a service that claims it was is not asked again at once.
_SHORTEST_HOLD = 9.0
_LONGEST_HOLD = 3600.0
# What may be over at the next look.
_PASSING = (ConnectionFailedError, ThrottledError, ServerError)


class PollPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How often to look.

    https://learn.microsoft.com/partner-center/developer/api-throttling-guidance asks for a low frequency: the longer it
    has taken, the longer until the next look.

    Parameters:
        first: the seconds before the second look.
        growth: by how much each wait is longer than the one before.
        longest: the longest wait, in seconds.
        hold: how long a service that offers it may hold its answer until there is a decision, in seconds; 0: never ask.
    """

    first: float = 2.0
    growth: float = 1.5
    longest: float = 600.0
    hold: float = 20.0

    def __post_init__(self) -> None:
        """Refuse numbers that would hammer the service."""
        check_positive("first", self.first)
        check_number("growth", self.growth, 1)
        check_number("longest", self.longest, self.first)
        check_number("hold", self.hold, 0)


class WaitProgress(msgspec.Struct, frozen=True):
    """How a wait stands.

    Parameters:
        qualification: what was seen last.
        looks: how often was looked, over all processes that shared this wait.
        waited: the seconds since the wait began, over all of them.
        next_look: in how many seconds is looked again; 0 while the service holds its answer.
        token: continues the wait, also from another process.
    """

    qualification: CustomerQualification
    looks: int
    waited: float
    next_look: float
    token: str


OnProgress = Callable[[WaitProgress], None]


class Wait:
    """One wait for a decision.

    Parameters:
        customer_id: whose.
        name: which qualification; `None` for whichever is vetted.
        timeout: the seconds to wait in this process.
        poll: how often to look.
        on_progress: told after each look that brought no decision.
        resume: the token of a wait to continue; `None` begins one.
        settings, around: as in `converse`.

    Raises:
        InvalidArgumentError: the token is of another customer, or none; the timeout is no time.
    """

    def __init__(
        self,
        customer_id: str,
        name: str | None,
        timeout: float,
        poll: PollPolicy,
        on_progress: OnProgress | None,
        resume: str | None,
        settings: CallSettings,
        around: Surroundings,
    ) -> None:
        check_number("timeout", timeout, 0)
        named = (words.qualification_named(name) or name) if name else ""
        self._state = state_in(resume) if resume else WaitState(customer_id, named, around.wall(), 0)
        if self._state.customer_id != customer_id or (named and self._state.name not in ("", named)):
            raise InvalidArgumentError("This token belongs to the wait for another customer or qualification.")
        self._state.name = named or self._state.name
        self._until = around.monotonic() + timeout
        self._timeout = timeout
        self._poll = poll
        self._on_progress = on_progress
        self._settings = settings
        self._around = around
        self._pause = poll.first
        self._seen: CustomerQualification | None = None

    def conversation(self) -> Conversation[CustomerQualification]:
        """Return the conversation that ends with the decision.

        Raises:
            NotFoundError: the customer has no such qualification.
            WaitTimeoutError: there was no decision in time; its token continues the wait.
            PartnerCenterError: looking failed, at the first time or in a way that will not pass.
        """
        while True:
            failure: PartnerCenterError | None = None
            try:
                seen, held = yield from self._look()
            except _PASSING as error:
                seen, held, failure = self._seen_before(error), False, error
            if seen.is_decided:
                return seen
            if self._left() <= 0:
                raise self._too_late(seen) from failure
            rest = 0.0 if held else self._rest(failure.retry_after if failure else None)
            self._tell(seen, rest)
            if rest:
                yield Pause(rest)

    def _look(self) -> Conversation[tuple[CustomerQualification, bool]]:
        """Look once; the result is what was seen, and whether the service held its answer."""
        hold = int(min(self._poll.hold, self._left(), self._settings.timeout / 2, _LONGEST_HOLD))
        begun = self._around.monotonic()
        exchange = Exchange(_asking_to_hold(self._state.customer_id, hold), self._settings_of_a_look(), self._around)
        answer, found = yield from exchange.conversation()
        self._state.looks += 1
        self._seen = self._wanted(found)
        return self._seen, _was_held(answer, self._around.monotonic() - begun, hold)

    def _settings_of_a_look(self) -> CallSettings:
        """Return settings by which no look is repeated long after the end of the wait."""
        retry = self._settings.retry
        seconds = min(retry.total_seconds, max(self._left(), self._settings.timeout))
        return changed(self._settings, retry=msgspec.structs.replace(retry, total_seconds=seconds))

    def _seen_before(self, error: PartnerCenterError) -> CustomerQualification:
        """Return what was seen before a look failed. An outage does not end a wait of days, a wrong address does."""
        if self._seen is None or (error.retry_after or 0.0) > max(self._left(), 0.0):
            raise error
        return self._seen

    def _wanted(self, found: list[CustomerQualification]) -> CustomerQualification:
        name = self._state.name
        named = [one for one in found if not name or one.qualification == name]
        if not named:
            what = name or "qualification"
            raise NotFoundError(
                f"The customer has no {what} to wait for: ask for it with create_qualifications() first.",
                category="NotFound",
            )
        return min(named, key=lambda one: (one.is_decided, one.vetting_status is None))

    def _rest(self, told: float | None) -> float:
        """Return how long to wait until the next look; never beyond the end, at which is looked a last time."""
        rest = self._pause * (0.75 + 0.5 * self._around.chance())
        self._pause = min(self._pause * self._poll.growth, self._poll.longest)
        if told:
            rest = max(rest, pause_before(2, told, self._settings.retry, self._around.chance()))
        return min(rest, self._left())

    def _too_late(self, found: CustomerQualification) -> WaitTimeoutError:
        return WaitTimeoutError(
            f"No decision on {found.qualification} within {self._timeout:.0f} seconds; it is {found.vetting_status}. "
            "Continue with wait_for_decision(resume=error.token).",
            token=self._state.token(),
        )

    def _tell(self, found: CustomerQualification, rest: float) -> None:
        if self._settings.on_event and rest:
            self._settings.on_event(Paused("qualifications.wait", "", rest, 200))
        if self._on_progress:
            waited = max(self._around.wall() - self._state.begun, 0.0)
            self._on_progress(WaitProgress(found, self._state.looks, waited, rest, self._state.token()))

    def _left(self) -> float:
        return self._until - self._around.monotonic()


def _asking_to_hold(customer_id: str, seconds: int) -> Operation[list[CustomerQualification]]:
    """Return the operation that looks, and asks the service to hold its answer until there is something new.

    A service that does not know the preference ignores it: https://www.rfc-editor.org/rfc/rfc7240#section-2
    """
    operation = get_qualifications(customer_id)
    return msgspec.structs.replace(operation, headers={"Prefer": f"wait={seconds}"}) if seconds >= 1 else operation


def _was_held(answer: RawAnswer, seconds: float, hold: int) -> bool:
    """Whether the service held its answer for as long as it was asked to, or long enough not to be hammered."""
    applied = answer.header("preference-applied").replace(" ", "").lower()
    return hold >= 1 and "wait=" in applied and seconds >= min(0.9 * hold, _SHORTEST_HOLD)
