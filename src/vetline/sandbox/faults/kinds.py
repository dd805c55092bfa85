"""The kinds of faults, and what each may be told besides. Words only: nothing here knows how a fault is done."""

from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong."""

    THROTTLED = "throttled"
    """429; `Retry-After` in seconds, as a date, or absent."""
    UNEXPECTED = "unexpected"
    """500."""
    UNAVAILABLE = "unavailable"
    """503; `Retry-After` in seconds, as a date, or absent."""
    SLOW = "slow"
    """The request is carried out; the first byte of the answer comes after some seconds."""
    HALF = "half"
    """The request is carried out; half the body comes, then the connection ends."""
    RESET = "reset"
    """The connection is reset; the request is not carried out."""
    LOST = "lost"
    """The request is carried out; the connection ends without a byte."""
    EXPIRED = "expired"
    """401: from now on the token that came counts as expired."""
    REVOKED = "revoked"
    """401: from now on the token that came is refused."""
    MFA = "mfa"
    """401: MFA is demanded."""
    DOUBLED = "doubled"
    """A webhook comes twice."""
    LATE = "late"
    """A webhook comes some seconds late, by the world's clock."""
    OUT_OF_ORDER = "out-of-order"
    """A webhook comes after those that are due with it; alone, it waits some seconds for the next one."""


class Form(StrEnum):
    """How `Retry-After` is written. Both are allowed: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3"""

    SECONDS = "seconds"
    DATE = "date"
    NONE = "none"


# The members that only some kinds have.
DETAILS: dict[Kind, tuple[str, ...]] = {
    Kind.THROTTLED: ("retryAfterSeconds", "retryAfterForm"),
    Kind.UNAVAILABLE: ("retryAfterSeconds", "retryAfterForm"),
    Kind.SLOW: ("seconds",),
    Kind.LATE: ("seconds",),
    Kind.OUT_OF_ORDER: ("seconds",),
}
OF_DELIVERIES = frozenset({Kind.DOUBLED, Kind.LATE, Kind.OUT_OF_ORDER})
REFUSES_THE_TOKEN = frozenset({Kind.EXPIRED, Kind.REVOKED})
