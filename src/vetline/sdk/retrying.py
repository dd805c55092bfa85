"""When an attempt is repeated, and how long to wait before: decisions only, no waiting and no I/O.

Repeated is what is safe: no answer, 408, 429 and 5xx. The MS-RequestId stays the same over all attempts, so that the
service recognises them as one: https://learn.microsoft.com/partner-center/developer/headers
"""

from collections.abc import Callable
from enum import Enum

import msgspec

from vetline.sdk.checking import check_number, check_positive
from vetline.sdk.dates import http_date
from vetline.sdk.messages import Outcome, RawAnswer, Unanswered

# 501 and 505 will not change. https://learn.microsoft.com/partner-center/developer/error-codes lists the statuses
_HOPELESS = frozenset({501, 505})
# A longer Retry-After is as good as for ever; a number so long that it is infinite could not be shown.
_LONGEST = 10.0**12


class Repeat(Enum):
    """Whether an operation may be sent again when nobody knows whether it was done."""

    SAFE = "safe"
    """It changes nothing, or the service recognises its MS-RequestId."""
    ONLY_UNDONE = "only undone"
    """Only when it was certainly not done: no connection was made, or the service said 429."""


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of retrying.

    Parameters:
        attempts: how often at most, the first time included; one more after a refused token was renewed.
        backoff: the wait before the second attempt in seconds; it doubles with each. Half of it is random.
        max_backoff: the longest such wait, in seconds.
        max_retry_after: the longest `Retry-After` that is waited for, in seconds; a longer one is an error at once.
        total_seconds: the time for all attempts and waits of one operation.
        jitter: how much of a `Retry-After` is waited on top at most, so that many clients do not come back together;
            after a short one, the backoff.
    """

    attempts: int = 4
    backoff: float = 0.5
    max_backoff: float = 8.0
    max_retry_after: float = 120.0
    total_seconds: float = 300.0
    jitter: float = 0.3

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        check_number("attempts", self.attempts, 1)
        for name in ("backoff", "max_backoff", "max_retry_after", "jitter"):
            check_number(name, getattr(self, name), 0)
        check_positive("total_seconds", self.total_seconds)


class Again(msgspec.Struct, frozen=True):
    """Try again after so many seconds."""

    seconds: float


class Enough(msgspec.Struct, frozen=True):
    """Do not try again. `why` is a sentence to add to the error; empty when there is nothing to say."""

    why: str = ""


def verdict(
    outcome: Outcome,
    repeat: Repeat,
    policy: RetryPolicy,
    attempt: int,
    elapsed: float,
    now: float,
    chance: Callable[[], float],
) -> Again | Enough:
    """Say whether to try again.

    Parameters:
        outcome: what came of the attempt.
        repeat: what kind of operation it is.
        policy: the numbers.
        attempt: how many attempts there were.
        elapsed: the seconds since the operation began.
        now: the moment, in seconds since 1970.
        chance: gives a random number from 0 to 1.
    """
    if not _repeatable(outcome, repeat):
        return Enough()
    told = asked_wait(outcome, now) if isinstance(outcome, RawAnswer) else None
    if told is not None and told > policy.max_retry_after:
        return Enough(
            f"The service asks to wait {told:.0f} seconds, longer than max_retry_after ({policy.max_retry_after:.0f}): "
            "try again then, or set a longer RetryPolicy(max_retry_after=...)."
        )
    if attempt >= policy.attempts:
        return Enough(f"Given up after {attempt} attempts." if attempt > 1 else "")
    wait = pause_before(attempt + 1, told, policy, chance())
    if elapsed + wait > policy.total_seconds:
        return Enough(f"Another attempt would take longer than total_seconds ({policy.total_seconds:.0f}).")
    return Again(wait)


def perhaps_done(outcome: Outcome) -> bool:
    """Whether an attempt that failed in a way that may pass was perhaps done all the same."""
    if isinstance(outcome, Unanswered):
        return outcome.arrived
    return outcome.status == 408 or outcome.status >= 500


def _repeatable(outcome: Outcome, repeat: Repeat) -> bool:
    return _may_pass(outcome) and (repeat is Repeat.SAFE or not perhaps_done(outcome))


def _may_pass(outcome: Outcome) -> bool:
    if isinstance(outcome, Unanswered):
        return True
    return outcome.status in (408, 429) or (500 <= outcome.status < 600 and outcome.status not in _HOPELESS)


def pause_before(attempt: int, told: float | None, policy: RetryPolicy, chance: float) -> float:
    """Return how long to wait before an attempt, in seconds; never less than told.

    Parameters:
        attempt: the number of the attempt to come, from 2.
        told: the service's `Retry-After`; `None` when it gave none.
        policy: the numbers.
        chance: a random number from 0 to 1.
    """
    backoff = min(policy.backoff * 2.0 ** min(attempt - 2, 60), policy.max_backoff)
    if told is None:
        return backoff * (0.5 + 0.5 * chance)
    return told + max(policy.jitter * told, backoff) * chance


def asked_wait(answer: RawAnswer, now: float) -> float | None:
    """Return the seconds that an answer's `Retry-After` asks for; `None` when there is none, or it is not understood.

    Both forms are read (RFC 9110, section 10.2.3): seconds, and a date. A date is counted from the answer's own `Date`,
    so that a wrong clock here does not matter.

    Parameters:
        answer: the answer.
        now: the moment, in seconds since 1970, for an answer without `Date`.
    """
    text = answer.header("retry-after").strip()
    if not text:
        return None
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), _LONGEST)
    moment = http_date(text)
    if moment is None:
        return None
    sent = http_date(answer.header("date"))
    since = sent.timestamp() if sent else now
    return min(max(moment.timestamp() - since, 0.0), _LONGEST)
