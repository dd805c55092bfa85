"""A peer: what it is, how it is installed and started, and which of its operations come nearest to ours."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

WARM_UP_SECONDS = 1
PATH = "/v1/customers/00000000-0000-4000-8000-000000000000/qualifications"
EACH_PATH = "/v1/customers/00000000-0000-4000-8000-{n}/qualifications"
SUBMISSION = '{"qualification":"Education","educationSegment":"K12","website":"example.edu"}'
STANDING = {"qualification": "Education", "vettingStatus": "InReview", "vettingCreateDate": "2026-01-01T00:00:00.000Z"}


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as it is sent again and again.

    Parameters:
        method, path, body: of it; ``{n}`` in path or body is another number each time.
        status: of the answer, when all is well.
        headers: of its own.
    """

    method: str
    path: str
    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


READ = Ask("GET", PATH, headers={"Accept": "application/json"})
WRITE = Ask("POST", EACH_PATH, SUBMISSION, 201, {"Accept": "application/json", "Content-Type": "application/json"})


@dataclass(frozen=True, slots=True)
class Peer:
    """One program that a user would pick instead.

    Parameters:
        name: with its version.
        install: installs it and returns where it is.
        command: given that place, a folder to work in and a port, returns how it is started.
        read, write: its nearest operations; the same two as ours unless `nearest` says otherwise.
        before: what has to be asked for once, before anything can be read.
        nearest: what they are, where they are not the same two.
        warm_up_seconds: how long each operation is asked for before it is measured.
    """

    name: str
    install: Callable[[], Path]
    command: Callable[[Path, Path, int], list[str]]
    read: Ask = READ
    write: Ask = WRITE
    before: tuple[Ask, ...] = ()
    nearest: str = ""
    warm_up_seconds: int = WARM_UP_SECONDS
