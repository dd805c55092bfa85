"""`vetline customers`: the partner's customers."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vetline.cli.failing import CliError
from vetline.cli.options import CustomerArgument, OutputOption, ProfileOption, examples, group
from vetline.cli.output import Format, note, show_many, show_one

if TYPE_CHECKING:
    from vetline.sdk.models.customers import CustomerFilter, NewCustomer

customers = group("customers", "The partner's customers.")


@customers.command(
    "list",
    epilog=examples(
        "vetline customers list",
        "vetline customers list --filter-name Contoso --output csv > customers.csv",
        "vetline customers list --output jsonl | jq -r .customer_id",
    ),
)
def list_(
    size: Annotated[int | None, typer.Option(help="How many are fetched at a time.", min=1)] = None,
    filter_name: Annotated[str, typer.Option(help="Only those whose name begins so.", metavar="TEXT")] = "",
    filter_domain: Annotated[
        str, typer.Option("--filter-domain", "--domain", help="Only those whose domain begins so.", metavar="TEXT")
    ] = "",
    profile: ProfileOption = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """List the customers. JSON, JSON lines and CSV are written while they are fetched."""
    from vetline.cli.records import CUSTOMER, customer_record
    from vetline.cli.session import open_client

    wanted = _filter(filter_name, filter_domain)
    with open_client(profile) as client:
        found = client.customers.list(size, wanted)
        show_many(map(customer_record, found), CUSTOMER, output, "There is no such customer.")


def _filter(name: str, domain: str) -> "CustomerFilter | None":
    from vetline.sdk.models.customers import CustomerFilter

    if name and domain:
        raise CliError("Filter by name or by domain: the service takes one filter.")
    if name:
        return CustomerFilter("CompanyName", name)
    return CustomerFilter("Domain", domain) if domain else None


@customers.command("get", epilog=examples("vetline customers get 11111111-c0c0-4000-8000-000000000001 --output json"))
def get(customer: CustomerArgument, profile: ProfileOption = None, output: OutputOption = Format.TABLE) -> None:
    """Show one customer with its profiles."""
    from vetline.cli.records import whole_customer
    from vetline.cli.session import open_client

    with open_client(profile) as client:
        found = client.customers.get(customer)
    show_one(whole_customer(found), output)


@customers.command(
    "create",
    epilog=examples(
        "vetline customers create --domain lakeside.onmicrosoft.com --company-name 'Lakeside College' "
        "--email it@lakeside.example",
        "    --country US --state WA --city Seattle --address-line1 '1 Lake Way' --postal-code 98101",
        "vetline customers create --from-json customer.json",
    ),
)
def create(
    domain: Annotated[str, typer.Option(help="The primary domain; it cannot be changed later.")] = "",
    company_name: Annotated[str, typer.Option(help="The legal name.")] = "",
    email: Annotated[str, typer.Option(help="Of the billing contact.")] = "",
    country: Annotated[str, typer.Option(help="The two-letter ISO code.")] = "",
    address_line1: Annotated[str, typer.Option(help="Street and number.")] = "",
    city: Annotated[str, typer.Option(help="The city.")] = "",
    state: Annotated[str, typer.Option(help="The state or province, where the country has them.")] = "",
    postal_code: Annotated[str, typer.Option(help="The postal code.")] = "",
    phone_number: Annotated[str, typer.Option(help="With the country's code.")] = "",
    first_name: Annotated[str, typer.Option(help="The billing contact's.")] = "",
    last_name: Annotated[str, typer.Option(help="The billing contact's.")] = "",
    culture: Annotated[str, typer.Option(help="Such as en-US.")] = "en-US",
    language: Annotated[str, typer.Option(help="Such as en.")] = "en",
    from_json: Annotated[
        str, typer.Option(help="Instead of the options: a file in the API's own form; `-` is stdin.", metavar="FILE")
    ] = "",
    profile: ProfileOption = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """Create a customer and show it, with the first administrator's password, which is never told again."""
    from vetline.cli.records import whole_customer
    from vetline.cli.session import open_client
    from vetline.sdk.models.customers import Address, NewCustomer

    needed = {"--domain": domain, "--company-name": company_name, "--email": email, "--country": country}
    address = Address(
        country=country,
        address_line1=address_line1,
        city=city,
        state=state,
        postal_code=postal_code,
        phone_number=phone_number,
    )
    given = NewCustomer(
        domain=domain,
        company_name=company_name,
        email=email,
        address=address,
        culture=culture,
        language=language,
        first_name=first_name,
        last_name=last_name,
    )
    wanted = _chosen(given, needed, from_json)
    with open_client(profile) as client:
        found = client.customers.create(wanted)
    show_one(whole_customer(found), output)


def _chosen(given: "NewCustomer", needed: dict[str, str], from_json: str) -> "NewCustomer | dict[str, Any]":
    if from_json:
        if any(needed.values()):
            raise CliError("Describe the customer with --from-json or with the options, not with both.")
        return _document(from_json)
    missing = [option for option, value in needed.items() if not value]
    if missing:
        raise CliError(f"Give also {', '.join(missing)}; or --from-json FILE.")
    return given


def _document(name: str) -> dict[str, Any]:
    import msgspec

    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        found = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise CliError(f"{name} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise CliError(f"{name} is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise CliError(f"{name} must hold one JSON object, with companyProfile and billingProfile.")
    return found


@customers.command("delete", epilog=examples("vetline customers delete 11111111-c0c0-4000-8000-000000000001 --yes"))
def delete(
    customer: CustomerArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    profile: ProfileOption = None,
) -> None:
    """Delete a customer with everything that belongs to it. Only a sandbox allows it."""
    from vetline.cli.session import open_client

    with open_client(profile) as client:
        if not yes and not _confirmed(customer):
            note("vetline: nothing was deleted.")
            raise typer.Exit(1)
        client.customers.delete(customer)
    note(f"Deleted {customer}.")


def _confirmed(customer: str) -> bool:
    if not sys.stdin.isatty():
        raise CliError("Nobody is there to ask: give --yes to delete.")
    return typer.confirm(f"Delete {customer} with everything that belongs to it?", err=True)
