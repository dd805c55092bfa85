"""Sight into a world: the journal around its service, the scorecard over the journal, and their pages."""

from starlette.routing import BaseRoute

from vetline.api.app import Asgi
from vetline.clock import Clock
from vetline.sandbox.sight.journal.book import Book
from vetline.sandbox.sight.journal.control import JournalControl
from vetline.sandbox.sight.journal.operations import Operations
from vetline.sandbox.sight.journal.recording import Journal
from vetline.sandbox.sight.pages import SightPages
from vetline.sandbox.sight.scorecard.control import ScorecardControl
from vetline.sandbox.sight.scorecard.probing import Probes
from vetline.sandbox.sight.scorecard.receivers import Receivers


class Sight:
    """What can be seen of a world from outside.

    Parameters:
        clock: the world's.
        operations: names those of its JSON interface.
        receivers: those of its webhooks.
    """

    def __init__(self, clock: Clock, operations: Operations, receivers: Receivers) -> None:
        self._receivers = receivers
        self.book = Book()
        self.probes = Probes(self.book)
        self._clock = clock
        self._operations = operations

    def around(self, app: Asgi) -> Asgi:
        """Return an application with the journal around it; it belongs outside of everything else."""
        return Journal(app, self.book, self._clock, self._operations)

    def routes(self) -> list[BaseRoute]:
        """Return the control routes and the pages."""
        scorecard = ScorecardControl(self.book, self.probes, self._receivers, self._clock)
        pages = SightPages(self.book, self.probes)
        return [*JournalControl(self.book).routes(), *scorecard.routes(), *pages.routes()]

    def forget(self) -> None:
        """Begin anew."""
        self.book.clear()
        self.probes.forget()

    def close(self) -> None:
        """Let everybody go who looks on."""
        self.book.close()
