"""What an operator may set, in a TOML file and in VETLINE_* variables. Bad settings stop the start with a sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from vetline.vetting.words import FourEyes

PREFIX = "VETLINE_"


class SettingsError(Exception):
    """A setting is wrong; the sentence says which, and what to change."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that `vetline serve` can be told. In the environment each is VETLINE_ and its name in capitals.

    Parameters:
        database_url: where the data is: ``sqlite:///vetline.db``, or ``sqlite:////var/lib/vetline/vetline.db``, or
            ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE``.
        host, port: where to listen.
        issuers: each the exact `iss` of tokens to trust, such as ``https://sts.windows.net/{tenantid}/``.
        jwks_url: where the issuers' keys are; empty: found by OpenID discovery from each issuer.
        audiences: the `aud` values that mean this service; empty: Partner Center's own.
        tenants: the partners' tenants; empty: every tenant that the issuer speaks for.
        operator_tenants: the tenants whose reviewers and administrators count.
        contract: ``documented`` accepts what the documents of all years allow; ``live`` is the interface of today's
            documents, which demands a segment for Education and has no synchronous generation any more; see
            docs/contract-variants.md.
        government_reviewed: send GCC requests with a valid code to a person instead of approving them at once.
        four_eyes: which decisions of a reviewer take effect only when a second one agrees: ``denials``, ``government``
            for every decision on GCC, or both.
        service_level_days: by how many business days a reviewer should have decided.
        government_role_needed: GCC asks for one of the documented directory roles.
        requests_per_minute: how many requests one partner may make in a minute; 0: no limit.
        approve_suffixes: kinds of public suffix to approve without a listing, such as ``k12``.
        overrides: a CSV file with local decisions on domains; empty: none.
        roles: what this process does: one or more of ``api``, ``worker`` and ``console``, the pages for people.
        console_url: the pages' public address without a path, such as ``https://vetline.example``.
        console_authority: where people sign in for the pages: ``https://login.microsoftonline.com/organizations/v2.0``,
            or another OpenID Connect issuer.
        console_client_id: the pages' application id there.
        console_client_secret: its secret; empty for a public client.
        console_secret: at least 32 random characters that sign the browsers' cookies, the same for all processes.
        webhook_certificate: a PEM file with the RSA key that signs webhooks, its certificate, and those between it and
            its root; empty: partners cannot register webhooks.
        webhook_private_addresses: addresses and networks that are not on the Internet and that webhooks may go to, such
            as ``10.0.0.0/8``.
        public_url: the address without a path at which partners reach the interface, such as
            ``https://api.vetline.example``; webhooks tell it.
        workers: how many processes serve the address together.
        drain_seconds: how long requests are still taken after ``/readyz`` says that the service stops: longer than a
            load balancer needs to notice.
        log_level: ``debug``, ``info``, ``warning`` or ``error``.
    """

    database_url: str = "sqlite:///vetline.db"
    host: str = "127.0.0.1"
    port: int = 8080
    issuers: tuple[str, ...] = ()
    jwks_url: str = ""
    audiences: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    operator_tenants: tuple[str, ...] = ()
    contract: str = "documented"
    government_reviewed: bool = False
    four_eyes: tuple[str, ...] = ()
    service_level_days: int = 3
    government_role_needed: bool = True
    requests_per_minute: int = 6_000
    approve_suffixes: tuple[str, ...] = ()
    overrides: str = ""
    roles: tuple[str, ...] = ("api", "worker")
    console_url: str = ""
    console_authority: str = ""
    console_client_id: str = ""
    console_client_secret: str = ""
    console_secret: str = ""
    webhook_certificate: str = ""
    webhook_private_addresses: tuple[str, ...] = ()
    public_url: str = ""
    workers: int = 1
    drain_seconds: int = 0
    log_level: str = "info"


_CHOICES = {
    "contract": {"documented", "live"},
    "log_level": {"debug", "info", "warning", "error"},
}
_ROLES = {"api", "worker", "console"}
_FOUR_EYES = set(FourEyes)
# More processes than any machine has processors, or more time than any orchestrator has patience, is a slip of the pen.
_MAX_WORKERS = 256
_MAX_DRAIN_SECONDS = 600
_MAX_SERVICE_LEVEL_DAYS = 365
_LISTS = {field.name for field in msgspec.structs.fields(Settings) if isinstance(field.default, tuple)}


def read_settings(environment: Mapping[str, str], file: Path | None, given: Mapping[str, Any]) -> Settings:
    """Return the settings: what the command line gives counts before the environment, and that before the file.

    Parameters:
        environment: the process's variables.
        file: a TOML file, `None` for none.
        given: what the command line gave; `None` values were not given.

    Raises:
        SettingsError: the sentence says what to change.
    """
    values = _from_file(file) | _from_environment(environment) | {k: v for k, v in given.items() if v is not None}
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        known = ", ".join(sorted(_known()))
        raise SettingsError(f"A setting is wrong: {error}. The settings are: {known}.") from error
    _check(settings)
    return settings


def _known() -> set[str]:
    return {field.name for field in msgspec.structs.fields(Settings)}


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    import tomllib  # a sandbox has no such file

    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings file {file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {file} is not valid TOML: {error}.") from error


# Variables with our prefix that belong to the client side: profiles, base URL and token of the command line.
_NOT_OURS = {"VETLINE_PROFILE", "VETLINE_BASE_URL", "VETLINE_ACCESS_TOKEN", "VETLINE_CONFIG"}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable, text in environment.items():
        if variable.startswith(PREFIX) and variable not in _NOT_OURS:
            name = variable.removeprefix(PREFIX).lower()
            found[name] = [part.strip() for part in text.split(",") if part.strip()] if name in _LISTS else text
    return found


def _check(settings: Settings) -> None:
    for name, choices in _CHOICES.items():
        if getattr(settings, name) not in choices:
            raise SettingsError(f"{name} must be one of {', '.join(sorted(choices))}.")
    if not settings.roles or not _ROLES.issuperset(settings.roles):
        raise SettingsError(f"roles must be among {', '.join(sorted(_ROLES))}.")
    if not _FOUR_EYES.issuperset(settings.four_eyes):
        raise SettingsError(f"four_eyes must be among {', '.join(sorted(_FOUR_EYES))}, or left out.")
    if not 0 <= settings.service_level_days <= _MAX_SERVICE_LEVEL_DAYS:
        raise SettingsError(f"service_level_days must be from 0 to {_MAX_SERVICE_LEVEL_DAYS}.")
    if not 0 <= settings.port <= 65_535:
        raise SettingsError("port must be from 0 to 65535.")
    if not 1 <= settings.workers <= _MAX_WORKERS:
        raise SettingsError(f"workers must be from 1 to {_MAX_WORKERS}.")
    if not 0 <= settings.drain_seconds <= _MAX_DRAIN_SECONDS:
        raise SettingsError(f"drain_seconds must be from 0 to {_MAX_DRAIN_SECONDS}.")
    if settings.requests_per_minute < 0:
        raise SettingsError("requests_per_minute must be 0 (no limit) or more.")
