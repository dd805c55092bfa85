"""A partner's uploads: given, watched while they are worked off, cancelled, and their results taken away."""

from starlette.responses import RedirectResponse, Response

from vetline.bulk.rows import COLUMNS, InputError
from vetline.console.failing import NotHereError
from vetline.console.rendering import Renderer
from vetline.console.uploads.giving import fresh_id, given_in
from vetline.console.uploads.intake import MAX_BYTES, MAX_ROWS
from vetline.console.uploads.showing import Shown
from vetline.console.uploads.taking_away import results_response
from vetline.console.visit import SMALL_FORM, Needs, PageRoute, Visit
from vetline.desk.uploads import MAX_OPEN, Author, NoSuchUploadError, TooManyUploadsError, UploadDesk
from vetline.store.uploads import Upload
from vetline.wire.paths import guid_of

_UPLOAD = "/uploads/{upload}"
_LONGEST_LINE = 9
_LIMITS = {"bytes": MAX_BYTES, "mebibytes": MAX_BYTES >> 20, "rows": MAX_ROWS, "open": MAX_OPEN}
_ENTITY_TOO_LARGE, _CONFLICT, _NOT_UNDERSTOOD = 413, 409, 400


class UploadPages:
    """The list with its form, and an upload.

    Parameters:
        desk: keeps the uploads.
        renderer: makes pages.
    """

    def __init__(self, desk: UploadDesk, renderer: Renderer) -> None:
        self._desk = desk
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute("/uploads", self.list, Needs.PARTNER),
            PageRoute("/uploads", self.give, Needs.PARTNER, "POST", MAX_BYTES + SMALL_FORM, self.too_large),
            PageRoute(_UPLOAD, self.show, Needs.PARTNER),
            PageRoute(f"{_UPLOAD}/results.csv", self.results, Needs.PARTNER),
            PageRoute(f"{_UPLOAD}/cancel", self.cancel, Needs.PARTNER, "POST"),
        ]

    async def list(self, visit: Visit) -> Response:
        """Answer with the form, what a file looks like, and the latest uploads."""
        return await self._list(visit, 200)

    async def give(self, visit: Visit) -> Response:
        """Take a file, and lead to its progress; a file sent twice is taken once, one with a problem not at all."""
        given = await given_in(visit)
        if given is None:
            return await self._list(visit, _NOT_UNDERSTOOD, problem="no_file")
        person = visit.person
        try:
            drafts, key = await given.read()
            author = Author(person.tenant, person.actor, person.roles)
            upload = await self._desk.begin(author, given.name, drafts, key)
        except InputError as error:
            return await self._list(visit, _NOT_UNDERSTOOD, problem="no_table", broken=error, file=given.name)
        except TooManyUploadsError:
            return await self._list(visit, _CONFLICT, problem="too_many")
        return self._to(upload.id)

    async def too_large(self, visit: Visit) -> Response:
        """Answer with what to do about a file that was not read to its end."""
        return await self._list(visit, _ENTITY_TOO_LARGE, problem="too_large")

    async def show(self, visit: Visit) -> Response:
        """Answer with an upload, how its rows stand now, and those that failed."""
        after = _line_in(visit)
        try:
            seen = Shown(await self._desk.open(visit.person.tenant, _upload_in(visit), after), after)
        except NoSuchUploadError:
            raise NotHereError from None
        if not visit.partial:
            return self._renderer.page(visit, "uploads/upload.html", seen=seen, form_id=fresh_id(), limits=_LIMITS)
        if visit.query.get("shown") != seen.upload.state.value:  # the rest of the page says something else now, too
            return Response(headers={"hx-refresh": "true"})
        return self._renderer.part(visit, "uploads/upload.html", "figures", seen=seen)

    async def results(self, visit: Visit) -> Response:
        """Answer with the results as a file, as they stand now."""
        return results_response(self._desk, await self._upload(visit))

    async def cancel(self, visit: Visit) -> Response:
        """Have no further row sent."""
        upload = await self._upload(visit)
        await self._desk.cancel(upload.partner, upload.id)
        return self._to(upload.id)

    async def _upload(self, visit: Visit) -> Upload:
        try:
            return await self._desk.get(visit.person.tenant, _upload_in(visit))
        except NoSuchUploadError:
            raise NotHereError from None

    async def _list(
        self, visit: Visit, status: int, *, problem: str = "", broken: InputError | None = None, file: str = ""
    ) -> Response:
        return self._renderer.answer(
            visit,
            "uploads/list.html",
            status,
            uploads=await self._desk.latest(visit.person.tenant),
            problem=problem,
            broken=broken,
            file=file,
            form_id=fresh_id(),
            columns=COLUMNS,
            limits=_LIMITS,
        )

    def _to(self, upload: str) -> Response:
        return RedirectResponse(self._renderer.url(f"/uploads/{upload}"), 303)


def _upload_in(visit: Visit) -> str:
    """Return the upload in a page's address.

    Raises:
        NotHereError: it is no GUID.
    """
    guid = guid_of(visit.parameter("upload"))
    if guid is None:
        raise NotHereError
    return guid


def _line_in(visit: Visit) -> int:
    """Return the line in the address behind which the rows begin.

    Raises:
        NotHereError: it is no number that a file's line can have.
    """
    text = visit.query.get("after", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_LINE):
        raise NotHereError
    return int(text)
