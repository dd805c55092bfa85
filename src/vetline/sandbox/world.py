"""A world: one whole service with its own customers, people, applications, clock and vetting, that no other sees."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
from starlette.routing import BaseRoute

from vetline.api.app import Asgi
from vetline.api.beside import Health
from vetline.choices import Choices
from vetline.clock import SystemClock
from vetline.desk.screening import Reference
from vetline.identity.issuer import TokenIssuer
from vetline.identity.verifier import TokenVerifier
from vetline.sandbox.authority.authority import Authority
from vetline.sandbox.authority.token_exchange import TokenExchange
from vetline.sandbox.beginning import Beginning
from vetline.sandbox.clock import SandboxClock
from vetline.sandbox.contents.directory import Directory
from vetline.sandbox.contents.info import info, info_with
from vetline.sandbox.contents.register import put, seed
from vetline.sandbox.contents.seeding import Seeds
from vetline.sandbox.control.contents import ContentsControl
from vetline.sandbox.control.control import Control
from vetline.sandbox.control.description import described_route
from vetline.sandbox.control.limits import LimitsControl
from vetline.sandbox.control.review import ReviewControl
from vetline.sandbox.control.vetting import VettingControl
from vetline.sandbox.control.webhooks import WebhooksControl
from vetline.sandbox.faults.control import FaultsControl
from vetline.sandbox.faults.deliveries import FaultyDeliveries
from vetline.sandbox.faults.plan import Plan
from vetline.sandbox.interface import Interface, interface_of
from vetline.sandbox.letting_go import LettingGo
from vetline.sandbox.limits import LimitedCustomerDesk, LimitsSwitch
from vetline.sandbox.sight.scorecard.receivers import Receivers
from vetline.sandbox.sight.sight import Sight
from vetline.sandbox.steering.four_eyes import FourEyesSwitch, SwitchedReviewDesk
from vetline.sandbox.steering.reads import Reads
from vetline.sandbox.steering.steered import SteeredDesk, SteeredScreening
from vetline.sandbox.steering.steering import Steering
from vetline.sandbox.webhook_signer import SandboxSigner
from vetline.store.port import Store
from vetline.telling import WebhookChoices
from vetline.webhooks.addresses import LOOPBACK
from vetline.webhooks.destinations import Gate
from vetline.wire.contract import Contract
from vetline.wire.contracts import DOCUMENTED
from vetline.wiring import Rooms, furnish, http, routes

# As long as somebody waits who moves the clock: longer than a receiver should take, shorter than one that hangs does.
_RECEIVERS_SECONDS = 1.0


class Ground(msgspec.Struct, frozen=True):
    """What all worlds of a sandbox share.

    Parameters:
        base: the address at which it is reached.
        issuer: signs everybody's tokens.
        reference: the data behind the rules.
        mode: the vetting mode that worlds begin with, by its name.
        ca_file: the certificate authority to trust for the address; `None` without TLS.
        signer: signs webhooks; `None`: nobody can register one.
        contract: which documents' interface worlds have.
        beginning: what worlds begin with besides.
    """

    base: str
    issuer: TokenIssuer
    reference: Reference
    mode: str
    ca_file: Path | None = None
    signer: SandboxSigner | None = None
    contract: Contract = DOCUMENTED
    beginning: Beginning = msgspec.field(default_factory=Beginning)


class World:
    """One world.

    Parameters:
        ground: what it shares with the others.
        store: its own, empty or as it was left.
        clock: its own.
        directory: its people and applications.
        interface: that of another world with the same contract, where there is one.

    Raises:
        ValueError: the faults that it is to begin with are not understood.
    """

    def __init__(
        self,
        ground: Ground,
        store: Store,
        clock: SandboxClock,
        directory: Directory,
        interface: Interface | None = None,
    ) -> None:
        self.ground = ground
        self.store = store
        self.clock = clock
        self.directory = directory
        self.steering = Steering(ground.mode)
        self.reads = Reads()
        self.four_eyes = FourEyesSwitch()
        plan = Plan(ground.beginning.fresh_seed())
        self.deliveries = FaultyDeliveries(plan)
        self.sending = LettingGo()
        self.choices = Choices(deletable=True, contract=ground.contract, webhooks=self._webhooks())
        self.limits = LimitsSwitch(ground.beginning.limits)
        self.rooms = self._furnished()
        self.interface = interface or interface_of(routes(self.rooms, self.choices), self.choices.contract)
        self.faults = ground.beginning.faults(SystemClock(), plan, self.interface.struck)
        self.authority = Authority(directory, ground.issuer, clock)
        self.sight = self._sight()

    def _furnished(self) -> Rooms:
        desk = partial(SteeredDesk, self.steering, self.reads)
        screening = partial(SteeredScreening, self.steering)
        rooms = furnish(self.store, self.clock, self.ground.reference, self.choices, screening, desk)
        rules = self.choices.rules_in_force
        review = SwitchedReviewDesk(self.four_eyes, self.store, self.clock, rooms.screening, rules)
        customers = LimitedCustomerDesk(self.store, self.clock, self.limits)
        return msgspec.structs.replace(rooms, customers=customers, review=review)

    def _sight(self) -> Sight:
        partners = [tenant.tenant_id for tenant in self.directory.partners]
        receivers = Receivers(self.store, partners, self.choices.webhooks, self.clock)
        return Sight(self.clock, self.interface.names, receivers)

    def _webhooks(self) -> WebhookChoices | None:
        if self.ground.signer is None:
            return None
        gate, around = Gate(LOOPBACK, plain=True), self.sending.around
        return WebhookChoices(self.ground.base, self.ground.signer, gate, self.deliveries, 1, around=around)

    def application(self, more: Sequence[BaseRoute] = ()) -> tuple[Asgi, Health]:
        """Return its HTTP surface with some more routes, and its health."""
        operators = frozenset({self.directory.desk.tenant_id})
        verifier = TokenVerifier(self.ground.issuer.trusted(operators=operators))
        control = [*Control(self).routes(), *VettingControl(self).routes(), *ContentsControl(self).routes()]
        control += [*FaultsControl(self.faults).routes(), *LimitsControl(self.limits).routes()]
        control += ReviewControl(self.four_eyes).routes()
        if self.rooms.webhooks and self.ground.signer:
            control += WebhooksControl(self.rooms.webhooks, self.directory, self.ground.signer).routes()
        exchange = TokenExchange(self.ground.issuer, self.clock)
        control.append(described_route(self.interface.described))
        beside = [*more, *control, *self.sight.routes(), *exchange.routes(), *self.authority.routes()]
        limiter, described = self.limits.limiter, self.interface.described
        app, health = http(self.rooms, self.choices, verifier, beside, described=described, limiter=limiter)
        return self.sight.around(self.faults.around(self.sight.probes.around(app), self.ground.contract)), health

    async def info(self) -> dict[str, object]:
        """Return everything that a client needs to begin."""
        found = await info(self.store, self.directory, self.ground.base, self.ground.ca_file)
        return {**found, "contract": self.choices.contract.name}

    def info_with(self, held: Seeds) -> dict[str, object]:
        """Return the same of a world that holds nothing but these customers and codes."""
        found = info_with(held, self.directory, self.ground.base, self.ground.ca_file)
        return {**found, "contract": self.choices.contract.name}

    async def seed(self) -> Seeds:
        """Put the seeded customers and codes into its empty store, and return them."""
        return await seed(self.store, self.directory, self.clock.now())

    async def add(self, seeds: Seeds) -> None:
        """Add customers and codes; all of them or none.

        Raises:
            StoreError: one of them is there already.
        """
        await put(self.store, seeds)

    async def hold_only(self, seeds: Seeds) -> None:
        """Hold these customers and codes, and nothing else.

        Raises:
            StoreError: two of them are the same; nothing is there then.
        """
        await self.store.erase()
        await self.add(seeds)

    def let_go(self) -> None:
        """Let everybody go whose answer is held back: it ends."""
        self.rooms.let_go()
        self.faults.let_go()
        self.sight.close()

    async def settle(self) -> None:
        """Do everything that is due; receivers of webhooks get what is theirs, and are waited for a second at most."""
        worker = self.rooms.worker
        await worker.run_until_idle(afterwards=False)
        if self.ground.signer and await self.has_due_within(timedelta(0)):
            await asyncio.to_thread(_make_ready_to_send, self.ground.signer)
        await asyncio.wait([worker.begin_afterwards()], timeout=_RECEIVERS_SECONDS)

    async def has_due_within(self, ahead: timedelta) -> bool:
        """Return whether something is due before that time is over; a clock that stands still makes nothing due."""
        due, now = await self.store.next_due(), self.clock.now()
        return due is not None and due <= (now if self.clock.frozen else now + ahead)

    @asynccontextmanager
    async def anew(self) -> AsyncIterator[None]:
        """Let nothing happen inside by itself; whoever hangs that is sent a webhook is not waited for."""
        with self.sending.all_let_go():
            async with self.rooms.worker.at_rest():
                yield

    async def reset(self) -> None:
        """Make it fresh again: seeds, clock, vetting; no cases, no remembered answers, nobody signed in."""
        # At rest: what the worker still has of the old cases must not decide the new ones.
        async with self.anew():
            self.clock.reset()
            self.steering.reset()
            self.faults.reset()
            self.limits.reset()
            self.authority.forget()
            self.reads.forget()
            self.four_eyes.reset()
            await self.store.erase()
            await self.seed()
            self.rooms.figures.forget()
            self.sight.forget()


def _make_ready_to_send(signer: SandboxSigner) -> None:
    """What the first webhook of a sandbox takes longer for is not its receiver's doing."""
    import vetline.webhooks.posting  # noqa: F401 - a sandbox that sends nothing starts sooner without

    signer.authority()
