"""A sandbox's access token as text, for `vetline token` and for scripts: somebody's, of any partner."""

import ssl
from pathlib import Path

from vetline.cli.failing import ABOUT_TRUST, CliError
from vetline.cli.sandboxes import SandboxPerson
from vetline.cli.signing_in import token_of


def token_from(base_url: str, partner: str, *, app_only: bool, reviewer: bool, ca_file: Path | None = None) -> str:
    """Return an access token.

    Parameters:
        base_url: where the sandbox answers.
        partner: the beginning of the partner's name, in any case.
        app_only: for the application alone.
        reviewer: for a reviewer instead.
        ca_file: the certificate authority to trust; `None` for those that the machine trusts.

    Raises:
        CliError: there is no sandbox or it is not trusted, or it has no such partner.
    """
    person = SandboxPerson(base_url, partner, app_only=app_only, reviewer=reviewer)
    return token_of(person, _trusted(ca_file)).token


def _trusted(ca_file: Path | None) -> ssl.SSLContext | bool:
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # an SSLError is one too
        raise CliError(f"{ca_file} holds no certificate that can be read ({error}). {ABOUT_TRUST}") from error
