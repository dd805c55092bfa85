"""The only place that does I/O: two drivers, each a few lines, for the same conversations."""

import asyncio
import inspect
import ssl
import threading
import time
from typing import Any, TypeVar

import httpx2

from vetline.sdk.errors import CredentialError, InvalidArgumentError, PartnerCenterError
from vetline.sdk.messages import Outcome, RawAnswer, Unanswered
from vetline.sdk.steps import Ask, Conversation, GetToken, Pause, Send, Step
from vetline.sdk.tokens import TokenCache

T = TypeVar("T")

_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
# One client often carries many calls at once; more than the library's usual 100 would only queue at the service.
_LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=100)


class Driver:
    """Drives conversations with blocking I/O. Threads may share it.

    Parameters:
        tokens: the token that its calls share.
        verify: whom to trust over TLS.
    """

    def __init__(self, tokens: TokenCache, verify: ssl.SSLContext | bool) -> None:
        self._tokens = tokens
        self._lock = threading.Lock()
        self._http = httpx2.Client(verify=verify, limits=_LIMITS, follow_redirects=False)

    def run(self, conversation: Conversation[T]) -> T:
        """Carry a conversation out and return its result. What a step raises is thrown into it."""
        try:
            step = next(conversation)
            while True:
                try:
                    reply = self._done(step)
                except BaseException as error:
                    step = conversation.throw(error)
                else:
                    step = conversation.send(reply)
        except StopIteration as end:
            result: T = end.value
            return result

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _done(self, step: Step) -> Any:
        match step:
            case Send():
                return self._sent(step)
            case Pause(seconds):
                return time.sleep(seconds)
            case GetToken(refused):
                return self._tokens.kept(refused) or self._fresh_token(refused)
            case Ask():
                return asked(step)

    def _fresh_token(self, refused: str | None) -> str:
        with self._lock:
            return self.run(self._tokens.conversation(refused))

    def _sent(self, step: Send) -> Outcome:
        until = time.monotonic() + step.seconds
        try:
            with self._http.stream(**_arguments(step)) as response:
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                    if time.monotonic() > until:
                        return Unanswered(
                            f"the answer took longer than {step.seconds:.0f} seconds", True, timed_out=True
                        )
                return _answer(response, bytes(body))
        except httpx2.HTTPError as error:
            return _unanswered(error)
        except (httpx2.InvalidURL, ValueError) as error:
            raise InvalidArgumentError(f"The request cannot be sent: {error}") from error


class AsyncDriver:
    """Drives conversations in an event loop. Tasks of one loop may share it.

    Parameters:
        tokens: the token that its calls share.
        verify: whom to trust over TLS.
    """

    def __init__(self, tokens: TokenCache, verify: ssl.SSLContext | bool) -> None:
        self._tokens = tokens
        self._lock = asyncio.Lock()
        self._http = httpx2.AsyncClient(verify=verify, limits=_LIMITS, follow_redirects=False)

    async def run(self, conversation: Conversation[T]) -> T:
        """Carry a conversation out and return its result. What a step raises is thrown into it."""
        try:
            step = next(conversation)
            while True:
                try:
                    reply = await self._done(step)
                except BaseException as error:
                    step = conversation.throw(error)
                else:
                    step = conversation.send(reply)
        except StopIteration as end:
            result: T = end.value
            return result

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _done(self, step: Step) -> Any:
        match step:
            case Send():
                return await self._sent(step)
            case Pause(seconds):
                return await asyncio.sleep(seconds)
            case GetToken(refused):
                return self._tokens.kept(refused) or await self._fresh_token(refused)
            case Ask():
                return await asked_async(step)

    async def _fresh_token(self, refused: str | None) -> str:
        async with self._lock:
            return await self.run(self._tokens.conversation(refused))

    async def _sent(self, step: Send) -> Outcome:
        try:
            async with asyncio.timeout(step.seconds):
                response = await self._http.request(**_arguments(step))
            return _answer(response, response.content)
        except TimeoutError:
            return Unanswered(f"the answer took longer than {step.seconds:.0f} seconds", True, timed_out=True)
        except httpx2.HTTPError as error:
            return _unanswered(error)
        except (httpx2.InvalidURL, ValueError) as error:
            raise InvalidArgumentError(f"The request cannot be sent: {error}") from error


def asked(step: Ask) -> Any:
    """Call a function of the user's.

    Raises:
        CredentialError: it raised, or it is asynchronous.
    """
    given = _called(step)
    if inspect.isawaitable(given):
        if inspect.iscoroutine(given):
            given.close()
        raise CredentialError("This credential is asynchronous: use AsyncPartnerCenter.", category="Unauthorized")
    return given


async def asked_async(step: Ask) -> Any:
    """Call a function of the user's, which may block, or be asynchronous.

    Raises:
        CredentialError: it raised.
    """
    given = await asyncio.to_thread(_called, step)
    if not inspect.isawaitable(given):
        return given
    try:
        return await given
    except PartnerCenterError:
        raise
    except Exception as error:
        raise _failed(error) from error


def _called(step: Ask) -> Any:
    """Call the function. It raises no StopIteration, which would hang whoever waits for its thread."""
    try:
        return step.function()
    except PartnerCenterError:
        raise
    except Exception as error:
        raise _failed(error) from error


def _failed(error: Exception) -> CredentialError:
    """Return the client's own error for whatever a credential raises."""
    return CredentialError(
        f"The credential gave no token: {str(error) or type(error).__name__}", category="Unauthorized"
    )


def _arguments(step: Send) -> dict[str, Any]:
    request = step.request
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "content": request.body or None,
        "timeout": step.seconds,
    }


def _answer(response: httpx2.Response, body: bytes) -> RawAnswer:
    return RawAnswer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body)


def _unanswered(error: httpx2.HTTPError) -> Unanswered:
    why = str(error) or type(error).__name__
    return Unanswered(why, not isinstance(error, _NOT_SENT), isinstance(error, httpx2.TimeoutException))
