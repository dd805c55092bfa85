"""Two services behind a load balancer are restarted in turn, under load: not one request fails."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.api.service import Service
from tests.supervision.balancer import Balancer
from tests.supervision.together import Together
from tests.support.authority import Authority
from tests.support.partner import EDUCATION, new_customer, qualifications

CLIENTS = 8
# Longer than the balancer needs to notice, also on a machine that is busy.
SETTINGS = {"drain_seconds": "2", "requests_per_minute": "0"}

Start = Callable[[int], Service]


class Load:
    """Partners who create customers, ask for a qualification and read it, one after the other.

    Parameters:
        balancer: whom they ask.
        headers: as whom.
    """

    def __init__(self, balancer: Balancer, headers: dict[str, str]) -> None:
        self._balancer = balancer
        self._headers = headers
        self.going = True
        self.rounds = 0

    async def run(self) -> None:
        """Ask until told to stop; any answer but the right one is a failure."""
        while self.going:
            answer = await self._send("POST", "/v1/customers", new_customer(self.rounds))
            assert answer[0] == 201, answer
            path = qualifications(answer[1]["id"])
            answer = await self._send("POST", path, EDUCATION)
            assert answer[0] == 201, answer
            answer = await self._send("GET", path)
            assert answer[0] == 200, answer
            self.rounds += 1

    async def _send(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, str]]:
        headers = self._headers | {"MS-RequestId": str(uuid.uuid4())}
        found = await self._balancer.send(method, path, headers=headers, json=body)
        return found.status_code, found.json()


async def test_no_request_fails_while_services_are_restarted(authority: Authority, tmp_path: Path) -> None:
    """Each goes out of the balancer's sight before it ends, and comes back; one is a single process, one is three."""
    database = tmp_path / "vetline.db"
    with ExitStack() as stack:

        def one(port: int) -> Service:
            return stack.enter_context(Service(authority, database, SETTINGS, port))

        def three(port: int) -> Service:
            return stack.enter_context(Together(authority, database, SETTINGS | {"workers": "3"}, port))

        await _restart_each([one, three], authority)


async def _restart_each(starts: list[Start], authority: Authority) -> None:
    services = [start(0) for start in starts]
    async with Balancer([service.base for service in services]) as balancer:
        await balancer.until_ready(2)
        load = Load(balancer, services[0].bearer())
        loading = asyncio.gather(*(load.run() for _ in range(CLIENTS)))
        for start, service in zip(starts, services, strict=True):
            await _restart(start, service, balancer)
        load.going = False
        await loading
    assert load.rounds > CLIENTS
    assert min(balancer.sent.values()) > CLIENTS


async def _restart(start: Start, service: Service, balancer: Balancer) -> None:
    before = sum(balancer.sent.values())
    assert await asyncio.to_thread(service.stop) == 0
    await balancer.until_ready(1)
    assert sum(balancer.sent.values()) > before
    await asyncio.to_thread(start, int(service.base.rpartition(":")[2]))
    await balancer.until_ready(2)
