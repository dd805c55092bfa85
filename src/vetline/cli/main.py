"""The command line. What a command needs is imported when it runs, so that `--help` and completion answer at once."""

import sys

import typer

from vetline.cli.bulk.command import bulk
from vetline.cli.codes import codes
from vetline.cli.copying import copying
from vetline.cli.customers import customers
from vetline.cli.failing import guarded
from vetline.cli.login import signing
from vetline.cli.options import examples
from vetline.cli.qualifications import qualifications
from vetline.cli.review import review
from vetline.cli.sandbox import sandboxes
from vetline.cli.service import service

app = typer.Typer(
    name="vetline",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=examples(
        "vetline sandbox                                          # a whole service on this machine",
        "vetline customers list --profile sandbox                 # no login needed for a sandbox",
        "vetline login --tenant TENANT --client-id APP            # sign in to Partner Center",
        "vetline qualifications set CUSTOMER Education --segment K12 --wait",
        "vetline qualifications get CUSTOMER --output json",
    ),
)


@app.callback()
def vetline() -> None:
    """Customers' qualifications of the Partner Center API: a client, a bulk tool, a sandbox and the service itself.

    Data goes to stdout, everything else to stderr. docs/cli.md explains profiles, output and exit codes.
    """


for commands in (qualifications, customers, codes, bulk, review, signing, sandboxes, service, copying):
    app.add_typer(commands)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A company's name must not stop a command at a terminal that cannot show it.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(guarded(lambda: app(prog_name="vetline")))
