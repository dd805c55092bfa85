"""How an operation's conversation goes: token, attempt, renewal after a 401, wait, again. No I/O, no clock."""

from collections.abc import Mapping
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import msgspec

from vetline import __version__
from vetline.sdk import errors
from vetline.sdk.deciphering import error_of
from vetline.sdk.messages import Outcome, RawAnswer, RawRequest, Unanswered
from vetline.sdk.observing import Answered, Begun, Ended, Event, Paused, write_log
from vetline.sdk.operations.operation import Operation
from vetline.sdk.retrying import Again, Enough, asked_wait, verdict
from vetline.sdk.settings import CallSettings, Surroundings
from vetline.sdk.steps import Conversation, GetToken, Pause, Send

T = TypeVar("T")

CLIENT_NAME = "Vetline Python SDK"


def converse(operation: Operation[T], settings: CallSettings, around: Surroundings) -> Conversation[T]:
    """Return the conversation that carries an operation out; its result is the operation's.

    Raises:
        PartnerCenterError: it failed.
    """
    exchange = Exchange(operation, settings, around)
    answer = yield from exchange.answered()
    return exchange.result(answer)


class Exchange(Generic[T]):
    """One operation on its way.

    Parameters:
        operation: what is asked.
        settings: how.
        around: time, chance and fresh identifiers.
    """

    def __init__(self, operation: Operation[T], settings: CallSettings, around: Surroundings) -> None:
        self._operation = operation
        self._settings = settings
        self._around = around
        self.request_id = operation.request_id or around.fresh_id()
        self.correlation_id = settings.correlation_id or around.fresh_id()
        self._begun = around.monotonic()
        self._attempt = 0
        self._renewed = False
        self._status = 0

    def answered(self) -> Conversation[RawAnswer]:
        """Return the conversation up to an answer with a success status.

        Raises:
            PartnerCenterError: there was none.
        """
        self._tell(self._beginning())
        failure = "stopped"
        try:
            answer = yield from self._attempts()
            failure = ""
            return answer
        except errors.PartnerCenterError as error:
            failure = type(error).__name__
            raise
        finally:
            elapsed = self._elapsed()
            self._tell(Ended(self._operation.name, self.request_id, elapsed, self._attempt, failure, self._status))

    def result(self, answer: RawAnswer) -> T:
        """Return what an answer says.

        Raises:
            UnreadableAnswerError: it is not understood.
        """
        try:
            found = self._operation.read(answer)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise self._signed(
                errors.UnreadableAnswerError(
                    f"The answer to {self._operation.name} is not understood ({error}); `error.answer` holds it.",
                    category="ResponseParsing",
                    answer=answer,
                )
            ) from error
        return found

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
        request = self._request(token)
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
        if self._operation.gone_is_done and answer.status == 404 and self._attempt > 1:
            return True
        return 200 <= answer.status < 300

    def _wait_or_raise(self, outcome: Outcome) -> float:
        now, policy = self._around.wall(), self._settings.retry
        found = verdict(
            outcome, self._operation.repeat, policy, self._attempt, self._elapsed(), now, self._around.chance
        )
        match found:
            case Again(seconds):
                told = isinstance(outcome, RawAnswer) and asked_wait(outcome, now) is not None
                self._tell(Paused(self._operation.name, self.request_id, seconds, self._status, told))
                return seconds
            case Enough(why):
                raise self._error(outcome, why)

    def _error(self, outcome: Outcome, why: str) -> errors.PartnerCenterError:
        error = self._unanswered(outcome) if isinstance(outcome, Unanswered) else error_of(outcome, self._around.wall())
        if why:
            error.description = f"{error.description.rstrip('.')}. {why}"
        return self._signed(error)

    def _unanswered(self, outcome: Unanswered) -> errors.PartnerCenterError:
        kind = errors.TimedOutError if outcome.timed_out else errors.ConnectionFailedError
        category = "RequestTimeout" if outcome.timed_out else "NotSpecified"
        host = urlsplit(self._settings.base_url).netloc
        return kind(f"No answer from {host}: {outcome.why}", category=category)

    def _signed(self, error: errors.PartnerCenterError) -> errors.PartnerCenterError:
        error.request_id = error.request_id or self.request_id
        error.correlation_id = error.correlation_id or self.correlation_id
        return error

    def _request(self, token: str) -> RawRequest:
        body = b"" if self._operation.body is None else msgspec.json.encode(self._operation.body)
        url = self._settings.base_url + self._operation.path
        return RawRequest(self._operation.method, url, self._headers(token, bool(body)), body)

    def _headers(self, token: str, has_body: bool) -> Mapping[str, str]:
        """Return the headers. https://learn.microsoft.com/partner-center/developer/headers (6/7/2022)."""
        headers = {
            "Accept": "application/json",
            "MS-RequestId": self.request_id,
            "MS-CorrelationId": self.correlation_id,
            "MS-Contract-Version": "v1",
            "MS-PartnerCenter-Client": CLIENT_NAME,
            "MS-SdkVersion": __version__,
            "X-Locale": self._settings.locale,
            "User-Agent": f"vetline-python/{__version__}",
        }
        if self._settings.application_name:
            headers["MS-PartnerCenter-Application"] = self._settings.application_name
        if has_body:
            headers["Content-Type"] = "application/json"
        return {**headers, **self._operation.headers, **self._settings.headers, "Authorization": f"Bearer {token}"}

    def _beginning(self) -> Begun:
        operation, server = self._operation, urlsplit(self._settings.base_url).netloc
        return Begun(operation.name, operation.method, operation.route, server, self.request_id, self.correlation_id)

    def _elapsed(self) -> float:
        return self._around.monotonic() - self._begun

    def _tell(self, event: Event) -> None:
        write_log(event)
        if self._settings.on_event:
            self._settings.on_event(event)
