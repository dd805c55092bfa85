"""The main job on embedded SQLite: real institutions are submitted, vetted, reviewed, and read back.

Run it with `make demo`. It does its work through `vetline`, as anybody would, against a real `vetline sandbox` process.
What it leaves can be looked at in the pages: at a terminal it waits for that, else the folder .demo keeps everything.
"""

import csv
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from vetline import PartnerCenter
from vetline.sdk.models.cases import Case
from vetline.sdk.models.customers import Address, NewCustomer

CUSTOMERS = Path(__file__).with_name("customers.csv")
KEPT = Path(__file__).parent.parent / ".demo"  # the sandbox's data, for a look at the pages afterwards
CONTOSO = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"  # the partner of every sandbox
GCC_CODE = "12345"
SCREENING_LOOKS = 60
NO_DECISION_YET = 7  # the exit code of a wait whose time is over: docs/cli.md

# What the reviewer does with two of the waiting cases: docs/states.md numbers the reasons.
DECISIONS = (
    ("Xiamen University", "approve", ("--note", "A public university, listed in the national register.")),
    ("Siemens AG", "deny", ("--reason", "1", "--note", "A company; it teaches nobody.")),
)
OUTCOMES = {
    "approved": ("green", "approved"),
    "denied": ("red", "denied"),
    "in_review": ("yellow", "still in review"),
    "held": ("green", "held at once"),
}
DECIDERS = {"triage": "the data", "reviewer": "a person"}

console = Console(width=None if sys.stdout.isatty() else 132)
Row = dict[str, str]


@dataclass
class Told:
    """One customer: who it is, what became of its request, who decided, and why."""

    name: str
    qualification: str
    outcome: str
    decided_by: str
    why: str


class Vetline:
    """The command line, with a sandbox's people.

    Parameters:
        base: where the sandbox answers.
        folder: where files are.
    """

    def __init__(self, base: str, folder: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "VETLINE_BASE_URL": base, "VETLINE_PROFILE": "sandbox"}

    def show(self, *arguments: str, fine: tuple[int, ...] = (0,)) -> None:
        """Run a command for all to see; the demonstration ends when it fails."""
        console.print(f"[bold]$ vetline {shlex.join(arguments)}[/]", highlight=False, soft_wrap=True)
        done = subprocess.run(self._command(arguments), cwd=self._folder, env=self._environment, check=False)
        if done.returncode not in fine:
            raise SystemExit(f"vetline {arguments[0]} ended with exit code {done.returncode}.")
        console.print()

    def read(self, *arguments: str) -> str:
        """Return what a command prints."""
        done = subprocess.run(
            self._command(arguments), cwd=self._folder, env=self._environment, check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode().strip()

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "vetline", *arguments]


def main() -> int:
    """Run the demonstration; return 0 when every step did what it should."""
    with CUSTOMERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shutil.rmtree(KEPT, ignore_errors=True)
    with sandbox() as base, tempfile.TemporaryDirectory(prefix="vetline-demo-") as folder:
        console.print(f"A sandbox runs at {base}: the whole service in one process, on embedded SQLite.")
        vetline = Vetline(base, Path(folder))
        names = prepare(base, vetline.read("token"), rows, Path(folder, "customers.csv"))
        submit(vetline)
        review(vetline)
        told = explain(base, vetline.read("token", "--reviewer"), names, Path(folder, "results.csv"))
        console.print(outcomes_table(told))
        summary(told)
        show_pages(base)
    return 0 if len({one.outcome for one in told}) >= 3 else 1


@contextmanager
def sandbox() -> Iterator[str]:
    """Run `vetline sandbox` on a free port and yield its address."""
    command = [sys.executable, "-m", "vetline", "sandbox", "--port", "0", "--data", str(KEPT), "--log-level", "warning"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("ready "):
            raise SystemExit("The sandbox did not start; its message is above.")
        yield line.split()[1]
    finally:
        process.terminate()
        process.wait(15)


def prepare(base: str, token: str, rows: list[Row], file: Path) -> dict[str, str]:
    """Make the institutions Contoso's customers, write a CSV that asks for each, and return their names by id."""
    names = {}
    with PartnerCenter(token, base_url=base) as partner, file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(("customer_id", "qualification", "education_segment", "website", "validation_code"))
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            for row in progress.track(rows, description="Creating customers"):
                customer = partner.customers.create(new_customer(row))
                code = GCC_CODE if row["qualification"] == "GovernmentCommunityCloud" else ""
                writer.writerow((customer.id, row["qualification"], row["education_segment"], row["website"], code))
                names[customer.id] = row["company_name"]
    console.print(f"{len(names)} real institutions are customers of Contoso now; customers.csv asks for each.\n")
    return names


def new_customer(row: Row) -> NewCustomer:
    """Return a row's customer."""
    address = Address(
        country=row["country"],
        state=row["region"],
        city=row["city"],
        address_line1=row["address_line"],
        postal_code=row["postal_code"],
    )
    return NewCustomer(
        domain=row["domain"], company_name=row["company_name"], email=row["email"], address=address, culture="en-US"
    )


def submit(vetline: Vetline) -> None:
    """Check the file, submit it, and wait for what the data can decide."""
    bulk = ("bulk", "submit", "customers.csv", "--results", "results.csv")
    vetline.show(*bulk, "--dry-run")
    vetline.show(*bulk, "--wait", "--wait-timeout", "3", fine=(0, NO_DECISION_YET))


def review(vetline: Vetline) -> None:
    """Let a reviewer approve one waiting case and deny another, and read the decisions as the partner."""
    waiting = screened(vetline)
    console.print(f"{len(waiting)} cases wait for a person. A reviewer settles two of them:\n")
    for name, decision, arguments in DECISIONS:
        case = next(case for case in waiting if case["company_name"] == name)
        vetline.show("review", decision, case["customer_id"], case["qualification"], *arguments)
    again = ("bulk", "submit", "customers.csv", "--results", "results.csv", "--resume")
    vetline.show(*again, "--wait", "--wait-timeout", "1", fine=(0, NO_DECISION_YET))


def screened(vetline: Vetline) -> list[dict[str, Any]]:
    """Return the cases that wait for a person; on a slow machine the data is not through with all of them yet."""
    for _ in range(SCREENING_LOOKS):
        waiting: list[dict[str, Any]] = json.loads(vetline.read("review", "queue", "--all", "--output", "json"))
        if {name for name, _, _ in DECISIONS} <= {case["company_name"] for case in waiting}:
            return waiting
        time.sleep(1)
    raise SystemExit(f"The screening did not finish within {SCREENING_LOOKS} seconds.")


def explain(base: str, token: str, names: dict[str, str], results: Path) -> list[Told]:
    """Read the results, and look up on the review desk who decided each case, and why."""
    with PartnerCenter(token, base_url=base) as desk, results.open(encoding="utf-8", newline="") as file:
        return [told(desk, names, row) for row in csv.DictReader(file)]


def told(desk: PartnerCenter, names: dict[str, str], row: Row) -> Told:
    """Return what there is to tell about one row of the results."""
    case = desk.review.case(CONTOSO, row["customer_id"], row["qualification"])
    actor = case.history[-1].actor.partition(":")[0]
    decider = "nobody yet" if row["outcome"] == "in_review" else DECIDERS.get(actor, "at once")
    why = row["vetting_reason"] or reason_for(case)
    return Told(names[row["customer_id"]], row["qualification"], row["outcome"], decider, why)


def reason_for(case: Case) -> str:
    """Return why a case stands where it does, in the words of whoever decided it."""
    last = case.history[-1]
    if last.step == "redeem":
        return f"The GCC code {GCC_CODE} is valid; one creation less is left."
    if last.step == "hold":
        return "The partner states it; it is not vetted."
    if last.note or case.finding is None:
        return last.note
    seen = {fact.rule: fact.saw for fact in reversed(case.finding.evidence)}
    return seen.get(case.finding.rule, case.finding.explanation)


def outcomes_table(told: list[Told]) -> Table:
    """Return the table of outcomes, grouped by outcome."""
    table = Table(expand=False)
    for name in ("Customer", "Asked for", "Outcome", "Decided by"):
        table.add_column(name, overflow="fold")
    table.add_column("Reason, or what was seen", overflow="fold", max_width=58)
    for one in sorted(told, key=lambda one: (list(OUTCOMES).index(one.outcome), one.name)):
        style, words = OUTCOMES[one.outcome]
        table.add_row(one.name, short(one.qualification), f"[{style}]{words}[/]", one.decided_by, one.why)
    return table


def short(qualification: str) -> str:
    """Return a qualification as the table shows it."""
    return {"GovernmentCommunityCloud": "GCC", "StateOwnedEntity": "State-owned"}.get(qualification, qualification)


def summary(told: list[Told]) -> None:
    """Print how many customers ended where."""
    counts = Counter(one.outcome for one in told)
    text = ", ".join(f"{counts[outcome]} {words}" for outcome, (_, words) in OUTCOMES.items() if counts[outcome])
    console.print(f"\n{len(told)} customers: {text}.")
    console.print()


def show_pages(base: str) -> None:
    """Say where the pages are, and let whoever is there look at them."""
    watched = sys.stdin.isatty() and sys.stdout.isatty()
    address = base if watched else "http://127.0.0.1:8080"
    console.print(f"[bold]The pages: {address}/console/[/]", highlight=False)
    console.print("Sign in as ada@contoso.onmicrosoft.com to look up a customer and ask for a qualification,")
    console.print(
        "or as rae@review.vetline.example to decide what waits. No password is asked for: nothing here is real."
    )
    if not watched:
        console.print("They answer as soon as this is started: .venv/bin/vetline sandbox --data .demo", highlight=False)
        return
    console.print("This sandbox runs until you press Ctrl-C.")
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
