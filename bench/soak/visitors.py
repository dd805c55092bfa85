"""Who asks: visits on a timetable, mostly over connections that are kept. What came back is counted."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable

from bench.openloop import Connection
from bench.soak.mix import Mix, Visit

_KEPT = 64
_PATIENCE_SECONDS = 30.0


class Visitors:
    """Sixty-four kept connections, and a new one for each who hangs up.

    Parameters:
        base: the server.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._free: deque[Connection] = deque()
        self.answered: Counter[tuple[str, int]] = Counter()
        self.wrong: Counter[str] = Counter()
        self.seconds: list[float] = []

    async def visit(self, visit: Visit) -> None:
        """Do one visit and count what came of it; a server that does not answer is counted, too."""
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await (self._stay(visit) if visit.leaves_after is None else self._leave(visit, visit.leaves_after))
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.wrong[f"{visit.kind}: {type(error).__name__}"] += 1
        if visit.kind == "GET qualifications":
            self.seconds.append(time.perf_counter() - begun)

    async def _stay(self, visit: Visit) -> None:
        connection = self._free.pop() if self._free else await Connection.to(self._base)
        try:
            status, body = await connection.exchange(visit.method, visit.path, visit.headers, visit.body)
        except BaseException:
            await connection.close()
            raise
        self._count(visit, status, body)
        if status < 400 and len(self._free) < _KEPT:
            self._free.append(connection)
        else:  # after a refusal the server may close
            await connection.close()

    async def _leave(self, visit: Visit, seconds: float) -> None:
        connection = await Connection.to(self._base)
        declared = len(visit.body) + visit.withheld
        connection.send(visit.method, visit.path, visit.headers, visit.body, declared)
        await asyncio.sleep(seconds)
        await connection.close()
        self.answered[visit.kind, 0] += 1

    def _count(self, visit: Visit, status: int, body: bytes) -> None:
        self.answered[visit.kind, status] += 1
        if status not in visit.right:
            self.wrong[f"{visit.kind}: {status} {body[:200].decode(errors='replace')}"] += 1

    async def close(self) -> None:
        """Let go of the kept connections."""
        while self._free:
            await self._free.pop().close()


Minute = Callable[[int], Awaitable[None]]


async def drive(
    visitors: Visitors, mix: Mix, per_second: float, minutes: int, each_minute: Minute, minute_seconds: int = 60
) -> None:
    """Send visits on a timetable for so many minutes, and call `each_minute` at the end of each of them."""
    begun, in_each = time.perf_counter(), int(minute_seconds * per_second)
    async with asyncio.TaskGroup() as under_way:
        for minute in range(minutes):
            for turn in range(minute * in_each, (minute + 1) * in_each):
                await asyncio.sleep(max(0.0, begun + turn / per_second - time.perf_counter()))
                under_way.create_task(visitors.visit(mix.draw()))
            await each_minute(minute + 1)
    await visitors.close()
