"""The only place that does I/O: two drivers, each a few lines, for the same conversations."""

import asyncio
import contextlib
import inspect
import ssl
import threading
import time
from typing import Any, TypeVar

import httpx2

from vetline.sdk.deadline import bounded
from vetline.sdk.errors import CredentialError, InvalidArgumentError, PartnerCenterError
from vetline.sdk.messages import Outcome
from vetline.sdk.sending import Body, closed, options, prepared, unanswered
from vetline.sdk.steps import Ask, Conversation, GetToken, Pause, Send, Step
from vetline.sdk.tokens import TokenCache

T = TypeVar("T")

# httpx2 says RuntimeError when its client was closed meanwhile.
_UNSENDABLE = (httpx2.InvalidURL, ValueError, RuntimeError)


class Driver:
    """Drives conversations with blocking I/O. Threads may share it.

    Parameters:
        tokens: the token that its calls share.
        verify: whom to trust over TLS.
    """

    def __init__(self, tokens: TokenCache, verify: ssl.SSLContext | bool) -> None:
        self._tokens = tokens
        self._lock = threading.Lock()
        self._http = httpx2.Client(**options(verify))
        self._deadline = bounded(self._http)

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
        if self._http.is_closed:
            raise closed()
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
        self._deadline.until = time.monotonic() + step.seconds
        try:
            with contextlib.closing(self._http.send(prepared(step), stream=True, auth=None)) as response:
                body = Body()
                for part in response.iter_raw():
                    body.add(part)
                return body.outcome(response)
        except httpx2.HTTPError as error:
            return unanswered(error, step.seconds)
        except _UNSENDABLE as error:
            raise refusal(error, self._http.is_closed) from error


class AsyncDriver:
    """Drives conversations in an event loop. Tasks of one loop may share it.

    Parameters:
        tokens: the token that its calls share.
        verify: whom to trust over TLS.
    """

    def __init__(self, tokens: TokenCache, verify: ssl.SSLContext | bool) -> None:
        self._tokens = tokens
        self._lock = asyncio.Lock()
        self._http = httpx2.AsyncClient(**options(verify))

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
        if self._http.is_closed:
            raise closed()
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
            async with (
                asyncio.timeout(step.seconds),
                contextlib.aclosing(await self._http.send(prepared(step), stream=True, auth=None)) as response,
            ):
                body = Body()
                async for part in response.aiter_raw():
                    body.add(part)
                return body.outcome(response)
        except (httpx2.HTTPError, TimeoutError) as error:
            return unanswered(error, step.seconds)
        except _UNSENDABLE as error:
            raise refusal(error, self._http.is_closed) from error


def refusal(error: Exception, is_closed: bool) -> PartnerCenterError:
    """Return the error for a request that could not be sent.

    Parameters:
        error: what httpx2 said.
        is_closed: whether the client was closed meanwhile.
    """
    return closed() if is_closed else InvalidArgumentError(f"The request cannot be sent: {error}")


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
