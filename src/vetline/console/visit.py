"""One visit of a page: who comes, with what, and when; and the pages there are, as values."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from vetline.console.person import Person
from vetline.console.session import Session
from vetline.console.texts import Texts

SMALL_FORM = 64 * 1024


class Needs(Enum):
    """Whom a page serves."""

    ANYONE = "anyone, signed in or not"
    SIGNED_IN = "anyone who is signed in"
    PARTNER = "a partner's people"
    REVIEWER = "reviewers and administrators"
    ADMINISTRATOR = "administrators"

    def met_by(self, person: Person) -> bool:
        """Return whether somebody who is signed in may see the page."""
        match self:
            case Needs.PARTNER:
                return person.is_partner
            case Needs.REVIEWER:
                return person.is_reviewer or person.is_administrator
            case Needs.ADMINISTRATOR:
                return person.is_administrator
            case _:
                return True


@dataclass(slots=True)
class Visit:
    """One request on its way through the pages.

    Parameters:
        request: as Starlette has it.
        texts: in the visitor's language.
        now: when it came, UTC.
        session: who comes; `None` when nobody is signed in.
        form: the fields of a POST, each once; empty otherwise.
        files: its files.
        chosen: the fields that may come several times, such as the boxes that are ticked.
    """

    request: Request
    texts: Texts
    now: datetime
    session: Session | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        """Who comes. Only pages that need somebody ask."""
        if self.session is None:
            raise LookupError("nobody is signed in")
        return self.session.person

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters in the address bar."""
        return self.request.query_params

    @property
    def partial(self) -> bool:
        """Whether a script asks for a part of the page only."""
        return self.request.headers.get("hx-request") == "true"

    def parameter(self, name: str) -> str:
        """Return a parameter of the path."""
        return str(self.request.path_params[name])


Handler = Callable[[Visit], Awaitable[Response]]


class Pages(Protocol):
    """A group of pages."""

    def routes(self) -> "Sequence[PageRoute]":
        """Return the pages."""
        ...


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One page, or one thing that a page does.

    Parameters:
        path: below /console, such as ``/customers/{customer}``.
        handler: answers it.
        needs: whom it serves.
        method: GET, or POST for whatever changes something.
        largest: how many bytes of a form are read at most.
        too_large: answers when more is sent; without it there is one page for all.
    """

    path: str
    handler: Handler
    needs: Needs
    method: str = "GET"
    largest: int = SMALL_FORM
    too_large: Handler | None = None
