"""Sends one message to one destination, within a time. Of the answer its status counts: nothing else is even read."""

import asyncio
import ssl
from functools import cached_property
from typing import Final

import httpx2

from vetline.webhooks.destinations import Destination, DestinationError, Gate
from vetline.webhooks.messages import Message, Outcome, phrase

# Less than a worker may take to stop. A receiver answers when it has noted an event, and works afterwards.
DEADLINE: Final = 5.0
_TIMEOUT: Final = httpx2.Timeout(DEADLINE)
# A name may have more addresses, but whoever answers at none of the first answers at none.
_MOST_ADDRESSES: Final = 3
_UNREACHABLE: Final = (httpx2.ConnectError, httpx2.ConnectTimeout)


class Poster:
    """Sends messages.

    Parameters:
        gate: decides where they may go.
        trust: whose certificates receivers may have; the system's authorities by default.
    """

    def __init__(self, gate: Gate, trust: ssl.SSLContext | None = None) -> None:
        self._gate = gate
        self._given = trust

    async def __call__(self, message: Message) -> Outcome:
        """Send a message, and return what came of it; nothing is raised."""
        try:
            async with asyncio.timeout(DEADLINE):
                return _outcome(await self._post(message))
        except DestinationError as error:
            return Outcome(0, str(error))
        except TimeoutError:
            return Outcome(0, f"There was no answer within {DEADLINE:g} seconds.")
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            return Outcome(0, f"There was no answer ({_said(error)}).")

    async def _post(self, message: Message) -> int:
        destination = self._gate.read(message.url)
        *others, last = (await self._gate.addresses(destination))[:_MOST_ADDRESSES]
        for address in others:
            try:
                return await self._post_to(address, destination, message)
            except _UNREACHABLE:
                continue
        return await self._post_to(last, destination, message)

    async def _post_to(self, address: str, destination: Destination, message: Message) -> int:
        """Send to an address that was judged. Its certificate is the name's all the same, and nobody is redirected.

        No connection is kept: it would be another name's when two have the same address.
        """
        headers = {
            **message.headers,
            "Host": destination.authority,
            "User-Agent": "vetline-webhooks",
            "Connection": "close",
        }
        async with (
            httpx2.AsyncClient(
                verify=self._trust if destination.is_secure else False, trust_env=False, timeout=_TIMEOUT
            ) as client,
            client.stream(
                "POST",
                destination.at(address),
                content=message.body,
                headers=headers,
                extensions={"sni_hostname": destination.host},
                follow_redirects=False,
            ) as response,
        ):
            return response.status_code

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Read once: it takes longer than sending."""
        return self._given or ssl.create_default_context()


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status, "")
    if 300 <= status < 400:
        return Outcome(status, "Redirects are not followed: register the address that they lead to.")
    return Outcome(status, f"The receiver answered {status} {phrase(status)}".rstrip() + ".")


def _said(error: Exception) -> str:
    """Return what went wrong, in the words of the library; it knows nothing but the address."""
    return f"{type(error).__name__}: {error}"[:200] if str(error) else type(error).__name__
