"""Both real drivers keep the promise that the conversations rely on. Nothing here reaches the network."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any

import pytest

from vetline.sdk.errors import AuthenticationError, CredentialError, InvalidArgumentError, PartnerCenterError
from vetline.sdk.messages import RawRequest
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Ask, GetToken, Pause, Send, Step
from vetline.sdk.tokens import Brought, TokenCache
from vetline.sdk.transport import AsyncDriver, Driver

Run = Callable[[Generator[Step, Any, Any]], Any]


def _cache() -> TokenCache:
    return TokenCache(Brought(lambda: "token"), Surroundings())


@pytest.fixture
def driver() -> Iterator[Driver]:
    """The blocking driver."""
    found = Driver(_cache(), True)
    yield found
    found.close()


@pytest.fixture
async def async_driver() -> AsyncIterator[AsyncDriver]:
    """The asynchronous driver."""
    found = AsyncDriver(_cache(), True)
    yield found
    await found.close()


class Told:
    """A conversation that asks for steps and tells what was thrown into it."""

    def __init__(self, *steps: Step) -> None:
        self._steps = steps
        self.replies: list[Any] = []
        self.thrown: list[type[BaseException]] = []

    def conversation(self) -> Generator[Step, Any, str]:
        """Return the conversation."""
        try:
            for step in self._steps:
                self.replies.append((yield step))
        except BaseException as error:
            self.thrown.append(type(error))
            raise
        return "done"


def _raising(error: BaseException) -> Callable[[], Any]:
    def give() -> Any:
        raise error

    return give


UNSENDABLE = Send(RawRequest("GET", "http://127.0.0.1/\x00"), 1.0)
# What a function of the user's raises, and what comes of it.
RAISED = [
    (KeyboardInterrupt(), KeyboardInterrupt),
    (OSError("the vault is closed"), CredentialError),
    (AuthenticationError("mine"), AuthenticationError),
    (StopIteration(), CredentialError),
]


@pytest.mark.parametrize(("error", "kind"), RAISED)
def test_what_a_step_raises_is_thrown_into_the_conversation(
    driver: Driver, error: BaseException, kind: type[BaseException]
) -> None:
    """So that it can tell its end, and clean up, at once."""
    told = Told(Ask(_raising(error)))
    with pytest.raises(kind) as caught:
        driver.run(told.conversation())
    assert told.thrown == [kind] == [type(caught.value)]


@pytest.mark.parametrize(("error", "kind"), RAISED[1:])
async def test_what_a_step_raises_is_thrown_into_the_conversation_async(
    async_driver: AsyncDriver, error: BaseException, kind: type[BaseException]
) -> None:
    """Also where it ran in a thread, out of which no StopIteration comes."""
    told = Told(Ask(_raising(error)))
    with pytest.raises(kind) as caught:
        await asyncio.wait_for(async_driver.run(told.conversation()), 5)
    assert told.thrown == [kind] == [type(caught.value)]


async def test_a_cancelled_task_ends_its_conversation(async_driver: AsyncDriver) -> None:
    """With CancelledError, as any code in a task sees it."""
    told = Told(Pause(3600.0))
    task = asyncio.create_task(async_driver.run(told.conversation()))
    await asyncio.sleep(0)  # it runs up to the pause
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told.thrown == [asyncio.CancelledError]


def test_a_url_that_is_none_is_the_callers_error(driver: Driver) -> None:
    """Not one of the HTTP library's."""
    told = Told(UNSENDABLE)
    with pytest.raises(InvalidArgumentError):
        driver.run(told.conversation())
    assert told.thrown == [InvalidArgumentError]


async def test_a_url_that_is_none_is_the_callers_error_async(async_driver: AsyncDriver) -> None:
    """Not one of the HTTP library's."""
    told = Told(UNSENDABLE)
    with pytest.raises(InvalidArgumentError):
        await async_driver.run(told.conversation())
    assert told.thrown == [InvalidArgumentError]


def test_replies(driver: Driver) -> None:
    """A token is its text, a pause is nothing, a question is what the function gives."""
    told = Told(GetToken(), Pause(0.0), Ask(lambda: 5))
    assert driver.run(told.conversation()) == "done"
    assert told.replies == ["token", None, 5]


async def test_replies_async(async_driver: AsyncDriver) -> None:
    """The same, and a function may be asynchronous."""

    async def give() -> int:
        await asyncio.sleep(0)
        return 6

    told = Told(GetToken(), Pause(0.0), Ask(lambda: 5), Ask(give))
    assert await async_driver.run(told.conversation()) == "done"
    assert told.replies == ["token", None, 5, 6]


def test_the_blocking_driver_refuses_an_asynchronous_function(driver: Driver) -> None:
    """With the way out; and nothing is left that was never awaited."""

    async def give() -> str:
        return "token"

    with pytest.raises(CredentialError, match="use AsyncPartnerCenter"):
        driver.run(Told(Ask(give)).conversation())
    gc.collect()


async def test_many_tasks_ask_for_one_token() -> None:
    """Whoever comes while it is fetched takes it, too."""
    asked = 0

    async def give() -> str:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return f"token-{asked}"

    driver = AsyncDriver(TokenCache(Brought(give), Surroundings()), True)
    told = [Told(GetToken()) for _ in range(20)]
    await asyncio.gather(*(driver.run(one.conversation()) for one in told))
    await driver.close()
    assert asked == 1
    assert {one.replies[0] for one in told} == {"token-1"}


@pytest.mark.parametrize("error", [RuntimeError("Bearer secret-token"), ValueError("client_secret=hush")])
def test_the_cause_of_a_failed_credential_is_kept(driver: Driver, error: Exception) -> None:
    """For whoever debugs it."""
    with pytest.raises(PartnerCenterError) as caught:
        driver.run(Told(Ask(_raising(error))).conversation())
    assert caught.value.__cause__ is error
