"""`vetline copy`: an installation moves from SQLite to PostgreSQL."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vetline.cli import exits
from vetline.cli.failing import CliError
from vetline.cli.options import examples

if TYPE_CHECKING:
    from vetline.store.copying.outcomes import Compared

copying = typer.Typer(rich_markup_mode=None)


@copying.command(
    epilog=examples(
        "vetline copy --from sqlite:////var/lib/vetline/vetline.db --to postgresql://vetline@db.example/vetline"
    )
)
def copy(
    source: Annotated[str, typer.Option("--from", help="The database that was served so far: sqlite:///FILE.")],
    target: Annotated[str, typer.Option("--to", help="An empty database: postgresql://...")],
) -> None:
    """Move an installation from SQLite to PostgreSQL: copy every row, and compare both sides.

    Stop the service first: the file is locked meanwhile, and only read. A copy that was interrupted goes on when the
    same command is run again; until it is finished, nothing serves the new database.
    """
    compared = asyncio.run(_copied(source, target))
    typer.echo(_table(compared), nl=False)
    if not all(one.same for one in compared):
        raise CliError(
            "The databases differ: something else wrote into the new one. Stop it, and begin again with an empty "
            "database.",
            exits.FAILED,
        )
    typer.echo("Every row is there. Serve the new database from now on, and keep the old file as a backup.", err=True)


async def _copied(source: str, target: str) -> "list[Compared]":
    from vetline.cli.bulk.progress import Stand, shown
    from vetline.settings import SettingsError
    from vetline.store.copying.outcomes import Advance, CopyConflictError
    from vetline.store.port import SchemaError, UnavailableError
    from vetline.wiring import copy_database

    advance = Advance()
    try:
        async with shown("copying", lambda: Stand(advance.done, advance.total, advance.table)):
            return await copy_database(source, target, advance)
    except (SettingsError, SchemaError) as error:
        raise CliError(str(error)) from error
    except CopyConflictError as error:
        raise CliError(str(error), exits.CONFLICT) from error
    except UnavailableError as error:
        raise CliError(str(error), exits.UNAVAILABLE) from error


def _table(compared: "list[Compared]") -> str:
    from vetline.cli.tables import drawn

    columns = ("table", "old", "new", "checksums")
    rows = [
        (one.table, str(one.source.rows), str(one.target.rows), "the same" if one.same else "differ")
        for one in compared
    ]
    return drawn(columns, rows, terminal=sys.stdout.isatty())
