"""A service with pages as operators run it, whose issuer is a sandbox."""

from pathlib import Path

from tests.support.processes import CONTOSO, Sandbox

OPERATOR = "5c9e7d3a-2b64-4f1e-9a7c-1d8e4b6f0a93"
CLIENT = "0e7d0003-7f40-4d91-9053-9c8e6fa12d31"
SECRET = "thirty-two-characters-and-some-more"


def console_settings(issuer: Sandbox, url: str, database: Path) -> dict[str, str]:
    """Return the settings of a service with pages.

    Parameters:
        issuer: where people sign in.
        url: the pages' address.
        database: where its data are.
    """
    return {
        "VETLINE_DATABASE_URL": f"sqlite:///{database}",
        "VETLINE_ISSUERS": f"{issuer.base}/{{tenantid}}/",
        "VETLINE_JWKS_URL": f"{issuer.base}/common/discovery/keys",
        "VETLINE_TENANTS": CONTOSO.upper(),
        "VETLINE_OPERATOR_TENANTS": OPERATOR,
        "VETLINE_CONSOLE_URL": url,
        "VETLINE_CONSOLE_AUTHORITY": f"{issuer.base}/organizations/v2.0",
        "VETLINE_CONSOLE_CLIENT_ID": CLIENT,
        "VETLINE_CONSOLE_SECRET": SECRET,
    }
