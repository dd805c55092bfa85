"""`vetline sandbox`: the whole service on this machine."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from vetline.cli.options import examples
from vetline.cli.running import ready_by, run, stop

sandboxes = typer.Typer(rich_markup_mode=None)

Port = Annotated[int, typer.Option(help="Where to listen; 0 picks a free port.", min=0, max=65535)]
Data = Annotated[Path | None, typer.Option(help="Keep everything in this folder between runs.")]
Memory = Annotated[bool, typer.Option("--memory", help="Keep nothing (the default without --data).")]
DatabaseUrl = Annotated[str, typer.Option(help="Keep the data here: sqlite:///FILE or postgresql://...")]
Vetting = Annotated[
    str,
    typer.Option(
        help="auto: the real triage, people for the rest. immediate, after:SECONDS, after-polls:N: settle every "
        "case without a person. by-hand: decide nothing."
    ),
]
Contract = Annotated[
    str,
    typer.Option(
        help="Which documents' interface it has: documented (all of them), live, sdk-3.4, docs-2020, docs-2018 or "
        "swagger."
    ),
]
Seed = Annotated[
    Path | None,
    typer.Option(help="Begin with the customers and validation codes of this .json or .csv file.", exists=True),
]
ReadyFile = Annotated[Path | None, typer.Option(help="Write the address into this file as soon as it answers.")]
Host = Annotated[
    str, typer.Option(help="The address to listen on. For a container: whoever reaches it can be anybody.")
]
UntilEof = Annotated[
    bool,
    typer.Option("--until-eof", help="End when standard input ends, as it does when whoever started it is gone."),
]
Tls = Annotated[bool, typer.Option("--tls", help="Serve HTTPS, with a certificate of the sandbox's own.")]
Faults = Annotated[Path | None, typer.Option(help="A JSON file with faults to begin with; see docs/sandbox-faults.md.")]
FaultsSeed = Annotated[
    int | None, typer.Option(help="Repeat the chance of a run: the seed that it logged.", min=0, max=2**53 - 1)
]
PartnerCenterLimits = Annotated[
    bool, typer.Option("--partner-center-limits", help="75 customers and 500 requests a minute, per partner.")
]
LogLevel = Annotated[str, typer.Option(help="debug, info, warning or error; logs go to stderr.")]


@sandboxes.command(
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
    port: Port = 8080,
    data: Data = None,
    memory: Memory = False,
    database_url: DatabaseUrl = "",
    vetting: Vetting = "auto",
    contract: Contract = "documented",
    seed: Seed = None,
    ready_file: ReadyFile = None,
    host: Host = "127.0.0.1",
    until_eof: UntilEof = False,
    tls: Tls = False,
    faults: Faults = None,
    faults_seed: FaultsSeed = None,
    partner_center_limits: PartnerCenterLimits = False,
    log_level: LogLevel = "info",
) -> None:
    """Run the whole service on this machine: seeded, with its own token issuer, for developing and testing.

    Prints `ready http://127.0.0.1:PORT` (with --tls https) when it answers. Then look at /sandbox/info for partners,
    people and secrets, and get a token with `vetline token`. It is for tests only: it lets anybody be anybody.
    """
    gc.disable()  # until it is ready: what is loaded stays, and looking for garbage in it takes a tenth of the start
    from vetline.sandbox.early import early_key

    make_key = early_key(data)
    from vetline.sandbox.run import SandboxOptions, run_sandbox
    from vetline.sandbox.steering.modes import pacing_named
    from vetline.wire.contracts import CONTRACTS

    if data and memory:
        stop("Give --data or --memory, not both.")
    try:
        pacing_named(vetting)
    except ValueError as error:
        stop(str(error))
    if contract not in CONTRACTS:
        stop(f"There is no contract '{contract}': give one of {', '.join(CONTRACTS)}.")
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
    run(run_sandbox(options, ready_by(ready_file), make_key), log_level)
