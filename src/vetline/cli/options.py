"""What several commands have in common: the options for profile and output, arguments, the examples in each help."""

from typing import Annotated

import typer

from vetline.cli import completing
from vetline.cli.failing import CliError
from vetline.cli.output import Format

ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile",
        help="As whom: a profile of `vetline login`, or `sandbox`. VETLINE_PROFILE stands in for it.",
        autocompletion=completing.profiles,
        metavar="NAME",
    ),
]
OutputOption = Annotated[Format, typer.Option("--output", help="How data is written to stdout.")]
CustomerArgument = Annotated[str, typer.Argument(help="The customer's tenant ID, a GUID.", metavar="CUSTOMER")]
QualificationArgument = Annotated[
    str,
    typer.Argument(
        help="Education, GovernmentCommunityCloud or StateOwnedEntity.",
        metavar="QUALIFICATION",
        autocompletion=completing.qualifications,
    ),
]


def examples(*lines: str) -> str:
    """Return the end of a command's help: what to type."""
    shown = "\n".join(f"  {line}" for line in lines)
    return f"\b\nExamples:\n{shown}"


def group(name: str, sentence: str) -> typer.Typer:
    """Return a group of commands."""
    return typer.Typer(name=name, help=sentence, no_args_is_help=True, rich_markup_mode=None)


def settable(text: str) -> str:
    """Return the wire's name of a qualification that can be asked for, whatever its spelling.

    Raises:
        CliError: there is none of that name.
    """
    from vetline.wire import words

    name = words.qualification_named(text)
    if name not in words.SETTABLE:
        raise CliError(f"'{text}' cannot be set: give Education, GovernmentCommunityCloud or StateOwnedEntity.")
    return name


def segment(text: str) -> str:
    """Return the wire's name of an education segment, whatever its spelling.

    Raises:
        CliError: there is none of that name.
    """
    from vetline.wire import words

    name = words.segment_named(text)
    if name is None:
        raise CliError(f"'{text}' is no education segment: give {' or '.join(words.SEGMENTS)}.")
    return name
