"""Deliveries that are under way when their world begins anew: nobody waits for their receivers any more."""

import asyncio
import contextlib
from collections.abc import Iterator

from vetline.desk.delivering import Post
from vetline.webhooks.messages import Message, Outcome

_GIVEN_UP = Outcome(0, "The world began anew.")


class LettingGo:
    """Sends messages until they are let go."""

    def __init__(self) -> None:
        self._over = asyncio.Event()

    def around(self, post: Post) -> Post:
        """Return what sends messages, and gives them up when they are let go."""

        async def posted(message: Message) -> Outcome:
            sending = asyncio.ensure_future(post(message))
            over = asyncio.create_task(self._over.wait())
            try:
                await asyncio.wait([sending, over], return_when=asyncio.FIRST_COMPLETED)
                return sending.result() if sending.done() else _GIVEN_UP
            finally:
                sending.cancel()
                over.cancel()

        return posted

    @contextlib.contextmanager
    def all_let_go(self) -> Iterator[None]:
        """Let all go that are under way, and send none inside."""
        self._over.set()
        try:
            yield
        finally:
            self._over.clear()
