"""What PostgreSQL's errors mean to us: whose fault it was, and whether trying again is safe.

The codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

import asyncpg

from vetline.store.port import ConflictError, UnavailableError

# What using a connection raises beside PostgreSQL's own answers: it is closed, refused or cut.
BROKEN = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, EOFError)

_CONSTRAINT = "23"
_DATA = "22"
# Connection exceptions, and the server ending or starting.
_GONE = ("08", "57P")
# Read-only: this was the primary, and no longer is. Too long in a transaction: this process was frozen for a while.
# Serialization failure, deadlock: another transaction went on.
_AGAIN = {"25006", "25P03", "25P04", "40001", "40P01"}
_LOCKED = "55P03"


class AgainError(UnavailableError):
    """Nothing was saved, through no fault of what was asked: the connection was lost, or another transaction won."""


class UncertainError(UnavailableError):
    """The commit was not seen to end: it may have been done or not."""


class LockedError(UnavailableError):
    """Something was locked for too long; nothing was saved."""


def meaning_of(error: Exception) -> Exception:
    """Return the error of the port that an error of the driver is; whatever is neither is returned as it is."""
    if isinstance(error, TimeoutError):  # an OSError too, but what took too long is not tried again
        return UnavailableError("the database does not answer in time")
    if isinstance(error, asyncpg.PostgresError):
        return _meaning_of_code(error, getattr(error, "sqlstate", None) or "")
    if isinstance(error, BROKEN) and not isinstance(error, ValueError):  # a value that cannot be sent is both
        return AgainError(f"the database cannot be reached: {_sentence(error)}")
    return error


def _meaning_of_code(error: Exception, code: str) -> Exception:
    if code.startswith(_CONSTRAINT):
        return ConflictError(_sentence(error))
    if code.startswith(_DATA):
        return error
    if code.startswith(_GONE) or code in _AGAIN:
        return AgainError(f"the database cannot do this now: {_sentence(error)}")
    if code == _LOCKED:
        return LockedError(f"the database is locked: {_sentence(error)}")
    return UnavailableError(f"the database refuses: {_sentence(error)}")


def _sentence(error: BaseException) -> str:
    """Return what an error says, without the detail that shows values of a row."""
    return str(error).partition("\n")[0] or type(error).__name__
