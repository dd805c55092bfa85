"""`vetline login`, `logout` and `profiles`: as whom the other commands act."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vetline.cli import completing, exits
from vetline.cli.failing import CliError
from vetline.cli.options import OutputOption, examples
from vetline.cli.output import Format, note, show_many

if TYPE_CHECKING:
    from vetline.cli.profiles import Profile

signing = typer.Typer(rich_markup_mode=None)

_PANEL = "Signing in"
_COLUMNS = ("name", "service", "authority", "tenant", "client_id", "credential", "kept_in")

NameOption = Annotated[
    str,
    typer.Option(
        "--profile",
        help="The profile's name; without it the only one there is, or `default`.",
        metavar="NAME",
        autocompletion=completing.profiles,
        show_default=False,
    ),
]


@signing.command(
    epilog=examples(
        "vetline login --tenant contoso.onmicrosoft.com --client-id 00000000-0000-0000-0000-000000000000",
        "pass show partner-center | vetline login --profile ci --tenant TENANT --client-id APP --client-secret-stdin",
        "vetline login --profile own --base-url https://vetline.example --tenant TENANT --client-id APP",
    ),
)
def login(
    profile: NameOption = "",
    tenant: Annotated[str, typer.Option(help="Your partner tenant: its ID or its domain.")] = "",
    client_id: Annotated[str, typer.Option(help="The ID of your application's registration.")] = "",
    cloud: Annotated[
        str,
        typer.Option(help="global, china or us-gov.", autocompletion=completing.clouds, show_default="global"),
    ] = "",
    base_url: Annotated[str, typer.Option(help="Another service than Partner Center, such as your own Vetline.")] = "",
    authority: Annotated[str, typer.Option(help="Who signs in, where it is not the cloud's Microsoft Entra ID.")] = "",
    client_secret_stdin: Annotated[
        bool,
        typer.Option(
            "--client-secret-stdin", help="Sign an application in; its secret comes from stdin, or is asked for."
        ),
    ] = False,
    device_code: Annotated[
        bool, typer.Option("--device-code", help="Sign a person in, with a code on another page (the default).")
    ] = False,
) -> None:
    """Sign in, and keep it as a profile. A person can do everything, an application alone can only read.

    What is not given comes from the profile of that name, so that `vetline login` alone renews a login. The secret or
    the refresh token goes into the system's keyring, or, where there is none, into a file for your eyes alone.
    """
    from vetline.cli.profiles import check_name
    from vetline.cli.signing_in import sign_in_by_device, sign_in_with_secret

    if client_secret_stdin and device_code:
        raise CliError("Choose --client-secret-stdin or --device-code.")
    name = check_name(profile or _usual_name())
    kind = "client-secret" if client_secret_stdin else "device-code" if device_code else ""
    wanted = _described(name, tenant, client_id, cloud, base_url, authority, kind)
    if wanted.credential == "client-secret":
        sentence = sign_in_with_secret(name, wanted, _secret())
    else:
        sentence = sign_in_by_device(name, wanted)
    note(f"Signed in to {wanted.address}; the profile is '{name}'. {sentence}")


def _usual_name() -> str:
    from vetline.cli.profiles import all_profiles

    found = list(all_profiles())
    return found[0] if len(found) == 1 else "default"


def _described(
    name: str, tenant: str, client_id: str, cloud: str, base_url: str, authority: str, kind: str
) -> "Profile":
    """Return the profile that the options describe; what they leave out is as it was."""
    import msgspec

    from vetline.cli.profiles import Profile, all_profiles

    before = all_profiles().get(name)
    kept = msgspec.to_builtins(before) if before else {}
    given = {
        "tenant": tenant,
        "client_id": client_id,
        "cloud": cloud,
        "base_url": base_url.rstrip("/"),
        "authority": authority.rstrip("/"),
        "credential": kind,
    }
    described = {"credential": "device-code", "kept_in": "file"} | kept | {k: v for k, v in given.items() if v}
    missing = [f"--{field.replace('_', '-')}" for field in ("tenant", "client_id") if not described.get(field)]
    if missing:
        raise CliError(f"Give {' and '.join(missing)}: `vetline login --help` shows how.")
    try:
        return msgspec.convert(described, Profile)
    except msgspec.ValidationError as error:
        raise CliError(f"That is no profile: {error}.") from error


def _secret() -> str:
    from getpass import getpass

    secret = getpass("Client secret (not shown): ") if sys.stdin.isatty() else sys.stdin.readline()
    if not secret.strip():
        raise CliError("No client secret came from stdin.")
    return secret.strip()


@signing.command(epilog=examples("vetline logout", "vetline logout --profile ci"))
def logout(profile: NameOption = "") -> None:
    """Forget a profile, with its secret and its token."""
    from vetline.cli.signing_in import sign_out

    name = profile or _only_name()
    sign_out(name)
    note(f"Signed out: the profile '{name}', its secret and its token are forgotten.")


def _only_name() -> str:
    from vetline.cli.profiles import all_profiles

    found = list(all_profiles())
    if not found:
        raise CliError("Nobody is signed in.", exits.LOGIN)
    if len(found) > 1:
        raise CliError(f"There are several profiles: choose with --profile: {', '.join(sorted(found))}.")
    return found[0]


@signing.command(epilog=examples("vetline profiles", "vetline profiles --output json"))
def profiles(output: OutputOption = Format.TABLE) -> None:
    """List the profiles. Secrets are never shown."""
    from vetline.cli.profiles import all_profiles

    records = [
        {
            "name": name,
            "service": one.address,
            "authority": one.signs_in_at,
            "tenant": one.tenant,
            "client_id": one.client_id,
            "credential": one.credential,
            "kept_in": one.kept_in,
        }
        for name, one in sorted(all_profiles().items())
    ]
    show_many(records, _COLUMNS, output, "Nobody is signed in: `vetline login`.")
