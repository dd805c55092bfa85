"""From where certificates may be fetched. The address is the sender's choice, so it is held to exact, known hosts.

One strict pattern decides, and what it does not know it refuses: a name and password, a fragment, a query, a backslash,
letters that only look like others, a number or brackets for a host. Two parsers can then never disagree on an address.
"""

import re
from collections.abc import Collection

# The documented example's host; a storage account's name belongs to one owner only, so no other part of
# blob.core.windows.net is trusted with it.
# https://learn.microsoft.com/partner-center/developer/partner-center-webhooks#receiving-events-from-partner-center
CERTIFICATE_HOSTS = frozenset({"3psostorageacct.blob.core.windows.net"})

# Where the certificates of Microsoft's own issuers lie ("AIA" in the list to let through a firewall).
# https://learn.microsoft.com/azure/security/fundamentals/azure-ca-details
ISSUER_HOSTS = frozenset(
    {
        "cacerts.digicert.com",
        "cacerts.digicert.cn",
        "cacerts.geotrust.com",
        "caissuers.microsoft.com",
        "www.microsoft.com",
    }
)

_LONGEST = 2048
_HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_PATH = r"/(?:[a-z0-9._~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*"
_ADDRESS = re.compile(rf"(https?)://({_HOST})(?::([0-9]{{1,5}}))?(?:{_PATH})?", re.IGNORECASE | re.ASCII)
_OWN_PORT = {"https": "443", "http": "80"}


def is_allowed(url: str, hosts: Collection[str], schemes: Collection[str] = ("https",)) -> bool:
    """Whether `url` has one of the `schemes` and lies on one of the `hosts`.

    Parameters:
        url: the address, from a stranger.
        hosts: names in lower case; with a port where it is not the scheme's own, as in `localhost:8443`.
        schemes: `https`, `http` or both.
    """
    found = _ADDRESS.fullmatch(url) if len(url) <= _LONGEST else None
    if found is None or found[1].lower() not in schemes:
        return False
    port = "" if found[3] in (None, _OWN_PORT[found[1].lower()]) else f":{found[3]}"
    return f"{found[2].lower()}{port}" in hosts
