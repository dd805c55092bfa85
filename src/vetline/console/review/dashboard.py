"""The dashboard: what came in, who decided it, how long it took, and what waits; live while somebody looks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import asdict

from starlette.responses import Response, StreamingResponse

from vetline.console.rendering import Renderer
from vetline.console.review.charts import charts
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.figures import WINDOWS, FiguresDesk
from vetline.desk.summing import Figures

# A proxy lets go of a connection that says nothing for long.
_HEARTBEAT_SECONDS = 15.0
_DEFAULT = 30


class DashboardPages:
    """The page, and the stream that says when its figures are new.

    Parameters:
        figures: has them.
        renderer: makes pages.
    """

    def __init__(self, figures: FiguresDesk, renderer: Renderer) -> None:
        self._figures = figures
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute("/dashboard", self.dashboard, Needs.REVIEWER),
            PageRoute("/dashboard/events", self.events, Needs.REVIEWER),
        ]

    async def dashboard(self, visit: Visit) -> Response:
        """Answer with the figures as they were last seen, or with word that they are being counted."""
        days = _days(visit)
        found = self._figures.latest(days)
        drawn = charts(found, visit.texts) if found else ()
        values = {
            "days": days,
            "windows": WINDOWS,
            "figures": found,
            "charts": drawn,
            "data": {chart.id: asdict(chart) for chart in drawn},
            "totals": _totals(found) if found else {},
        }
        if visit.partial:
            return self._renderer.part(visit, "review/dashboard.html", "numbers", **values)
        return self._renderer.page(visit, "review/dashboard.html", **values)

    async def events(self, visit: Visit) -> Response:
        """Say whenever the figures are new; the page then asks for them as it would anew."""
        return StreamingResponse(self._news(_days(visit)), media_type="text/event-stream")

    async def _news(self, days: int) -> AsyncIterator[bytes]:
        watching = self._figures.watch(days)
        coming: asyncio.Task[Figures] | None = None
        try:
            while True:
                coming = coming or asyncio.create_task(anext(watching))
                done, _ = await asyncio.wait({coming}, timeout=_HEARTBEAT_SECONDS)
                if not done:
                    yield b": still here\n\n"
                    continue
                found, coming = await coming, None
                yield f"event: figures\ndata: {found.at.isoformat()}\n\n".encode()
        except StopAsyncIteration:
            return
        finally:
            if coming is not None:
                coming.cancel()
                with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                    await coming
            await watching.aclose()


def _days(visit: Visit) -> int:
    text = visit.query.get("days", "")
    return next((days for days in WINDOWS if text == str(days)), _DEFAULT)


def _totals(found: Figures) -> dict[str, int]:
    by_data, by_people = sum(one.by_data for one in found.days), sum(one.by_people for one in found.days)
    decided = by_data + by_people
    denied = sum(one.denied for one in found.outcomes)
    return {
        "reviewing": found.reviewing,
        "screening": found.screening,
        "submitted": sum(one.submitted for one in found.days),
        "decided": decided,
        "by_data_share": round(100 * by_data / decided) if decided else 0,
        "denied_share": round(100 * denied / decided) if decided else 0,
    }
