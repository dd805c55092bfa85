"""The partner's validation codes, with what is left of each."""

from starlette.responses import Response

from vetline.console.rendering import Renderer
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.partner import PartnerDesk


class CodePages:
    """The page.

    Parameters:
        desk: what a partner may ask.
        renderer: makes pages.
    """

    def __init__(self, desk: PartnerDesk, renderer: Renderer) -> None:
        self._desk = desk
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [PageRoute("/codes", self.codes, Needs.PARTNER)]

    async def codes(self, visit: Visit) -> Response:
        """Answer with the codes."""
        codes = await self._desk.codes(visit.person.tenant)
        return self._renderer.page(visit, "partner/codes.html", codes=codes)
