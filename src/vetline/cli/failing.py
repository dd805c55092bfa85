"""The one place that turns what went wrong into words and an exit code: what, its identifiers, and what to do next.

One or two lines on stderr, never a traceback.
"""

import os
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from vetline.cli import exits
from vetline.cli.cells import harmless

if TYPE_CHECKING:
    from vetline.sdk.errors import PartnerCenterError


ABOUT_TRUST: Final = (
    "Name the file of its certificate authority in SSL_CERT_FILE, or with `vetline token --ca-file`; a sandbox with "
    "--tls logs it as ca_file."
)


class CliError(Exception):
    """A command cannot do what it was asked; the sentence says what to do.

    Parameters:
        sentence: for the person.
        code: one of `vetline.cli.exits`.
    """

    def __init__(self, sentence: str, code: int = exits.USAGE) -> None:
        super().__init__(sentence)
        self.code = code


def guarded(command_line: Callable[[], None]) -> int:
    """Run the command line and return its exit code, having said on stderr what went wrong.

    A reader that goes away, as in `vetline ... | head`, is nothing to tell of; Typer sees to that.
    """
    try:
        command_line()
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else exits.FAILED if end.code else exits.OK
    except Exception as error:  # whatever it is, a person reads a sentence
        return _told(error)
    return exits.OK


def _told(error: Exception) -> int:
    lines, code = explained(error)
    for line in lines:
        sys.stderr.write(f"{harmless(line, keep=chr(10))}\n")
    return code


def explained(error: Exception) -> tuple[list[str], int]:
    """Return what to say about an error, and the exit code."""
    from vetline.sdk.errors import PartnerCenterError

    if isinstance(error, CliError):
        return [f"vetline: {error}"], error.code
    if isinstance(error, PartnerCenterError):
        lines = [f"vetline: {harmless(error.description).rstrip('.')}{_identifiers(error)}.", advice(error)]
        return [line for line in lines if line], code_of(error)
    if isinstance(error, ModuleNotFoundError) and not (error.name or "vetline").startswith("vetline"):
        return [f"vetline: this needs more packages ({error.name}): pip install 'vetline[sandbox]'"], exits.USAGE
    if isinstance(error, UnicodeEncodeError):
        return ["vetline: an argument is not UTF-8, and cannot be sent."], exits.USAGE
    return [f"vetline: unexpectedly {type(error).__name__}: {error} {_place(error)}"], exits.FAILED


def _identifiers(error: "PartnerCenterError") -> str:
    parts = [str(error.status or ""), f"code {error.code}" if error.code else ""]
    parts.append(f"MS-RequestId {error.request_id}" if error.request_id else "")
    named = ", ".join(part for part in parts if part)
    return f" ({named})" if named else ""


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if "vetline" in frame.filename), frames[-1] if frames else None)
    return f"(at {os.path.basename(last.filename)}:{last.lineno}; please report it)" if last else ""


def code_of(error: "PartnerCenterError") -> int:
    """Return the exit code that an error of the service has."""
    from vetline.sdk import errors

    if error.code in _NEEDS_A_USER:
        return exits.LOGIN
    if is_about_trust(error.description):
        return exits.USAGE
    table: tuple[tuple[type[PartnerCenterError], int], ...] = (
        (errors.InvalidArgumentError, exits.USAGE),
        (errors.AuthenticationError, exits.LOGIN),
        (errors.NotFoundError, exits.NOT_FOUND),
        (errors.ConflictError, exits.CONFLICT),
        (errors.WaitTimeoutError, exits.TIMED_OUT),
        (errors.ThrottledError, exits.UNAVAILABLE),
        (errors.ServerError, exits.UNAVAILABLE),
        (errors.ConnectionFailedError, exits.UNAVAILABLE),
    )
    return next((code for kind, code in table if isinstance(error, kind)), exits.FAILED)


_NEEDS_A_USER = frozenset({"900329"})
# https://learn.microsoft.com/partner-center/developer/error-codes
_BY_CODE = {
    "900329": "This needs a signed-in user, not an application alone: `vetline login --device-code`.",
    "900308": "Ask your administrator for the role that this needs, then sign in again with `vetline login`.",
    "900420": "The token is for another service: sign in again with `vetline login`.",
    "20002": "It is not one of your customers: `vetline customers list` shows them.",
    "60003": "Check the customer's id: `vetline customers list` shows them.",
}
_BY_NAME = {
    "ValidationCodeRequired": "`vetline codes list` shows your codes; give one with --code.",
    "ValidationCodeNotFound": "`vetline codes list` shows your codes.",
    "ValidationCodeExhausted": "`vetline codes list` shows your codes and what is left of each.",
    "EducationSegmentRequired": "Give --segment K12 or --segment HigherEducation.",
    "AlreadyInReview": "`vetline qualifications wait CUSTOMER` waits for the decision.",
}


def advice(error: "PartnerCenterError") -> str:
    """Return what to do next about an error of the service; empty when there is nothing to say."""
    return _BY_CODE.get(error.code) or _BY_NAME.get(error.error_name) or _by_kind(error)


def _by_kind(error: "PartnerCenterError") -> str:
    from vetline.sdk import errors

    match error:
        case errors.MfaRequiredError():
            return "Sign in with multifactor authentication: `vetline login --device-code`."
        case errors.AuthenticationError():
            return "Sign in again with `vetline login`; a token in VETLINE_ACCESS_TOKEN has to be renewed."
        case errors.ThrottledError() | errors.ServerError():
            return _when(error)
        case errors.ConnectionFailedError() if is_about_trust(error.description):
            return ABOUT_TRUST
        case errors.ConnectionFailedError():
            return "Is the address right, and does the service run? `vetline sandbox` starts a sandbox."
    return ""


def is_about_trust(why: str) -> bool:
    """Whether there was no connection because the other side's certificate is not trusted."""
    return "CERTIFICATE_VERIFY_FAILED" in why


def _when(error: "PartnerCenterError") -> str:
    if error.retry_after is None:
        return "Try again in a while."
    return f"Wait {error.retry_after:.0f} s, then try again."
