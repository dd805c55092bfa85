"""`vetline codes`: the partner's GCC validation codes."""

from vetline.cli.options import OutputOption, ProfileOption, examples, group
from vetline.cli.output import Format, show_many

codes = group("codes", "The partner's GCC validation codes.")


@codes.command("list", epilog=examples("vetline codes list", "vetline codes list --output json"))
def list_(profile: ProfileOption = None, output: OutputOption = Format.TABLE) -> None:
    """List the codes, with how many customers each can still qualify."""
    from vetline.cli.records import CODE, code_record
    from vetline.cli.session import open_client

    with open_client(profile) as client:
        found = client.validations.get_validation_codes()
    show_many(map(code_record, found), CODE, output, "You have no validation codes.")


@codes.callback()
def _group() -> None:
    """The partner's GCC validation codes."""
