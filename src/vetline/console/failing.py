"""What a visitor is told when a page cannot be shown: what happened, and what to do next."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response

from vetline.console.forms import ForgedError, TooLargeError
from vetline.console.rendering import Renderer
from vetline.console.visit import Visit
from vetline.desk.reviewer import NoSuchCaseError
from vetline.logs import get_logger
from vetline.store.port import ForeignCustomerError, UnavailableError, UnknownCustomerError

log = get_logger("vetline.console")

_RETRY = {"retry-after": "5"}


class NotHereError(Exception):
    """There is no such thing, or it is a stranger's: the visitor is told no difference."""


class NotForYouError(Exception):
    """Somebody is signed in whom the page does not serve."""


def failure_page(error: Exception, visit: Visit, renderer: Renderer) -> Response:
    """Return the page that an exception is to a visitor; what is not foreseen goes to the log."""
    status, name, headers = _told(error, visit)
    page = renderer.answer(visit, "failure.html", status, name=name)
    page.headers.update(headers)
    return page


def _told(error: Exception, visit: Visit) -> tuple[int, str, Mapping[str, str]]:
    match error:
        case NotHereError() | NoSuchCaseError() | UnknownCustomerError() | ForeignCustomerError():
            return 404, "not_here", {}
        case NotForYouError():
            return 403, "not_for_you", {}
        case ForgedError():
            return 403, "forged", {}
        case TooLargeError():
            return 413, "too_large", {}
        case HTTPException():
            name = {404: "not_here", 405: "not_possible"}.get(error.status_code, "not_understood")
            return error.status_code, name, dict(error.headers or {})
        case UnavailableError():
            log.error("unavailable", reason=str(error), path=visit.request.url.path)
            return 503, "unavailable", _RETRY
        case _:
            log.exception("unexpected failure", path=visit.request.url.path, exc_info=error)
            return 500, "unexpected", {}
