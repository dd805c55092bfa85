"""Tells the other processes which customers' cases have moved, and hears it from them, by LISTEN and NOTIFY.

It only saves waiting: whoever must not miss anything also looks from time to time. So what is told is told after the
commit, in a transaction of its own (a notification inside would make all commits wait for each other), and what cannot
be told is forgotten.
"""

import asyncio
import contextlib
import secrets

from vetline.logs import get_logger
from vetline.store.bells import Bells, customers_of, mark_of
from vetline.store.changes import CaseMoved, Change
from vetline.store.postgres.commit import SQL
from vetline.store.postgres.link import APPLICATION, CONNECT_SECONDS, USE_SECONDS
from vetline.store.postgres.servers import Connection, connect

CHANNEL = "vetline"
# A connection that died without a word is noticed this late.
HEARTBEAT_SECONDS = 15.0
RECONNECT_SECONDS = 1.0
# A notification holds 8000 bytes; for more customers than that everybody is woken.
# https://www.postgresql.org/docs/current/sql-notify.html
MAX_MARKS = 500
_EVERYBODY = "*"

log = get_logger("vetline.store")


class News:
    """One connection that listens and tells.

    Parameters:
        url: the database.
        bells: rung for what other processes tell.
    """

    def __init__(self, url: str, bells: Bells) -> None:
        self._url = url
        self._bells = bells
        self._origin = secrets.token_hex(4)
        self._marks: set[str] = set()
        self._due = False
        self._interrupted = False
        self._wake = asyncio.Event()
        self._tried = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._serve())

    async def begun(self) -> None:
        """Return when it listens, or could not: then it goes on trying."""
        await self._tried.wait()

    def tell(self, change: Change) -> None:
        """Tell the others of a saved change, soon."""
        self._marks.update(mark_of(customer) for _, customer in customers_of(change))
        self._due |= any(isinstance(effect, CaseMoved) and effect.case.due_at for effect in change.effects)
        if self._marks:
            self._wake.set()

    async def close(self) -> None:
        """Stop listening; what was not told yet is found out by looking."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _serve(self) -> None:
        while True:
            try:
                await self._attend()
            except Exception as error:  # the database is away; this is no reason to end
                self._note_interruption(str(error).partition("\n")[0])
            self._tried.set()
            await asyncio.sleep(RECONNECT_SECONDS)

    def _note_interruption(self, reason: str) -> None:
        """Log it once, however many attempts are in vain until somebody listens again."""
        if not self._interrupted:
            log.info("news of other processes is interrupted", error=reason)
        self._interrupted = True

    async def _attend(self) -> None:
        connection = await connect(
            self._url,
            timeout=CONNECT_SECONDS,
            command_timeout=USE_SECONDS,
            server_settings={"application_name": APPLICATION},
        )
        try:
            connection.add_termination_listener(lambda _: self._wake.set())
            await connection.add_listener(CHANNEL, self._heard)
            if self._tried.is_set():  # whatever happened while nobody listened
                self._bells.ring_all()
                self._bells.ring_due()
            self._tried.set()
            self._interrupted = False
            while True:
                await self._next(connection)
        finally:
            connection.terminate()

    async def _next(self, connection: Connection) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await self._wake.wait()
        self._wake.clear()
        await connection.execute(SQL["tell"], self._taken())

    def _taken(self) -> str:
        """Return what is to be told, and begin anew; nothing at all is told too, as a heartbeat."""
        marks, due = self._marks, self._due
        self._marks, self._due = set(), False
        told = _EVERYBODY if len(marks) > MAX_MARKS else " ".join(marks)
        return f"{self._origin} {int(due)} {told}"

    def _heard(self, connection: Connection, pid: int, channel: str, payload: str) -> None:
        origin, _, news = payload.partition(" ")
        if origin == self._origin:
            return
        due, *marks = news.split()
        if marks == [_EVERYBODY]:
            self._bells.ring_all()
        elif marks:
            self._bells.ring_marked(set(marks))
        if due == "1":
            self._bells.ring_due()
