"""`vetline review`: the desk of those who decide. Vetline's own, no part of Partner Center."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from vetline.cli import completing, exits
from vetline.cli.failing import CliError
from vetline.cli.options import (
    CustomerArgument,
    OutputOption,
    ProfileOption,
    QualificationArgument,
    examples,
    group,
    settable,
)
from vetline.cli.output import Format, note, show_many, show_one

if TYPE_CHECKING:
    from vetline import PartnerCenter
    from vetline.sdk.models.cases import Case

review = group("review", "Decide the cases that data could not decide. For reviewers of a Vetline service.")

PartnerOption = Annotated[
    str, typer.Option("--partner", help="The partner's tenant; without it the queue tells.", metavar="TENANT")
]
NoteOption = Annotated[str, typer.Option("--note", help="For the staff; it stays on the case.")]

_FIRST = 50
_MOST = 200
_ONE_CASE = "11111111-c0c0-4000-8000-000000000006 Education"


@review.command("queue", epilog=examples("vetline review queue", "vetline review queue --all --output jsonl"))
def queue(
    all_: Annotated[bool, typer.Option("--all", help="All of them, not only the first 50.")] = False,
    profile: ProfileOption = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """List the cases that wait for a person, the longest waiting first."""
    from vetline.cli.records import CASE, fields
    from vetline.cli.session import open_client

    with open_client(profile, as_reviewer=True) as client:
        if all_:
            show_many(map(fields, _waiting(client)), CASE, output, "Nothing waits for a decision.")
            return
        page = client.review.queue(_FIRST)
    show_many(map(fields, page.items), CASE, output, "Nothing waits for a decision.")
    if page.next:
        note("There are more: --all shows them.")


@review.command("show", epilog=examples(f"vetline review show {_ONE_CASE}"))
def show(
    customer: CustomerArgument,
    qualification: QualificationArgument,
    partner: PartnerOption = "",
    profile: ProfileOption = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """Show a case with its evidence and its history."""
    from vetline.cli.records import fields, without_empty
    from vetline.cli.session import open_client

    name = settable(qualification)
    with open_client(profile, as_reviewer=True) as client:
        tenant, _ = _found(client, customer, name, partner)
        case = client.review.case(tenant, customer, name)
    show_one(without_empty(fields(case)), output)


@review.command("approve", epilog=examples(f"vetline review approve {_ONE_CASE} --note 'accreditation seen'"))
def approve(
    customer: CustomerArgument,
    qualification: QualificationArgument,
    note_: NoteOption = "",
    partner: PartnerOption = "",
    profile: ProfileOption = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """Approve a case."""
    from vetline.cli.records import CASE, fields
    from vetline.cli.session import open_client

    name = settable(qualification)
    with open_client(profile, as_reviewer=True) as client:
        tenant, version = _found(client, customer, name, partner)
        case = client.review.approve(tenant, customer, name, note_, version)
    told = fields(case)
    show_one({column: told[column] for column in (*CASE, "reason")}, output)


@review.command(
    "deny",
    epilog=examples(
        f"vetline review deny {_ONE_CASE} --reason 6 --note 'a shop, not a library'",
        f"vetline review deny {_ONE_CASE} --reason 'Not an eligible Library'",
    ),
)
def deny(
    customer: CustomerArgument,
    qualification: QualificationArgument,
    reason: Annotated[
        str,
        typer.Option(
            help="One of the seven reasons, by its number or its text: 1 Not an Education Customer, 2 No longer an "
            "Education Customer (ends an approval), 3 Not an Education Customer - After Review, 4 Restricted being an "
            "Education Customer, 5 Not an Academic Domain, 6 Not an eligible Library, 7 Not an eligible Museum.",
            metavar="1-7|TEXT",
            autocompletion=completing.reasons,
        ),
    ],
    note_: NoteOption = "",
    partner: PartnerOption = "",
    profile: ProfileOption = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """Deny a case, or end an approval, with one of the seven reasons."""
    from vetline.cli.records import CASE, fields
    from vetline.cli.session import open_client

    name, text = settable(qualification), _reason(reason)
    with open_client(profile, as_reviewer=True) as client:
        tenant, version = _found(client, customer, name, partner)
        case = client.review.deny(tenant, customer, name, text, note_, version)
    told = fields(case)
    show_one({column: told[column] for column in (*CASE, "reason")}, output)


def _reason(given: str) -> str:
    from vetline.wire import words

    numbered = {str(number): text for number, text in enumerate(words.REASONS, 1)}
    found = numbered.get(given.strip()) or words.reason_named(given)
    if found is None:
        known = "; ".join(f"{number} {text}" for number, text in numbered.items())
        raise CliError(f"'{given}' is no reason. Give one of: {known}.")
    return found


def _found(client: "PartnerCenter", customer: str, name: str, partner: str) -> tuple[str, int | None]:
    """Return whose case it is, and the version that was seen.

    Raises:
        CliError: no such case waits, or several partners have one and nobody can be asked.
    """
    if partner:
        return partner, None
    cases = {one.partner_id: one for one in _waiting(client) if _is(one, customer, name)}
    if not cases:
        raise CliError(
            f"No {name} of {customer} waits in the queue. If it is decided already, say whose it is: --partner TENANT.",
            exits.NOT_FOUND,
        )
    tenant = next(iter(cases)) if len(cases) == 1 else _asked(sorted(cases))
    return tenant, cases[tenant].version


def _is(case: "Case", customer: str, name: str) -> bool:
    return case.customer_id == customer.strip().strip("{}").lower() and case.qualification == name


def _asked(partners: list[str]) -> str:
    known = ", ".join(partners)
    if not sys.stdin.isatty():
        raise CliError(f"Several partners have this case: choose with --partner: {known}.")
    answer: str = typer.prompt(f"Several partners have this case ({known}). Whose", err=True)
    if answer.strip() not in partners:
        raise CliError(f"'{answer}' is none of {known}.")
    return answer.strip()


def _waiting(client: "PartnerCenter") -> Iterator["Case"]:
    """Return every case in the queue, page by page."""
    after = ""
    while True:
        page = client.review.queue(_MOST, after)
        yield from page.items
        if page.next in ("", after):
            return
        after = page.next
