"""`vetline qualifications`: how a customer stands, asking for a qualification, waiting for the decision."""

from typing import Annotated

import typer

from vetline.cli import completing
from vetline.cli.failing import CliError
from vetline.cli.options import (
    CustomerArgument,
    OutputOption,
    ProfileOption,
    QualificationArgument,
    examples,
    group,
    segment,
    settable,
)
from vetline.cli.output import Format, show_many, show_one

qualifications = group("qualifications", "See, ask for, and await qualifications.")


@qualifications.command(
    "get",
    epilog=examples(
        "vetline qualifications get 11111111-c0c0-4000-8000-000000000001",
        "vetline qualifications get 11111111-c0c0-4000-8000-000000000001 --output json",
    ),
)
def get(customer: CustomerArgument, profile: ProfileOption = None, output: OutputOption = Format.TABLE) -> None:
    """Show how a customer stands."""
    from vetline.cli.records import QUALIFICATION, qualification_record
    from vetline.cli.session import open_client

    with open_client(profile) as client:
        found = client.customers.by_id(customer).qualification.get_qualifications()
    records = [qualification_record(customer, one) for one in found]
    show_many(records, QUALIFICATION, output, "The customer has no qualification and asked for none.")


@qualifications.command(
    "set",
    epilog=examples(
        "vetline qualifications set CUSTOMER Education --segment HigherEducation --website contoso.edu --wait",
        "vetline qualifications set CUSTOMER GovernmentCommunityCloud --code 12345",
        "vetline qualifications set CUSTOMER StateOwnedEntity",
    ),
)
def set_(
    customer: CustomerArgument,
    qualification: QualificationArgument,
    segment_: Annotated[
        str,
        typer.Option(
            "--segment",
            help="For Education: K12 or HigherEducation. Partner Center demands it.",
            metavar="SEGMENT",
            autocompletion=completing.segments,
        ),
    ] = "",
    website: Annotated[str, typer.Option(help="For Education: the institution's website; it helps the vetting.")] = "",
    code: Annotated[
        str, typer.Option("--code", help="For GovernmentCommunityCloud: a code of `vetline codes list`.")
    ] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it is decided.")] = False,
    sync: Annotated[bool, typer.Option("--sync", help="By the older, synchronous operation.")] = False,
    profile: ProfileOption = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """Ask for a qualification of a customer. Needs a signed-in user.

    Education is vetted and stays InReview for up to some days. To be denied is an outcome, not an error.
    """
    from vetline import CustomerQualificationRequest
    from vetline.cli.records import qualification_record
    from vetline.cli.session import open_client
    from vetline.cli.waiting import waited

    name = settable(qualification)
    _check_set(name, segment_, website, code, sync=sync, wait=wait)
    request = CustomerQualificationRequest(name, segment(segment_) if segment_ else None, website or None, code or None)
    with open_client(profile) as client:
        asked = client.customers.by_id(customer).qualification
        if sync:
            show_one({"customer_id": customer, "qualification": asked.update(name, code or None)}, output)
            return
        found = asked.create_qualifications(request)
        if wait and not found.is_decided:
            found = waited(client, customer, name, None, "", profile)
    show_one(qualification_record(customer, found), output)


def _check_set(name: str, segment: str, website: str, code: str, *, sync: bool, wait: bool) -> None:
    """Refuse what would be passed over without a word.

    Raises:
        CliError: options that do not go together.
    """
    if (segment or website) and name != "Education":
        raise CliError(f"--segment and --website are for Education, not for {name}.")
    if code and name != "GovernmentCommunityCloud":
        raise CliError(f"--code is for GovernmentCommunityCloud, not for {name}.")
    if sync and (segment or website or wait):
        raise CliError("The synchronous operation has no segment and no website, and never waits: leave out --sync.")


@qualifications.command(
    "wait",
    epilog=examples(
        "vetline qualifications wait 11111111-c0c0-4000-8000-000000000001 Education --timeout 3600",
        "vetline qualifications wait CUSTOMER --resume TOKEN",
    ),
)
def wait(
    customer: CustomerArgument,
    qualification: Annotated[
        str,
        typer.Argument(
            help="Which one; without it, whichever is vetted.",
            metavar="QUALIFICATION",
            autocompletion=completing.qualifications,
            show_default=False,
        ),
    ] = "",
    timeout: Annotated[
        float | None, typer.Option(help="For how long at most.", min=0, metavar="SECONDS", show_default="five days")
    ] = None,
    resume: Annotated[
        str, typer.Option(help="Continue a wait that was interrupted or ran out of time.", metavar="TOKEN")
    ] = "",
    profile: ProfileOption = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """Wait until a qualification is decided, and show the decision.

    It looks again gently, the longer it takes the less often. When the time is over (exit code 7) or Ctrl-C is pressed,
    it says how to continue.
    """
    from vetline.cli.records import qualification_record
    from vetline.cli.session import open_client
    from vetline.cli.waiting import waited

    name = settable(qualification) if qualification else ""
    with open_client(profile) as client:
        found = waited(client, customer, name, timeout, resume, profile)
    show_one(qualification_record(customer, found), output)
