"""Somebody who is signed in, and what they may be asked to do: a stop of the tour."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

import httpx2
from tests.support.visitor import Visitor

from bench.processes import BenchError

Form = dict[str, str | list[str]]


class Person:
    """Somebody who is signed in.

    Parameters:
        base: where the service is.
        username: whose session it is.
        rivals: somebody else works too, and may be quicker; to be told so is an answer like any other.
    """

    def __init__(self, base: str, username: str, *, rivals: bool = False) -> None:
        self._right = {200, 303, 409} if rivals else {200, 303}
        self.visitor = Visitor(base)
        self.visitor.sign_in(username)
        self._word = self.visitor.word()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.visitor.close()

    def get(self, path: str) -> httpx2.Response:
        """Open a page."""
        return self._good(self.visitor.get(f"/console{path}"))

    def post(self, path: str, form: Form) -> httpx2.Response:
        """Send a form; where it leads to is not followed."""
        return self._good(self.visitor.http.post(f"/console{path}", data={"csrf": self._word} | form))

    def part(self, path: str) -> httpx2.Response:
        """Ask for the part of a page that changes, as its script does."""
        return self._good(self.visitor.get(f"/console{path}", headers={"HX-Request": "true"}))

    def begin(self, path: str) -> str:
        """Begin to load a file; return its first piece."""
        with self.visitor.http.stream("GET", f"/console{path}") as answer:
            return next(self._good(answer).iter_text())

    def version_on(self, case: str) -> str:
        """Return the version that the form on a case's page carries."""
        found = re.search(r'name="version" value="(\d+)"', self.get(case).text)
        if not found:
            raise BenchError(f"there is no form on {case}")
        return found[1]

    def later(self, seconds: int) -> None:
        """Move the sandbox's clock."""
        self._good(self.visitor.http.post("/sandbox/clock", json={"advanceSeconds": seconds}))

    def _good(self, answer: httpx2.Response) -> httpx2.Response:
        if answer.status_code not in self._right:
            raise BenchError(f"{answer.request.method} {answer.request.url} was answered {answer.status_code}")
        return answer


@dataclass(frozen=True, slots=True)
class Stop:
    """One page, or one thing that a page does, in one of the ways in which people use it.

    Parameters:
        name: for the table.
        who: who asks.
        ask: asks; the turns count from 0, each about something else.
        before: what has to happen first, and is not timed.
    """

    name: str
    who: str
    ask: Callable[[Person, int], object]
    before: Callable[[Person, int], object] | None = None


def page(name: str, who: str, path: str) -> Stop:
    """Return a stop at which a page is opened, the same one each time."""
    return Stop(name, who, lambda person, _: person.get(path))


def asking(path: str, **query: str) -> str:
    """Return the address of a page with what it is asked."""
    return f"{path}?{urlencode(query)}"
