"""Validation codes of partners: looked up, issued, and changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from vetline.console.rendering import Renderer
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.partner import PartnerDesk
from vetline.desk.reviewer import ReviewDesk
from vetline.store.records import Code
from vetline.wire.paths import guid_of

_LONGEST = {"code": 128, "organization": 256}
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Issuing:
    """The form as it was filled in.

    Parameters:
        partner, code, organization, most, left: as they were typed.
    """

    partner: str = ""
    code: str = ""
    organization: str = ""
    most: str = ""
    left: str = ""

    @property
    def problems(self) -> dict[str, str]:
        """What has to be mended: the name of a text for each such field."""
        found = {} if guid_of(self.partner) else {"partner": "partner"}
        for name, longest in _LONGEST.items():
            text = getattr(self, name)
            if not text or len(text) > longest or not text.isprintable():
                found[name] = "text"
        return found | {name: "number" for name in ("most", "left") if _count(getattr(self, name)) is None}

    def issued(self, visit: Visit) -> Code:
        """Return the code that a form without problems asks for."""
        partner = guid_of(self.partner) or ""
        most, left = _count(self.most) or 0, _count(self.left) or 0
        return Code(partner, self.code, self.organization, most, left, visit.now)


class PartnerCodePages:
    """The page and its form.

    Parameters:
        partner: tells a partner's codes.
        review: issues them.
        renderer: makes pages.
    """

    def __init__(self, partner: PartnerDesk, review: ReviewDesk, renderer: Renderer) -> None:
        self._partner = partner
        self._review = review
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute("/partner-codes", self.codes, Needs.ADMINISTRATOR),
            PageRoute("/partner-codes", self.issue, Needs.ADMINISTRATOR, "POST"),
        ]

    async def codes(self, visit: Visit) -> Response:
        """Answer with a partner's codes, once one is named, and the form for another."""
        return await self._page(visit, _filled(visit.query), {})

    async def issue(self, visit: Visit) -> Response:
        """Issue a code, or change its particulars."""
        issuing = _filled(visit.form)
        if issuing.problems:
            return await self._page(visit, issuing, issuing.problems)
        code = issuing.issued(visit)
        await self._review.issue_code(code)
        return RedirectResponse(self._renderer.url(f"/partner-codes?partner={code.partner}&done=codes"), 303)

    async def _page(self, visit: Visit, issuing: Issuing, problems: Mapping[str, str]) -> Response:
        partner = guid_of(issuing.partner)
        return self._renderer.answer(
            visit,
            "administration/codes.html",
            400 if problems else 200,
            issuing=issuing,
            problems=problems,
            partner=partner,
            codes=await self._partner.codes(partner) if partner else (),
        )


def _filled(form: Mapping[str, str]) -> Issuing:
    names = ("partner", "code", "organization", "most", "left")
    return Issuing(*(form.get(name, "").strip()[:1_024] for name in names))


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 and int(text) <= _MOST else None
