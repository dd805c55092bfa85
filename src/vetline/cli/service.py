"""The service's own commands: `serve`, `migrate`, `token`, `version`."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from vetline.cli.failing import CliError
from vetline.cli.options import examples
from vetline.cli.running import ready, run, stop

service = typer.Typer(rich_markup_mode=None)

Port = Annotated[int | None, typer.Option(help="Where to listen; 0 picks a free port.", min=0, max=65535)]
DatabaseUrl = Annotated[str | None, typer.Option(help="Where the data is: sqlite:///FILE or postgresql://...")]
Config = Annotated[Path | None, typer.Option(help="A TOML file with settings.", envvar="VETLINE_CONFIG")]


@service.command(
    epilog=examples(
        "vetline serve --config vetline.toml",
        "VETLINE_DATABASE_URL=sqlite:////var/lib/vetline/vetline.db vetline serve --host 0.0.0.0",
        "vetline serve --config vetline.toml --workers 4",
    )
)
def serve(
    roles: Annotated[
        str | None, typer.Option(help="What this process does: one or more of api,worker,console.")
    ] = None,
    database_url: DatabaseUrl = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Port = None,
    workers: Annotated[int | None, typer.Option(help="How many processes serve the address together.")] = None,
    config: Config = None,
) -> None:
    """Run the service in production. Settings come from a TOML file and VETLINE_* variables; see docs/operate.md.

    It refuses to start without a configured issuer, has no control routes and issues no tokens.
    """
    given = {
        "roles": tuple(roles.split(",")) if roles else None,
        "database_url": database_url,
        "host": host,
        "port": port,
        "workers": workers,
    }
    settings = _settings(config, given)
    if settings.workers > 1:
        _supervise(settings)
    else:
        from vetline.production import serve as serve_production

        run(serve_production(settings, ready), settings.log_level)


def _supervise(settings: Any) -> None:
    from vetline.cli import exits
    from vetline.supervision.supervisor import HopelessError, supervise

    try:
        run(supervise(settings, ready), settings.log_level, asyncio.run)
    except HopelessError as error:
        raise CliError(str(error), exits.FAILED) from error


@service.command(epilog=examples("vetline migrate --config vetline.toml"))
def migrate(database_url: DatabaseUrl = None, config: Config = None) -> None:
    """Bring the database's schema up to date."""
    from vetline.settings import SettingsError
    from vetline.store.port import StoreError
    from vetline.wiring import open_store

    settings = _settings(config, {"database_url": database_url})

    async def bring_up_to_date() -> None:
        await (await open_store(settings.database_url)).close()

    try:
        asyncio.run(bring_up_to_date())
    except (SettingsError, StoreError) as error:
        stop(str(error))
    typer.echo("The database is up to date.")


@service.command(
    short_help="Print a token of a running sandbox.",
    epilog=examples(
        'curl -H "Authorization: Bearer $(vetline token)" http://127.0.0.1:8080/v1/customers',
        "vetline token --partner Fabrikam --app-only",
    ),
)
def token(
    app_only: Annotated[bool, typer.Option("--app-only", help="For the application alone, without a user.")] = False,
    reviewer: Annotated[bool, typer.Option("--reviewer", help="For a reviewer instead of a partner.")] = False,
    partner: Annotated[str, typer.Option(help="Whose token, by the beginning of the partner's name.")] = "Contoso",
    base_url: Annotated[
        str, typer.Option(help="Where the sandbox answers.", envvar="VETLINE_BASE_URL")
    ] = "http://127.0.0.1:8080",
    ca_file: Annotated[
        Path | None,
        typer.Option(help="The certificate authority to trust; a sandbox with --tls logs it.", envvar="SSL_CERT_FILE"),
    ] = None,
) -> None:
    """Print an access token from a running sandbox: `curl -H "Authorization: Bearer $(vetline token)" ...`."""
    from vetline.cli.tokens import token_from

    typer.echo(token_from(base_url, partner, app_only=app_only, reviewer=reviewer, ca_file=ca_file))


@service.command(epilog=examples("vetline version"))
def version() -> None:
    """Print the version."""
    from vetline import __version__

    typer.echo(__version__)


def _settings(config: Path | None, given: dict[str, Any]) -> Any:
    from vetline.settings import SettingsError, read_settings

    try:
        return read_settings(os.environ, config, given)
    except SettingsError as error:
        stop(str(error))
