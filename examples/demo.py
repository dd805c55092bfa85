"""The main job on embedded SQLite: real institutions are submitted, vetted, reviewed, and read back over the wire.

Run it with `make demo`. It speaks to a real `vetline sandbox` process as any client of Partner Center would.
"""

import csv
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from vetline.cli.tokens import token_from

CUSTOMERS = Path(__file__).with_name("customers.csv")
GCC_CODE = "12345"
WAIT_SECONDS = 60

# What the reviewer does with two of the waiting cases.
DECISIONS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Xiamen University", "approve", {"note": "A public university; found in the ministry's register."}),
    ("Siemens AG", "deny", {"reason": "Not an Education Customer", "note": "A company; it teaches nobody."}),
)

Row = dict[str, str]


@dataclass
class Submitted:
    """One customer on its way: the CSV's row, its id, and what became of it."""

    row: Row
    customer_id: str
    outcome: str = ""
    why: str = ""
    decided_by: str = ""


def main() -> int:
    """Run the demonstration; return 0 when every step did what it should."""
    console = Console(width=None if sys.stdout.isatty() else 132)
    with CUSTOMERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with sandbox() as base:
        console.print(f"A sandbox runs at {base}: the whole service in one process, on embedded SQLite.\n")
        with httpx2.Client(base_url=base, timeout=30) as http:
            partner = Client(http, token_from(base, "Contoso", app_only=False, reviewer=False))
            reviewer = Client(http, token_from(base, "", app_only=False, reviewer=True))
            submitted = submit_all(partner, rows, console)
            wait_for_screening(http, console)
            review_two(reviewer, console)
            read_back(partner, submitted)
            explain(reviewer, submitted)
    console.print(outcomes_table(submitted))
    summary(console, submitted)
    return 0 if len({one.outcome for one in submitted}) >= 3 else 1


class Client:
    """Calls with one token, each with an MS-RequestId of its own."""

    def __init__(self, http: httpx2.Client, token: str) -> None:
        self._http = http
        self._token = token

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Return the JSON of an answer; a fault ends the demonstration with its text."""
        headers = {"Authorization": f"Bearer {self._token}", "MS-RequestId": str(uuid.uuid4())}
        answer = self._http.request(method, path, json=body, headers=headers)
        if answer.is_error:
            raise SystemExit(f"{method} {path} answered {answer.status_code}: {answer.text}")
        return answer.json()


@contextmanager
def sandbox() -> Iterator[str]:
    """Run `vetline sandbox` on a free port and yield its address."""
    command = [sys.executable, "-m", "vetline", "sandbox", "--port", "0", "--memory", "--log-level", "warning"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("ready "):
            raise SystemExit("The sandbox did not start; its message is above.")
        yield line.split()[1]
    finally:
        process.terminate()
        process.wait(15)


def submit_all(partner: Client, rows: list[Row], console: Console) -> list[Submitted]:
    """Create each customer and ask for its qualification."""
    found = []
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        for row in progress.track(rows, description="Submitting"):
            customer = partner.call("POST", "/v1/customers", customer_body(row))
            partner.call("POST", f"/v1/customers/{customer['id']}/qualifications", qualification_body(row))
            found.append(Submitted(row, customer["id"]))
    console.print(f"Submitted {len(found)} customers over the Partner Center wire.")
    return found


def customer_body(row: Row) -> dict[str, Any]:
    """Return the body that creates a row's customer."""
    address = {
        "country": row["country"],
        "state": row["region"],
        "city": row["city"],
        "addressLine1": row["address_line"],
        "postalCode": row["postal_code"],
    }
    return {
        "companyProfile": {"domain": row["domain"], "companyName": row["company_name"], "email": row["email"]},
        "billingProfile": {
            "email": row["email"],
            "culture": "en-US",
            "language": "en",
            "companyName": row["company_name"],
            "defaultAddress": {name: text for name, text in address.items() if text},
        },
    }


def qualification_body(row: Row) -> dict[str, str]:
    """Return the body that asks for a row's qualification."""
    body = {
        "qualification": row["qualification"],
        "educationSegment": row["education_segment"],
        "website": row["website"],
        "validationCode": GCC_CODE if row["qualification"] == "GovernmentCommunityCloud" else "",
    }
    return {name: text for name, text in body.items() if text}


def wait_for_screening(http: httpx2.Client, console: Console) -> None:
    """Wait until the worker has looked at every case."""
    deadline = time.monotonic() + WAIT_SECONDS
    while 'vetline_cases_waiting{for="screening"} 0.0' not in http.get("/metrics").text:
        if time.monotonic() > deadline:
            raise SystemExit(f"The screening did not finish within {WAIT_SECONDS} seconds.")
        time.sleep(0.05)
    console.print("The screening has looked at every case.")


def read_back(partner: Client, submitted: list[Submitted]) -> None:
    """Read each customer's standing, as the partner would."""
    for one in submitted:
        (standing,) = partner.call("GET", f"/v1/customers/{one.customer_id}/qualifications")
        one.outcome = standing.get("vettingStatus", "Held")
        one.why = standing.get("vettingReason", "")


def explain(reviewer: Client, submitted: list[Submitted]) -> None:
    """Look up who decided each case, and why it waits where it does."""
    for one in submitted:
        tenant = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"  # Contoso, Inc., the partner of every sandbox
        path = f"/vetline/v1/review/cases/{tenant}/{one.customer_id}/{one.row['qualification']}"
        case = reviewer.call("GET", path)
        actor = case["history"][-1]["actor"]
        deciders = {"triage": "the data", "reviewer": "a person"}
        one.decided_by = "nobody yet" if one.outcome == "InReview" else deciders.get(actor.split(":")[0], "at once")
        one.why = one.why or why(case)


def why(case: dict[str, Any]) -> str:
    """Return why a case stands where it does, in the words of whoever decided it."""
    last = case["history"][-1]
    if last["step"] == "redeem":
        return f"The GCC code {GCC_CODE} is valid; one creation less is left."
    if last["step"] == "hold":
        return "The partner states it; it is not vetted."
    return str(last.get("note") or seen(case["finding"]))


def seen(finding: dict[str, Any]) -> str:
    """Return what the rule saw that settled the triage."""
    evidence = {fact["rule"]: fact["saw"] for fact in reversed(finding["evidence"])}
    return str(evidence.get(finding["rule"], finding["explanation"]))


def outcomes_table(submitted: list[Submitted]) -> Table:
    """Return the table of outcomes, grouped by outcome."""
    table = Table(expand=False)
    for name in ("Customer", "Asked for", "Outcome", "Decided by"):
        table.add_column(name, overflow="fold")
    table.add_column("Reason, or what was seen", overflow="fold", max_width=58)
    styles = {"Approved": "green", "Denied": "red", "InReview": "yellow", "Held": "green"}
    for one in sorted(submitted, key=lambda one: (list(styles).index(one.outcome), one.row["company_name"])):
        outcome = f"[{styles[one.outcome]}]{one.outcome}[/]"
        table.add_row(one.row["company_name"], short(one.row["qualification"]), outcome, one.decided_by, one.why)
    return table


def short(qualification: str) -> str:
    """Return a qualification as the table shows it."""
    return {"GovernmentCommunityCloud": "GCC", "StateOwnedEntity": "State-owned"}.get(qualification, qualification)


def review_two(reviewer: Client, console: Console) -> None:
    """Let a reviewer approve one waiting case and deny another."""
    waiting = reviewer.call("GET", "/vetline/v1/review/queue?size=200")["items"]
    console.print(f"{len(waiting)} cases wait for a person. A reviewer settles two of them:")
    for name, decision, body in DECISIONS:
        case = next(case for case in waiting if case["companyName"] == name)
        reviewer.call("POST", f"{case['uri']}/{decision}", body)
        console.print(f"  {decision:<8} {name}: {body['note']}")
    console.print("The partner now reads every customer's standing back over the wire:\n")


def summary(console: Console, submitted: list[Submitted]) -> None:
    """Print how many customers ended where."""
    counts = Counter(one.outcome for one in submitted)
    words = {"Approved": "approved", "Denied": "denied", "InReview": "still in review", "Held": "held at once"}
    text = ", ".join(f"{counts[outcome]} {word}" for outcome, word in words.items() if counts[outcome])
    console.print(f"\n{len(submitted)} customers: {text}.")
    console.print("Try it yourself: .venv/bin/vetline sandbox, then see README.md.")


if __name__ == "__main__":
    sys.exit(main())
