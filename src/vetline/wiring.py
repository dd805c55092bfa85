"""The composition root: the only file that sees every room and chooses what stands behind each port."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from ssl import SSLContext
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec
from starlette.routing import BaseRoute

from vetline.api.app import Api
from vetline.api.bearer import Bearer
from vetline.api.beside import Health, beside
from vetline.api.described import Described
from vetline.api.handlers.audit import AuditHandlers
from vetline.api.handlers.customers import CustomerHandlers
from vetline.api.handlers.qualifications import QualificationHandlers
from vetline.api.handlers.review import ReviewHandlers
from vetline.api.handlers.webhooks import WebhookHandlers
from vetline.api.limiter import Limiter
from vetline.api.metrics import Metrics
from vetline.api.router import Route, Router
from vetline.api.routes import audit_routes, customer_routes, qualification_routes, review_routes, webhook_routes
from vetline.api.signing_certificate import certificate_routes
from vetline.choices import Choices
from vetline.clock import Clock, SystemClock
from vetline.desk.account import AccountDesk
from vetline.desk.audit import AuditDesk
from vetline.desk.customers import CustomerDesk
from vetline.desk.figures import FiguresDesk
from vetline.desk.partner import PartnerDesk
from vetline.desk.permissions import Permissions
from vetline.desk.queue import QueueDesk
from vetline.desk.reviewer import ReviewDesk
from vetline.desk.screening import Reference, Screening
from vetline.desk.sessions import SessionDesk
from vetline.desk.settling import Settling
from vetline.desk.uploading import Uploading
from vetline.desk.uploads import UploadDesk
from vetline.desk.waiting import WaitingRoom
from vetline.desk.webhooks import WebhookDesk
from vetline.identity.verifier import TokenVerifier
from vetline.settings import SettingsError
from vetline.store.copying.outcomes import Advance, Compared
from vetline.store.port import Store
from vetline.store.sqlite.store import SqliteStore
from vetline.telling import delivery_duties
from vetline.worker.housekeeping import EndedSessionsDuty, HousekeepingDuty
from vetline.worker.loop import Duty, Worker
from vetline.worker.old_uploads import OldUploadsDuty
from vetline.worker.screening import ScreeningDuty
from vetline.worker.settling import SettlingDuty
from vetline.worker.uploads import UploadDuty

if TYPE_CHECKING:
    from vetline.console.entrance import EntranceChoices

_POSTGRES = ("postgresql://", "postgres://")


class Rooms(msgspec.Struct, frozen=True):
    """The use cases and the worker over one store.

    Parameters:
        store, clock, permissions, partner, waiting, customers: one of each.
        uploads, review, queue, figures, screening, worker, metrics: one of each.
        webhooks: `None` where nobody can register one.
    """

    store: Store
    clock: Clock
    permissions: Permissions
    partner: PartnerDesk
    waiting: WaitingRoom
    customers: CustomerDesk
    uploads: UploadDesk
    review: ReviewDesk
    queue: QueueDesk
    figures: FiguresDesk
    screening: Screening
    worker: Worker
    metrics: Metrics
    webhooks: WebhookDesk | None

    def let_go(self) -> None:
        """Let everybody go whose answer is held back: the service ends."""
        self.waiting.close()
        self.figures.close()


async def open_store(database_url: str, *, durable: bool = True) -> Store:
    """Open the store that a URL names, and bring its schema up to date.

    Parameters:
        durable: `False` for an SQLite file that nobody will open again.

    Raises:
        SettingsError: the URL names no store that this release has.
        SchemaError, UnavailableError: the database cannot be used.
    """
    if database_url.startswith(_POSTGRES):
        return await _open_postgres(database_url)
    return SqliteStore(_sqlite_file(database_url), durable=durable)


async def copy_database(source_url: str, target_url: str, advance: Advance) -> list[Compared]:
    """Copy an SQLite database into a PostgreSQL database; see `vetline.store.copying.copy`.

    Raises:
        SettingsError: one of the URLs is not understood.
        StoreError: it cannot be copied; the sentence says what to do.
    """
    if source_url.startswith(_POSTGRES) or not target_url.startswith(_POSTGRES):
        raise SettingsError("A copy goes from SQLite to PostgreSQL: give --from sqlite:///FILE --to postgresql://...")
    with _needing_the_driver():
        from vetline.store.copying.copy import copy
    try:
        return await copy(_sqlite_file(source_url), target_url, advance)
    except ValueError:
        raise _not_understood("postgresql://...") from None


def _sqlite_file(database_url: str) -> Path:
    scheme, separator, path = database_url.partition(":///")
    if scheme != "sqlite" or not separator or not path:
        raise _not_understood(database_url)
    return Path(unquote(path))


async def _open_postgres(database_url: str) -> Store:
    with _needing_the_driver():
        from vetline.store.postgres.store import PostgresStore
    try:
        return await PostgresStore.open(database_url)
    except ValueError:  # in a URL that cannot be taken apart, the password may be anywhere
        raise _not_understood("postgresql://...") from None


@contextmanager
def _needing_the_driver() -> Iterator[None]:
    """The driver is not part of every installation."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingsError(f"A PostgreSQL database needs {error.name}: pip install 'vetline[postgres]'.") from error


def _not_understood(database_url: str) -> SettingsError:
    return SettingsError(
        f"database_url '{_without_password(database_url)}' is not understood: give sqlite:///FILE, "
        "sqlite:////ABSOLUTE/FILE, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE with %40 for an @ in the password."
    )


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2].partition('?')[0]}"


def furnish(
    store: Store,
    clock: Clock,
    reference: Reference,
    choices: Choices,
    screening_by: Callable[..., Screening] = Screening,
    partner_desk_by: Callable[..., PartnerDesk] = PartnerDesk,
) -> Rooms:
    """Return the use cases and the worker over a store.

    Parameters:
        screening_by, partner_desk_by: make the two that a sandbox steers.
    """
    metrics, rules = Metrics(), choices.rules_in_force
    screening = screening_by(store, reference, clock, choices.pacing, choices.policy)
    partner = partner_desk_by(store, clock, screening, choices.pacing, rules, store.bells.ring_due)
    duties: list[Duty] = [
        ScreeningDuty(store, screening, clock, metrics.decided),
        SettlingDuty(Settling(store, clock), metrics.decided),
    ]
    timed: list[Duty] = [
        UploadDuty(Uploading(store, clock, partner)),
        HousekeepingDuty(store, clock),
        OldUploadsDuty(store, clock),
        EndedSessionsDuty(store, SystemClock()),
    ]
    worker = Worker(duties, timed, delivery_duties(store, clock, choices.webhooks, metrics.attempted))
    store.bells.when_due(worker.ring)
    permissions = Permissions(government_role_needed=choices.role_needed)
    return Rooms(
        store=store,
        clock=clock,
        permissions=permissions,
        partner=partner,
        waiting=WaitingRoom(partner, store),
        customers=CustomerDesk(store, clock),
        uploads=UploadDesk(store, clock, permissions),
        review=ReviewDesk(store, clock, screening, rules),
        queue=QueueDesk(store, clock, choices.service_level_days),
        figures=FiguresDesk(store, clock),
        screening=screening,
        worker=worker,
        metrics=metrics,
        webhooks=WebhookDesk(store, clock, choices.webhooks.gate) if choices.webhooks else None,
    )


def routes(rooms: Rooms, choices: Choices) -> list[Route]:
    """Return every operation of the JSON interface."""
    qualifications = QualificationHandlers(rooms.partner, rooms.waiting, rooms.permissions)
    return [
        *qualification_routes(qualifications, choices.contract),
        *customer_routes(CustomerHandlers(rooms.customers, deletable=choices.deletable)),
        *audit_routes(AuditHandlers(AuditDesk(rooms.store))),
        *review_routes(ReviewHandlers(rooms.review)),
        *webhook_routes(WebhookHandlers(rooms.webhooks)),
    ]


@asynccontextmanager
async def pages(
    rooms: Rooms,
    choices: Choices,
    entering: "EntranceChoices",
    *,
    trust: SSLContext | bool = True,
    sandbox: bool = False,
) -> AsyncIterator[list[BaseRoute]]:
    """Yield the routes of the pages for people, and close the connections to their issuer afterwards.

    Parameters:
        entering: who may come, and by which issuer.
        trust: whose certificates the issuer may have; the system's authorities when `True`.
        sandbox: say on each page that nothing here is real.

    Raises:
        ValueError: see `entrance`.
    """
    # A good part of a second's start; a sandbox is mostly asked for no page.
    import httpx2

    from vetline.console.entrance import entrance
    from vetline.console.site import Desks, site
    from vetline.identity.asking import TIMEOUT

    desks = Desks(
        customers=rooms.customers,
        permissions=rooms.permissions,
        account=AccountDesk(rooms.store, rooms.clock, rooms.screening, choices.rules_in_force),
        partner=rooms.partner,
        review=rooms.review,
        queue=rooms.queue,
        figures=rooms.figures,
        uploads=rooms.uploads,
    )
    # Sessions go by the machine's clock, also where the service has one that can be moved.
    client = httpx2.AsyncClient(timeout=TIMEOUT, verify=trust, trust_env=not sandbox)
    way_in = entrance(entering, SessionDesk(rooms.store), SystemClock(), client)
    try:
        yield site(desks, way_in, rooms.clock, sandbox=sandbox).routes()
    finally:
        await way_in.aclose()


def http(
    rooms: Rooms,
    choices: Choices,
    verifier: TokenVerifier,
    more: Sequence[BaseRoute] = (),
    *,
    interface: bool = True,
    described: Described | None = None,
    limiter: Limiter | None = None,
) -> tuple[Api, Health]:
    """Return the HTTP surface over the rooms, and its health.

    Parameters:
        verifier: tells whose tokens count.
        more: routes beside the JSON interface, such as a sandbox's own.
        interface: whether this process serves the JSON interface, or only its health.
        described: the interface's description where it was written before, for another one like this.
        limiter: another than the choices ask for.
    """
    health = Health(rooms.store, rooms.metrics)
    operations = routes(rooms, choices) if interface else []
    described = described or Described(operations, choices.contract)
    certificate = certificate_routes(choices.webhooks.signer) if interface and choices.webhooks else []
    app = Api(
        Router(operations),
        Bearer(verifier),
        rooms.store,
        rooms.clock,
        rooms.metrics,
        limiter or Limiter(choices.requests_per_minute),
        beside(health, described, [*certificate, *more]),
        choices.contract,
    )
    return app, health
