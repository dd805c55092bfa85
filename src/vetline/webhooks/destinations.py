"""Where a webhook goes: the URL that a partner gave, and the addresses that its host has at this very moment.

A host is resolved once for each attempt, every address that it has is judged, and only those are connected to: a name
that pointed elsewhere when it was registered, or points elsewhere a moment later, leads nowhere.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from vetline.webhooks.addresses import Network, may_be_called

if TYPE_CHECKING:
    import httpx2

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

LONGEST: Final = 2048
_PLAIN: Final = re.compile(r"[!-\[\]-~]+")  # what is printed in ASCII but for the backslash, which parsers disagree on
_PORTS: Final = {"https": 443, "http": 80}
# A name server that hangs must not hold a registration.
_RESOLVE_SECONDS: Final = 3.0


class DestinationError(Exception):
    """A webhook may not go there; the sentence says why, and names no address that its partner does not know."""


class Destination(NamedTuple):
    """A URL that may be called.

    Parameters:
        url: the URL.
        host: its host, in ASCII.
        port: its port.
        authority: host and port as they are written in a request.
        is_secure: whether it is https.
    """

    url: "httpx2.URL"
    host: str
    port: int
    authority: str
    is_secure: bool

    def at(self, address: str) -> "httpx2.URL":
        """Return the URL with an address in place of the host's name."""
        return self.url.copy_with(host=address)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses that a host has, as the system finds them.

    Raises:
        OSError: it has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Gate:
    """Decides where webhooks may go.

    Parameters:
        allowed: networks beside the Internet.
        plain: whether http is allowed: in a sandbox.
        resolve: finds a host's addresses.
    """

    def __init__(self, allowed: Sequence[Network] = (), *, plain: bool = False, resolve: Resolve = resolve) -> None:
        self._allowed = tuple(allowed)
        self._schemes = ("https", "http") if plain else ("https",)
        self._resolve = resolve

    async def check(self, text: str) -> None:
        """Return when a URL may be registered: a host that has no address yet is judged when it has one.

        Raises:
            DestinationError: it may not.
        """
        destination = self.read(text)
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                found = await self._found(destination)
        except (TimeoutError, OSError, UnicodeError):
            return
        self._judge(found)

    async def addresses(self, destination: Destination) -> Sequence[str]:
        """Return the addresses to connect to, the best one first.

        Raises:
            DestinationError: they may not be called, or there are none.
        """
        try:
            found = await self._found(destination)
        except (OSError, UnicodeError) as error:
            raise DestinationError(f"The host of the WebhookUrl has no address ({type(error).__name__}).") from error
        self._judge(found)
        return found

    def read(self, text: str) -> Destination:
        """Return a URL's parts.

        Raises:
            DestinationError: it is none, or none that webhooks go to.
        """
        import httpx2  # with the first address that is given

        if len(text) > LONGEST or not _PLAIN.fullmatch(text):
            raise DestinationError(f"The WebhookUrl must be a URL of at most {LONGEST} printable ASCII characters.")
        try:
            url = httpx2.URL(text)
            host, port = url.raw_host.decode("ascii"), url.port
        except (httpx2.InvalidURL, ValueError) as error:
            raise DestinationError("The WebhookUrl is no URL.") from error
        self._check_parts(url, host)
        return Destination(url, host, port or _PORTS[url.scheme], url.netloc.decode("ascii"), url.scheme == "https")

    def _check_parts(self, url: "httpx2.URL", host: str) -> None:
        if url.scheme not in self._schemes:
            raise DestinationError(
                f"The WebhookUrl must begin with {' or '.join(f'{one}://' for one in self._schemes)}."
            )
        if not host or "%" in host:
            raise DestinationError("The WebhookUrl must name a host.")
        if url.userinfo or url.fragment or not (url.port is None or 0 < url.port < 65_536):
            raise DestinationError(
                "The WebhookUrl must have no user name, password or fragment, and a port below 65536."
            )

    async def _found(self, destination: Destination) -> Sequence[str]:
        return await self._resolve(destination.host, destination.port)

    def _judge(self, found: Sequence[str]) -> None:
        """One address that may not be called is enough: who answers with both means the other one."""
        if not found or not all(may_be_called(one, self._allowed) for one in found):
            raise DestinationError(
                "The WebhookUrl leads to an address that is not on the Internet. "
                "Give a public one, or have the operator allow it (webhook_private_addresses)."
            )
