"""One question to the service, asked again as long as that is any use: all pacing of a run is here and in the gate.

The client's own retrying is off: it would know nothing of what other requests were told, and send into a closed gate.
"""

import random
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn, TypeVar

from vetline.cli.bulk.halting import Halt, Why
from vetline.cli.bulk.pace import Gate
from vetline.cli.failing import CliError
from vetline.sdk import errors
from vetline.sdk.errors import PartnerCenterError

T = TypeVar("T")

ATTEMPTS: Final = 6
BACKOFF_SECONDS: Final = 0.5
MAX_BACKOFF_SECONDS: Final = 8.0
# To be told to wait is no failure of the row, but it must end some time.
MAX_PUSHES: Final = 20
# A longer wait is nobody's patience: the run ends and can be resumed.
MAX_WAIT_SECONDS: Final = 3600.0

# App-only where a user is needed: it is the same for every row. https://learn.microsoft.com/partner-center/developer/error-codes
_NEEDS_A_USER: Final = "900329"


class HaltedError(Exception):
    """The run was ended before the service gave an answer."""


class Asker:
    """Asks the service through the gate.

    Parameters:
        gate: says when.
        halt: called when no row could succeed any more.
    """

    def __init__(self, gate: Gate, halt: Halt) -> None:
        self._gate = gate
        self._halt = halt

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Return the answer to a question.

        Parameters:
            question: one request, the same each time it is called.

        Raises:
            HaltedError: the run ends.
            PartnerCenterError: the service refused it, or gave no answer in all attempts.
        """
        failures = pushes = 0
        while True:
            try:
                return await self._once(question)
            except CliError as error:  # the login gave no token
                self._end(Why.AUTHENTICATION, error)
            except PartnerCenterError as error:
                if concerns_every_row(error):
                    self._end(Why.AUTHENTICATION, error)
                pushed = is_push(error)
                pushes, failures = pushes + pushed, failures + (not pushed)
                if not is_transient(error) or failures >= ATTEMPTS or pushes >= MAX_PUSHES:
                    raise
                await self._wait(error, failures or pushes)

    def _end(self, why: Why, error: Exception) -> NoReturn:
        self._halt.call(why, str(error))
        raise HaltedError from error

    async def _once(self, question: Callable[[], Awaitable[T]]) -> T:
        async with self._gate.entered() as let_in:
            if not let_in:
                raise HaltedError
            answer = await question()
        self._gate.succeeded()
        return answer

    async def _wait(self, error: PartnerCenterError, times: int) -> None:
        seconds = backoff(times) if error.retry_after is None else error.retry_after
        if seconds > MAX_WAIT_SECONDS:
            self._halt.call(Why.UNANSWERED, f"The service asks to wait {seconds:,.0f} seconds.")
        if is_push(error):
            self._gate.pushed_back(seconds)
        elif await self._halt.called_within(seconds):
            raise HaltedError from error


def backoff(times: int) -> float:
    """Return the seconds to wait after so many failures; half of it is chance, so that workers do not march in step."""
    longest = min(BACKOFF_SECONDS * 2.0 ** (times - 1), MAX_BACKOFF_SECONDS)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def concerns_every_row(error: PartnerCenterError) -> bool:
    """Return whether an error is about who asks, so that every further row would meet it."""
    return isinstance(error, errors.AuthenticationError) or error.code == _NEEDS_A_USER


def is_push(error: PartnerCenterError) -> bool:
    """Return whether the service asks for fewer requests: then nobody sends any until the time it named."""
    return error.status == 429 or (error.status == 503 and error.retry_after is not None)


def is_transient(error: PartnerCenterError) -> bool:
    """Return whether the same request may succeed later. Whether the service did it is not known then."""
    unanswered = isinstance(error, errors.ConnectionFailedError | errors.UnreadableAnswerError)
    return unanswered or error.status in (408, 429) or (error.status or 0) >= 500
