"""Names what a request asks for, by the service's own routes; and says which requests are nobody's business."""

from collections.abc import Iterable

from vetline.api.router import Route, Router
from vetline.wire.faults import FaultError
from vetline.wire.paths import segments_of

# What people look at, what watches over the service, and the control surface itself.
_UNTOLD = frozenset(
    {"sandbox", "console", "healthz", "readyz", "metrics", "docs", "openapi.json", "favicon.ico", "devicelogin"}
)
_SIGN_IN = frozenset({"authorize", "logout", "nativeclient"})
_INTERFACE = frozenset({"v1", "vetline", "webhooks"})
_AUTHORITY = frozenset({"oauth2", "discovery", "userrealm", ".well-known", "v2.0"})


class Operations:
    """What there is to ask for.

    Parameters:
        routes: the JSON interface's.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._router = Router(routes)

    def name_of(self, method: str, path: str) -> str | None:
        """Return an operation's name, empty for what there is not; `None` for what the journal does not tell."""
        segments = segments_of(path)
        if not segments or segments[0] in _UNTOLD or segments[-1] in _SIGN_IN:
            return None
        if segments[0] not in _INTERFACE:
            return _authoritys(method, segments)
        try:
            route, _ = self._router.find("GET" if method == "HEAD" else method, segments)
        except FaultError:
            return ""
        return f"{method} {route.path}"


def is_authoritys(path: str) -> bool:
    """Return whether a path is the token authority's, as everything is that is not the JSON interface's."""
    return next(iter(segments_of(path)), "") not in _INTERFACE


def _authoritys(method: str, segments: list[str]) -> str:
    if segments[-1] == "generatetoken":
        return f"{method} /{'/'.join(segments)}"
    owner, *rest = segments
    if not rest or rest[0] not in _AUTHORITY:
        return ""
    return f"{method} /{'/'.join((owner if owner == 'common' else '{tenant}', *rest))}"
