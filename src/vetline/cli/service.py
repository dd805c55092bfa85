"""The service's own commands: `sandbox`, `serve`, `migrate`, `token`, `version`."""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from vetline.cli.failing import CliError
from vetline.cli.options import examples

service = typer.Typer(rich_markup_mode=None)

Port = Annotated[int | None, typer.Option(help="Where to listen; 0 picks a free port.", min=0, max=65535)]
DatabaseUrl = Annotated[str | None, typer.Option(help="Where the data is: sqlite:///FILE or postgresql://...")]
Config = Annotated[Path | None, typer.Option(help="A TOML file with settings.", envvar="VETLINE_CONFIG")]


@service.command(
    short_help="Run the whole service here, seeded.",
    epilog=examples(
        "vetline sandbox",
        "vetline sandbox --data ./sandbox --vetting after:30",
        "vetline sandbox --port 0 --vetting by-hand --ready-file address.txt",
        "vetline sandbox --seed customers.csv",
        "vetline sandbox --faults faults.json --faults-seed 7",
    ),
)
def sandbox(
    port: Annotated[int, typer.Option(help="Where to listen; 0 picks a free port.", min=0, max=65535)] = 8080,
    data: Annotated[Path | None, typer.Option(help="Keep everything in this folder between runs.")] = None,
    memory: Annotated[bool, typer.Option("--memory", help="Keep nothing (the default without --data).")] = False,
    database_url: Annotated[str, typer.Option(help="Keep the data here: sqlite:///FILE or postgresql://...")] = "",
    vetting: Annotated[
        str,
        typer.Option(
            help="auto: the real triage, people for the rest. immediate, after:SECONDS, after-polls:N: settle every "
            "case without a person. by-hand: decide nothing."
        ),
    ] = "auto",
    contract: Annotated[
        str,
        typer.Option(
            help="Which documents' interface it has: documented (all of them), live, sdk-3.4, docs-2020, docs-2018 or "
            "swagger."
        ),
    ] = "documented",
    seed: Annotated[
        Path | None,
        typer.Option(help="Begin with the customers and validation codes of this .json or .csv file.", exists=True),
    ] = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="Write the address into this file as soon as it answers.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on. For a container: whoever reaches it can be anybody.")
    ] = "127.0.0.1",
    until_eof: Annotated[
        bool,
        typer.Option("--until-eof", help="End when standard input ends, as it does when whoever started it is gone."),
    ] = False,
    tls: Annotated[bool, typer.Option("--tls", help="Serve HTTPS, with a certificate of the sandbox's own.")] = False,
    faults: Annotated[
        Path | None, typer.Option(help="A JSON file with faults to begin with; see docs/sandbox-faults.md.")
    ] = None,
    faults_seed: Annotated[
        int | None, typer.Option(help="Repeat the chance of a run: the seed that it logged.", min=0, max=2**53 - 1)
    ] = None,
    partner_center_limits: Annotated[
        bool, typer.Option("--partner-center-limits", help="75 customers and 500 requests a minute, per partner.")
    ] = False,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error; logs go to stderr.")] = "info",
) -> None:
    """Run the whole service on this machine: seeded, with its own token issuer, for developing and testing.

    Prints `ready http://127.0.0.1:PORT` (with --tls https) when it answers. Then look at /sandbox/info for partners,
    people and secrets, and get a token with `vetline token`. It is for tests only: it lets anybody be anybody.
    """
    gc.disable()  # until it is ready: what is loaded stays, and looking for garbage in it takes a tenth of the start
    from vetline.sandbox.run import SandboxOptions, run_sandbox
    from vetline.sandbox.steering.modes import pacing_named
    from vetline.wire.contracts import CONTRACTS

    if data and memory:
        _stop("Give --data or --memory, not both.")
    try:
        pacing_named(vetting)
    except ValueError as error:
        _stop(str(error))
    if contract not in CONTRACTS:
        _stop(f"There is no contract '{contract}': give one of {', '.join(CONTRACTS)}.")
    options = SandboxOptions(
        port=port,
        host=host,
        data=data,
        database_url=database_url,
        mode=vetting,
        tls=tls,
        contract=CONTRACTS[contract],
        seed=seed,
        faults=faults,
        faults_seed=faults_seed,
        limits=partner_center_limits,
        until_eof=until_eof,
    )
    _run(run_sandbox(options, _ready_by(ready_file)), log_level)


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

        _run(serve_production(settings, _ready), settings.log_level)


def _supervise(settings: Any) -> None:
    from vetline.cli import exits
    from vetline.supervision.supervisor import HopelessError, supervise

    try:
        _run(supervise(settings, _ready), settings.log_level, asyncio.run)
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
        _stop(str(error))
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
        _stop(str(error))


def _run(service: Coroutine[Any, Any, None], log_level: str, runner: Callable[..., None] | None = None) -> None:
    import uvloop

    from vetline.logs import configure_logs
    from vetline.settings import SettingsError
    from vetline.store.port import StoreError

    if log_level not in ("debug", "info", "warning", "error"):
        _stop("log level must be debug, info, warning or error.")
    configure_logs(log_level)
    try:
        (runner or uvloop.run)(service)
    except (SettingsError, StoreError) as error:
        _stop(str(error))


def _ready(address: str) -> None:
    sys.stdout.write(f"ready {address}\n")
    sys.stdout.flush()


def _ready_by(file: Path | None) -> Callable[[str], None]:
    """Return what tells the address: the line on stdout, and a file for whoever reads no output."""

    def ready(address: str) -> None:
        if file:
            from vetline.files import replace_file

            replace_file(file, f"{address}\n".encode())
        _ready(address)

    return ready


def _stop(sentence: str) -> Any:
    raise CliError(sentence)
