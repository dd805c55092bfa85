"""`vetline serve` as one process: the real clock, configured issuers, no control routes and no issuer of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.routing import BaseRoute

from vetline.choices import Choices
from vetline.clock import SystemClock
from vetline.console.entrance import EntranceChoices
from vetline.hosting import Service, reserved, run, url_of
from vetline.identity.fetching import JwksAt, JwksDiscovered
from vetline.identity.keys import Fetcher, JwksOverHttp
from vetline.identity.trust import PARTNER_CENTER_AUDIENCES, TrustedIssuer
from vetline.identity.verifier import TokenVerifier
from vetline.pages import entrance_choices
from vetline.reference.library import ReferenceLibrary
from vetline.reference.overrides import Overrides
from vetline.settings import Settings, SettingsError
from vetline.telling import webhook_choices
from vetline.vetting.commands import Rules
from vetline.vetting.triage import Policy
from vetline.vetting.words import FourEyes
from vetline.wire.contracts import CONTRACTS
from vetline.wiring import Rooms, furnish, http, open_store, pages

_NO_ISSUER = (
    "No issuer is configured, so nobody could call. Set VETLINE_ISSUERS, for Entra ID to "
    "https://sts.windows.net/{tenantid}/ and VETLINE_JWKS_URL to "
    "https://login.microsoftonline.com/common/discovery/keys; "
    "or try `vetline sandbox`, which has an issuer of its own."
)


async def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT.

    Parameters:
        ready: told the address as soon as it answers.

    Raises:
        SettingsError, StoreError: it cannot start; the sentence says what to change.
    """
    with reserved(settings.host, settings.port) as port:
        async with furnished(settings) as service:
            address = url_of(settings.host, port)
            await run(service, settings.host, port, lambda: ready(address), drain_seconds=settings.drain_seconds)


@asynccontextmanager
async def furnished(settings: Settings) -> AsyncIterator[Service]:
    """Yield the service that settings describe, and let go of its database afterwards.

    Raises:
        SettingsError, StoreError: it cannot start; the sentence says what to change.
    """
    async with _trusting(settings) as verifier:
        reference, choices = ReferenceLibrary(_overrides(settings)), _choices(settings)
        entrance = _entrance(settings)
        store = await open_store(settings.database_url)
        try:
            rooms = furnish(store, SystemClock(), reference, choices)
            async with _pages(rooms, choices, entrance) as more:
                app, health = http(rooms, choices, verifier, more, interface="api" in settings.roles)
                yield Service(app, health, rooms.let_go, rooms.worker if "worker" in settings.roles else None)
        finally:
            await store.close()


async def check(settings: Settings) -> None:
    """Return when a process with these settings can start; the database's schema is then up to date.

    Raises:
        SettingsError, StoreError: it cannot; the sentence says what to change.
    """
    async with _trusting(settings):
        _overrides(settings)
        _choices(settings)
        _entrance(settings)
        await (await open_store(settings.database_url)).close()


@asynccontextmanager
async def _pages(rooms: Rooms, choices: Choices, entrance: EntranceChoices | None) -> AsyncIterator[list[BaseRoute]]:
    """Yield the routes of the pages, none without the role."""
    if entrance is None:
        yield []
        return
    async with pages(rooms, choices, entrance) as routes:
        yield routes


def _entrance(settings: Settings) -> EntranceChoices | None:
    return entrance_choices(settings) if "console" in settings.roles else None


@asynccontextmanager
async def _trusting(settings: Settings) -> AsyncIterator[TokenVerifier]:
    """Yield what verifies the tokens of the configured issuers."""
    if not settings.issuers:
        raise SettingsError(_NO_ISSUER)
    keys = [_keys(settings, issuer) for issuer in settings.issuers]
    try:
        yield TokenVerifier([_trusted(settings, *pair) for pair in zip(settings.issuers, keys, strict=True)])
    finally:
        for source in keys:
            await source.aclose()


def _keys(settings: Settings, issuer: str) -> JwksOverHttp:
    try:
        return JwksOverHttp(_fetcher(settings, issuer))
    except ValueError as error:
        raise SettingsError(f"issuers or jwks_url: {error}.") from error


def _fetcher(settings: Settings, issuer: str) -> Fetcher:
    if settings.jwks_url:
        return JwksAt(settings.jwks_url)
    if "{tenantid}" in issuer:
        raise SettingsError(f"The issuer {issuer} serves many tenants, so jwks_url has to say where its keys are.")
    return JwksDiscovered(f"{issuer.rstrip('/')}/.well-known/openid-configuration", issuer)


def _trusted(settings: Settings, issuer: str, keys: JwksOverHttp) -> TrustedIssuer:
    partners = frozenset(tenant.lower() for tenant in settings.tenants)
    operators = frozenset(tenant.lower() for tenant in settings.operator_tenants)
    try:
        return TrustedIssuer(
            issuer,
            keys,
            frozenset(settings.audiences) or PARTNER_CENTER_AUDIENCES,
            partners | operators if partners else None,
            operators=operators,
        )
    except ValueError as error:
        raise SettingsError(f"issuers: {error}.") from error


def _choices(settings: Settings) -> Choices:
    try:
        policy = Policy(frozenset(settings.approve_suffixes))
    except ValueError as error:
        raise SettingsError(f"{error}.") from error
    return Choices(
        rules=Rules(
            government_reviewed=settings.government_reviewed,
            four_eyes=frozenset(map(FourEyes, settings.four_eyes)),
        ),
        contract=CONTRACTS[settings.contract],
        service_level_days=settings.service_level_days,
        policy=policy,
        government_role_needed=settings.government_role_needed,
        requests_per_minute=settings.requests_per_minute,
        webhooks=webhook_choices(settings),
    )


def _overrides(settings: Settings) -> Overrides | None:
    if not settings.overrides:
        return None
    try:
        return Overrides.read(Path(settings.overrides))
    except (OSError, ValueError) as error:
        raise SettingsError(f"overrides: {error}") from error
