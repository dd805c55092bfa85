"""How an operation's conversation goes: token, attempt, renewal after a 401, wait, again. No I/O, no clock."""

from typing import Generic, TypeVar
from urllib.parse import urlsplit

from vetline.sdk import errors
from vetline.sdk.deciphering import error_of, unanswered, unreadable
from vetline.sdk.messages import Outcome, RawAnswer, Unanswered
from vetline.sdk.observing import Answered, Begun, Ended, Event, Paused, write_log
from vetline.sdk.operations.operation import Operation
from vetline.sdk.outgoing import request_of, with_token
from vetline.sdk.retrying import Again, Enough, asked_wait, perhaps_done, verdict
from vetline.sdk.settings import CallSettings, Surroundings
from vetline.sdk.steps import Conversation, GetToken, Pause, Send

T = TypeVar("T")


def converse(operation: Operation[T], settings: CallSettings, around: Surroundings) -> Conversation[T]:
    """Return the conversation that carries an operation out; its result is the operation's.

    Raises:
        PartnerCenterError: it failed.
    """
    _, result = yield from Exchange(operation, settings, around).conversation()
    return result


class Exchange(Generic[T]):
    """One operation on its way.

    Parameters:
        operation: what is asked.
        settings: how.
        around: time, chance and fresh identifiers.

    Raises:
        InvalidArgumentError: the operation cannot be sent.
    """

    def __init__(self, operation: Operation[T], settings: CallSettings, around: Surroundings) -> None:
        self._operation = operation
        self._settings = settings
        self._around = around
        self.request_id = operation.request_id or around.fresh_id()
        self.correlation_id = settings.correlation_id or around.fresh_id()
        self._request = request_of(operation, settings, self.request_id, self.correlation_id)
        self._begun = around.monotonic()
        self._attempt = 0
        self._renewed = False
        self._perhaps_done = False
        self._status = 0

    def conversation(self) -> Conversation[tuple[RawAnswer, T]]:
        """Return the conversation that ends with the answer and what it says.

        Raises:
            PartnerCenterError: it failed.
        """
        self._tell(self._beginning())
        failure = "stopped"
        try:
            answer = yield from self._attempts()
            result = self._read(answer)
            failure = ""
            return answer, result
        except errors.PartnerCenterError as error:
            failure = type(error).__name__
            self._sign(error)
            raise
        finally:
            elapsed = self._elapsed()
            self._tell(Ended(self._operation.name, self.request_id, elapsed, self._attempt, failure, self._status))

    def _read(self, answer: RawAnswer) -> T:
        try:
            return self._operation.read(answer)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise unreadable(answer, self._operation.name, str(error)) from error

    def _attempts(self) -> Conversation[RawAnswer]:
        while True:
            token: str = yield GetToken()
            outcome = yield from self._sent(token)
            if isinstance(outcome, RawAnswer) and outcome.status == 401 and not self._renewed:
                self._renewed = True
                fresh: str = yield GetToken(refused=token)
                if fresh != token:
                    outcome = yield from self._sent(fresh)
            if isinstance(outcome, RawAnswer) and self._is_success(outcome):
                return outcome
            yield Pause(self._wait_or_raise(outcome))

    def _sent(self, token: str) -> Conversation[Outcome]:
        self._attempt += 1
        request = with_token(self._request, token)
        begun = self._around.monotonic()
        left = max(self._settings.retry.total_seconds - self._elapsed(), 0.001)
        outcome: Outcome = yield Send(request, min(self._settings.timeout, left))
        seconds = self._around.monotonic() - begun
        self._status = outcome.status if isinstance(outcome, RawAnswer) else 0
        why = outcome.why if isinstance(outcome, Unanswered) else ""
        self._tell(Answered(self._operation.name, self.request_id, self._attempt, self._status, seconds, why))
        if self._settings.on_answer and isinstance(outcome, RawAnswer):
            self._settings.on_answer(request, outcome)
        return outcome

    def _is_success(self, answer: RawAnswer) -> bool:
        gone = self._operation.gone_is_done and self._perhaps_done and answer.status == 404
        return gone or 200 <= answer.status < 300

    def _wait_or_raise(self, outcome: Outcome) -> float:
        now, policy = self._around.wall(), self._settings.retry
        attempts = self._attempt - self._renewed  # a refused token says nothing about the service
        self._perhaps_done = self._perhaps_done or perhaps_done(outcome)
        match verdict(outcome, self._operation.repeat, policy, attempts, self._elapsed(), now, self._around.chance):
            case Again(seconds):
                told = isinstance(outcome, RawAnswer) and asked_wait(outcome, now) is not None
                self._tell(Paused(self._operation.name, self.request_id, seconds, self._status, told))
                return seconds
            case Enough(why):
                raise self._error(outcome, why)

    def _error(self, outcome: Outcome, why: str) -> errors.PartnerCenterError:
        if isinstance(outcome, Unanswered):
            return unanswered(outcome, urlsplit(self._settings.base_url).netloc, why)
        error = error_of(outcome, self._around.wall())
        if why:
            error.description = f"{error.description.rstrip('.')}. {why}"
        return error

    def _sign(self, error: errors.PartnerCenterError) -> None:
        error.request_id = error.request_id or self.request_id
        error.correlation_id = error.correlation_id or self.correlation_id

    def _beginning(self) -> Begun:
        operation, server = self._operation, urlsplit(self._settings.base_url).netloc
        return Begun(operation.name, operation.method, operation.route, server, self.request_id, self.correlation_id)

    def _elapsed(self) -> float:
        return self._around.monotonic() - self._begun

    def _tell(self, event: Event) -> None:
        write_log(event)
        if self._settings.on_event:
            self._settings.on_event(event)
