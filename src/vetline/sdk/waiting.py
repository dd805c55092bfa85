"""Waiting for a decision: looking again and again, gently, for as long as it takes. No I/O and no clock.

The service tells nobody when it has decided: no webhook exists for it in any edition of the documents
(https://learn.microsoft.com/partner-center/developer/partner-center-webhook-events), and a vetting takes days.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Final

import msgspec

from vetline.sdk.errors import InvalidArgumentError, NotFoundError, WaitTimeoutError
from vetline.sdk.exchange import Exchange
from vetline.sdk.messages import RawAnswer
from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.observing import Paused
from vetline.sdk.operations.operation import Operation
from vetline.sdk.operations.qualifications import get_qualifications
from vetline.sdk.settings import CallSettings, Surroundings
from vetline.sdk.steps import Conversation, Pause
from vetline.wire import words

# The usual wait is three business days or less, so five days span a weekend.
# https://learn.microsoft.com/partner-center/enroll/sell-to-education-customers
DEFAULT_SECONDS: Final = 5 * 24 * 3600.0

_SHORTEST_HOLD = 0.9


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
        if self.first <= 0 or self.growth < 1 or self.longest < self.first or self.hold < 0:
            raise ValueError("A PollPolicy needs first > 0, growth >= 1, longest >= first and hold >= 0.")


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


class WaitState(msgspec.Struct, array_like=True):
    """What a resumable wait remembers."""

    customer_id: str
    name: str
    begun: float
    looks: int

    def token(self) -> str:
        """Return it as a text that can be kept; it holds no secret."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


def state_in(token: str) -> WaitState:
    """Return what a token remembers.

    Raises:
        InvalidArgumentError: it is no token of a wait.
    """
    try:
        state = msgspec.json.decode(base64.urlsafe_b64decode(token + "==="), type=WaitState)
    except (binascii.Error, ValueError, msgspec.MsgspecError, RecursionError, TypeError) as error:
        raise InvalidArgumentError("This is no token of a wait; begin a new one with wait_for_decision().") from error
    if not 0 <= state.begun < 1e11 or not 0 <= state.looks < 10**9:
        raise InvalidArgumentError("This token of a wait is damaged; begin a new one with wait_for_decision().")
    return state


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
        InvalidArgumentError: the token is of another customer, or none; the timeout is negative.
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
        if timeout < 0:
            raise InvalidArgumentError("timeout must not be negative.")
        named = words.qualification_named(name) or name if name else ""
        self._state = state_in(resume) if resume else WaitState(customer_id, named, around.wall(), 0)
        if self._state.customer_id != customer_id or (named and self._state.name not in ("", named)):
            raise InvalidArgumentError("This token belongs to the wait for another customer or qualification.")
        self._until = around.monotonic() + timeout
        self._timeout = timeout
        self._poll = poll
        self._on_progress = on_progress
        self._settings = settings
        self._around = around
        self._pause = poll.first

    def conversation(self) -> Conversation[CustomerQualification]:
        """Return the conversation that ends with the decision.

        Raises:
            NotFoundError: the customer has no such qualification.
            WaitTimeoutError: there was no decision in time; its token continues the wait.
            PartnerCenterError: looking failed.
        """
        while True:
            begun = self._around.monotonic()
            answer, found = yield from self._look()
            if found.is_decided:
                return found
            if self._left() <= 0:
                raise self._too_late(found)
            rest = 0.0 if _was_held(answer, self._around.monotonic() - begun) else self._rest()
            self._tell(found, rest)
            if rest:
                yield Pause(rest)

    def _look(self) -> Conversation[tuple[RawAnswer, CustomerQualification]]:
        operation = self._asking_to_hold(get_qualifications(self._state.customer_id))
        answer, found = yield from Exchange(operation, self._settings, self._around).conversation()
        self._state.looks += 1
        return answer, self._wanted(found)

    def _asking_to_hold(
        self, operation: Operation[list[CustomerQualification]]
    ) -> Operation[list[CustomerQualification]]:
        """Ask the service to hold its answer until there is something new.

        A service that does not know the preference ignores it: https://www.rfc-editor.org/rfc/rfc7240#section-2
        """
        seconds = int(min(self._poll.hold, self._left(), self._settings.timeout / 2))
        return msgspec.structs.replace(operation, headers={"Prefer": f"wait={seconds}"}) if seconds >= 1 else operation

    def _wanted(self, found: list[CustomerQualification]) -> CustomerQualification:
        name = self._state.name
        named = [one for one in found if not name or one.qualification == name]
        if not named:
            what = name or "qualification"
            raise NotFoundError(
                f"The customer has no {what} to wait for: ask for it with create_qualifications() first.",
                category="NotFound",
            )
        return next((one for one in named if not one.is_decided), named[0])

    def _rest(self) -> float:
        """Return how long to wait until the next look; never beyond the end, at which is looked a last time."""
        rest = self._pause * (0.75 + 0.5 * self._around.chance())
        self._pause = min(self._pause * self._poll.growth, self._poll.longest)
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


def _was_held(answer: RawAnswer, seconds: float) -> bool:
    """Whether the service held its answer. One that says so and answers at once is not asked again at once."""
    applied = answer.header("preference-applied").replace(" ", "").lower()
    return "wait=" in applied and seconds >= _SHORTEST_HOLD
