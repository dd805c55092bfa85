"""The sandbox as one process: the real service, seeded, with its own clock, issuer and control surface."""

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from starlette.routing import BaseRoute

from vetline.clock import SystemClock
from vetline.ending import Ending
from vetline.hosting import Service, reserved, run, url_of
from vetline.identity.issuer import TokenIssuer
from vetline.identity.signing_key import new_key
from vetline.logs import get_logger
from vetline.sandbox.beginning import Beginning, plan_in
from vetline.sandbox.clock import SandboxClock
from vetline.sandbox.contents.directory import Directory
from vetline.sandbox.contents.register import is_empty
from vetline.sandbox.contents.seeding import seeds_of
from vetline.sandbox.contents.seeds import seeded_directory
from vetline.sandbox.control.worlds import WorldsControl
from vetline.sandbox.early import KEY_FILE
from vetline.sandbox.entrance import entrance_choices
from vetline.sandbox.late_library import LateLibrary
from vetline.sandbox.late_pages import LatePages
from vetline.sandbox.limits import NONE, PARTNER_CENTER
from vetline.sandbox.webhook_signer import signer_in
from vetline.sandbox.world import Ground, World
from vetline.sandbox.worlds import Worlds
from vetline.settings import SettingsError
from vetline.store.port import Store, StoreError
from vetline.wire.contract import Contract
from vetline.wire.contracts import DOCUMENTED
from vetline.wire.faults import FaultError
from vetline.wiring import open_store, pages

HOST = "127.0.0.1"
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - given by hand, and warned of

log = get_logger("vetline.sandbox")


class SandboxOptions(msgspec.Struct, frozen=True):
    """What the command line says.

    Parameters:
        port: where to listen; 0 for a free port.
        host: the address to listen on: this machine's own, unless somebody sees to it that no stranger reaches it.
        data: where to keep everything between runs; `None` keeps nothing.
        database_url: another place for the database alone; empty for the usual one.
        mode: the vetting mode, by its name.
        tls: whether to serve HTTPS.
        contract: which documents' interface it has.
        seed: a file of customers and codes to begin with, instead of the usual ones.
        faults: a JSON file with the faults that worlds begin with.
        faults_seed: what the faults' chance is made of; `None` for a random one.
        limits: whether Partner Center's limits hold from the beginning.
        until_eof: whether to end with standard input.
    """

    port: int
    data: Path | None
    database_url: str
    mode: str
    tls: bool = False
    contract: Contract = DOCUMENTED
    seed: Path | None = None
    faults: Path | None = None
    faults_seed: int | None = None
    limits: bool = False
    until_eof: bool = False
    host: str = HOST


async def run_sandbox(
    options: SandboxOptions, ready: Callable[[str], None], make_key: Callable[[], RSAPrivateKey] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, or the end of standard input where that was asked for.

    Parameters:
        ready: told the address as soon as it answers.
        make_key: makes the signing key when none was kept.

    Raises:
        SettingsError, StoreError: it cannot start; the sentence says what to change.
    """
    with reserved(options.host, options.port) as port, _folder(options.data) as folder, _folder(None) as passing:
        base = url_of(_reached_at(options.host), port, tls=options.tls)
        server_file, ca_file = _certificate(folder) if options.tls else (None, None)
        throw_away = options.data is None and not options.database_url
        store = await open_store(options.database_url or f"sqlite:///{folder / 'vetline.db'}", durable=not throw_away)
        clock = SandboxClock(folder / "clock")
        issuer = TokenIssuer(base, folder / KEY_FILE, make_key or new_key)
        ground = Ground(
            base,
            issuer,
            LateLibrary(),
            options.mode,
            ca_file,
            signer_in(folder),
            options.contract,
            _beginning(options),
        )
        worlds = Worlds(ground, passing / "worlds")  # they end with the process, however that ends
        try:
            world = _first_world(ground, store, clock, directory := seeded_directory())
            if await is_empty(store, directory):
                await _begin(world, options.seed)
            async with LatePages(lambda: _pages(world, folder, ca_file)) as late:
                app, health = world.application([*WorldsControl(worlds, base).routes(), late])
                worlds.begin(world, app)
                service = Service(worlds, health, worlds.let_go, world.rooms.worker)
                await run(
                    service, options.host, port, lambda: ready(base), certificate=server_file, ending=_ending(options)
                )
        finally:
            await worlds.close()
            await store.close()


def _reached_at(host: str) -> str:
    """Return where clients find the sandbox: on this machine, also when it listens on every address, in a container."""
    if host == HOST:
        return host
    log.warning("anybody who reaches this address can be anybody: let no stranger reach it", host=host)
    return HOST if host in _EVERY_ADDRESS else host


def _ending(options: SandboxOptions) -> Ending:
    ending = Ending()
    if options.until_eof:
        ending.by_end_of_input()
    return ending


async def _begin(world: World, file: Path | None) -> None:
    """Put into a new world what a file brings along, or the usual."""
    if file is None:
        await world.seed()
        return
    kind = "text/csv" if file.suffix.lower() == ".csv" else "application/json"
    partners = [tenant.tenant_id for tenant in world.directory.partners]
    try:
        await world.add(seeds_of(await asyncio.to_thread(file.read_bytes), kind, partners, world.clock.now()))
    except (OSError, FaultError, StoreError) as error:
        raise SettingsError(f"--seed {file}: {error}") from error


def _beginning(options: SandboxOptions) -> Beginning:
    plan = plan_in(options.faults) if options.faults else None
    return Beginning(plan, options.faults_seed, PARTNER_CENTER if options.limits else NONE)


def _first_world(ground: Ground, store: Store, clock: SandboxClock, directory: Directory) -> World:
    """Return the world that the sandbox begins with, after saying how its chance can be repeated."""
    try:
        world = World(ground, store, clock, directory)
    except ValueError as error:
        raise SettingsError(f"--faults: {error}.") from error
    log.info("chance comes from this seed, and again with --faults-seed", seed=world.faults.plan.seed)
    return world


def _pages(world: World, folder: Path, ca_file: Path | None) -> AbstractAsyncContextManager[list[BaseRoute]]:
    """Return the pages of the first world."""
    entering = entrance_choices(folder, world.ground.base, world.directory)
    return pages(world.rooms, world.choices, entering, trust=_trust(ca_file), sandbox=True)


def _trust(ca_file: Path | None) -> ssl.SSLContext | bool:
    """Return whose certificates count when the pages ask the authority, which is this very process."""
    return True if ca_file is None else ssl.create_default_context(cafile=ca_file)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Return the files with the server's certificate and with the authority that clients have to trust."""
    try:
        # What makes certificates takes a while to import, and is not part of every installation.
        from vetline.sandbox.certificates import certificate_in
    except ModuleNotFoundError as error:
        raise SettingsError(f"--tls needs {error.name}: pip install 'vetline[sandbox]'.") from error
    found = certificate_in(folder, SystemClock().now())
    log.info("clients have to trust this certificate authority", ca_file=str(found.ca_file))
    return found.server, found.ca_file


@contextlib.contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """Yield the folder to keep things in: the given one, or one in memory where there is such a place."""
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data
        return
    memory = Path("/dev/shm")  # noqa: S108 - made with a private name and mode by tempfile
    with tempfile.TemporaryDirectory(prefix="vetline-", dir=memory if memory.is_dir() else None) as name:
        yield Path(name)
