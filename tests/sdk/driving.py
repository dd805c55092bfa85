"""A third driver, for tests: answers come from a script, and only pauses and slow answers move the clock.

It keeps the two real drivers' promise: what a step raises is thrown into the conversation. It does no I/O and never
sleeps.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from vetline.sdk.exchange import converse
from vetline.sdk.messages import Outcome, RawAnswer, RawRequest, Unanswered
from vetline.sdk.observing import Event
from vetline.sdk.operations.operation import Operation
from vetline.sdk.settings import CallSettings, Surroundings, changed
from vetline.sdk.steps import Ask, Conversation, GetToken, Pause, Send, Step
from vetline.sdk.tokens import Brought, TokenCache, TokenSource

T = TypeVar("T")

BASE = "https://partner.test"
CUSTOMER = "11111111-c0c0-4000-8000-000000000001"
SETTINGS = CallSettings(base_url=BASE)
# 2026-11-21T00:00:00Z, so that dates in headers can be written down.
BEGIN = 1795219200.0
LOST = Unanswered("connection reset", arrived=True)
NEVER_SENT = Unanswered("connection refused", arrived=False)


class Slow(msgspec.Struct, frozen=True):
    """An outcome that takes so many seconds."""

    seconds: float
    outcome: Outcome


Scripted = Outcome | Slow | BaseException | Callable[[RawRequest], Outcome]


class World:
    """Everything around a conversation.

    Parameters:
        script: what comes of each request, in turn.
        source: where tokens come from; `None` for the text ``token``.
        chance: what every throw of the dice gives; `None` for a fixed row of different numbers.
    """

    def __init__(
        self, script: Iterable[Scripted] = (), source: TokenSource | None = None, chance: float | None = 0.5
    ) -> None:
        self._script = iter(script)
        self._chances = _row() if chance is None else None
        self._chance = chance or 0.0
        self._ids = 0
        self.elapsed = 0.0
        self.steps: list[Step] = []
        self.sent_at: list[float] = []
        self.around = Surroundings(self._monotonic, self._wall, self._throw, self._fresh)
        self.tokens = TokenCache(source or Brought(lambda: "token"), self.around)

    @property
    def requests(self) -> list[RawRequest]:
        """What was sent."""
        return [step.request for step in self.steps if isinstance(step, Send)]

    @property
    def pauses(self) -> list[float]:
        """How long was waited, each time."""
        return [step.seconds for step in self.steps if isinstance(step, Pause)]

    @property
    def given_tokens(self) -> list[str]:
        """The token of each request."""
        return [request.headers["Authorization"].removeprefix("Bearer ") for request in self.requests]

    def call(self, operation: Operation[T], settings: CallSettings = SETTINGS) -> T:
        """Carry an operation out and return its result."""
        return self.run(converse(operation, settings, self.around))

    def run(self, conversation: Conversation[T]) -> T:
        """Carry a conversation out and return its result."""
        try:
            step = next(conversation)
            while True:
                step = self._advance(conversation, step)
        except StopIteration as end:
            result: T = end.value
            return result

    def _advance(self, conversation: Conversation[T], step: Step) -> Step:
        self.steps.append(step)
        try:
            reply = self._done(step)
        except BaseException as error:
            return conversation.throw(error)
        return conversation.send(reply)

    def _done(self, step: Step) -> Any:
        match step:
            case Send(request):
                return self._sent(request)
            case Pause(seconds):
                assert seconds >= 0
                self.elapsed += seconds
            case GetToken(refused):
                return self.tokens.kept(refused) or self.run(self.tokens.conversation(refused))
            case Ask(function):
                return function()
        return None

    def _sent(self, request: RawRequest) -> Outcome:
        self.sent_at.append(self.elapsed)
        scripted = next(self._script, None)
        assert scripted is not None, "more was sent than the script answers"
        if isinstance(scripted, BaseException):
            raise scripted
        if isinstance(scripted, Slow):
            self.elapsed += scripted.seconds
            return scripted.outcome
        return scripted if isinstance(scripted, RawAnswer | Unanswered) else scripted(request)

    def _monotonic(self) -> float:
        return 1000.0 + self.elapsed

    def _wall(self) -> float:
        return BEGIN + self.elapsed

    def _throw(self) -> float:
        return self._chance if self._chances is None else next(self._chances)

    def _fresh(self) -> str:
        self._ids += 1
        return f"{self._ids:08d}-0000-4000-8000-000000000000"


def answer(status: int = 200, body: Any = None, /, **headers: str) -> RawAnswer:
    """Return an answer; a body that is neither text nor bytes is written as JSON, ``retry_after`` is `Retry-After`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawAnswer(status, named, written(body))


def written(body: Any) -> bytes:
    """Return a body's bytes: bytes and text as they are, `None` as nothing, all else as JSON."""
    if body is None or isinstance(body, bytes):
        return body or b""
    return body.encode() if isinstance(body, str) else msgspec.json.encode(body)


def _row() -> Iterator[float]:
    """Yield numbers from 0 to 1 that are spread evenly, the same ones in every run."""
    number = 0.0
    while True:
        number = (number + 0.6180339887) % 1.0
        yield number


def watched(seen: list[Event]) -> CallSettings:
    """Return settings that keep the events."""
    return changed(SETTINGS, on_event=seen.append)


def tokens(*texts: str) -> Brought:
    """Return a credential that gives these texts in turn."""
    row = iter(texts)
    return Brought(lambda: next(row))
