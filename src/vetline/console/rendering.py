"""Makes pages of templates. A template knows texts and values, and no rule; whatever it shows is escaped."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from vetline.console.visit import Visit

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


class Renderer:
    """The templates, and what they may use.

    Parameters:
        root: where the pages begin, ``/console``.
        shared: what every template may use besides, such as the name of the sandbox.
    """

    def __init__(self, root: str, shared: Mapping[str, object]) -> None:
        self._root = root
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"url": self.url, "static": self.static, **shared}
        self._environment.filters |= {"moment": moment, "day": day, "ago": ago}

    def page(self, visit: Visit, template: str, /, **values: object) -> HTMLResponse:
        """Return a whole page."""
        return self.answer(visit, template, 200, **values)

    def answer(self, visit: Visit, template: str, status: int, /, **values: object) -> HTMLResponse:
        """Return a whole page with another status than 200."""
        return HTMLResponse(self._environment.get_template(template).render(self._values(visit, values)), status)

    def part(self, visit: Visit, template: str, block: str, /, **values: object) -> HTMLResponse:
        """Return one block of a page, for a script that asks for no more."""
        found = self._environment.get_template(template)
        context = found.new_context(self._values(visit, values))
        return HTMLResponse("".join(found.blocks[block](context)))

    def url(self, path: str = "/") -> str:
        """Return the address of a page."""
        return self._root + path

    def static(self, name: str) -> str:
        """Return the address of a file, which changes with its content, so that it may be kept for ever."""
        digest = _DIGESTS.get(name) or _DIGESTS.setdefault(name, sha256((STATIC / name).read_bytes()).hexdigest()[:12])
        return f"{self._root}/static/{name}?v={digest}"

    def _values(self, visit: Visit, values: Mapping[str, object]) -> dict[str, Any]:
        return {"t": visit.texts, "visit": visit, "session": visit.session, "now": visit.now, **values}


_DIGESTS: dict[str, str] = {}


def moment(value: datetime) -> Markup:
    """Return a moment: its day and time, in the viewer's zone once the page's script has run, UTC when pointed at."""
    return _time(value, "moment", f"{value.astimezone(UTC):%-d %b %Y, %H:%M} UTC")


def day(value: datetime) -> Markup:
    """Return the day of a moment; see `moment`."""
    return _time(value, "day", f"{value.astimezone(UTC):%-d %b %Y}")


def ago(value: datetime) -> Markup:
    """Return how long ago a moment was; see `moment`."""
    return _time(value, "ago", f"{value.astimezone(UTC):%-d %b %Y, %H:%M} UTC")


def _time(value: datetime, kind: str, text: str) -> Markup:
    exact = value.astimezone(UTC)
    return Markup('<time datetime="{}" data-show="{}" title="{}">{}</time>').format(
        exact.isoformat().replace("+00:00", "Z"), kind, f"{exact:%Y-%m-%d %H:%M:%S} UTC", text
    )
