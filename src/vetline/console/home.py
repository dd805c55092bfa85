"""Where a visit begins, and the page for the time without a connection."""

from starlette.responses import RedirectResponse, Response

from vetline.console.rendering import Renderer
from vetline.console.visit import Needs, PageRoute, Visit


class HomePages:
    """The beginning.

    Parameters:
        renderer: makes pages.
    """

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute("/", self.home, Needs.SIGNED_IN),
            PageRoute("/offline", self.offline, Needs.ANYONE),
        ]

    async def home(self, visit: Visit) -> Response:
        """Lead to where this person works."""
        return RedirectResponse(self._renderer.url("/customers" if visit.person.is_partner else "/queue"), 303)

    async def offline(self, visit: Visit) -> Response:
        """Answer with the page that the browser keeps; it shows nobody's name."""
        visit.session = None
        return self._renderer.page(visit, "offline.html")
