"""Where somebody goes after signing in: back to the page they wanted, if it is one of ours, and nowhere else. Pure."""

import re
from urllib.parse import unquote

ROOT = "/console/"
_LONGEST = 1_024
# RFC 3986's characters of a path and a query: no backslash, no fragment, nothing that a browser would drop or change.
_PLAIN = re.compile(r"/console/[\w\-.~!$&'()*+,;=:@/%]*(?:\?[\w\-.~!$&'()*+,;=:@/?%]*)?", re.ASCII)
# Coming back to these would only begin again.
_NEVER = ("/console/sign-in", "/console/signed-in", "/console/sign-out")


def way_back(wanted: str) -> str:
    """Return the wanted address if it is a page below /console/, else the beginning of the pages.

    Parameters:
        wanted: a path, perhaps with a query, as a browser sent it.
    """
    return wanted if _is_ours(wanted) else ROOT


def _is_ours(wanted: str) -> bool:
    if len(wanted) > _LONGEST or not _PLAIN.fullmatch(wanted):
        return False
    path = wanted.partition("?")[0]
    # Whoever reads it on the way may decode it once, and once more: it must mean the same to all of them.
    return _stays(path) and _stays(unquote(path)) and _stays(unquote(unquote(path)))


def _stays(path: str) -> bool:
    steps = path.removeprefix(ROOT).split("/")
    inner = steps[:-1]
    return (
        path.startswith(ROOT)
        and path.rstrip("/") not in _NEVER
        and "" not in inner
        and not {".", ".."} & set(steps)
        and path.isprintable()
        and "\\" not in path
    )
