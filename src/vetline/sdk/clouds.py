"""The national clouds: where each is, who signs in to it, and for whom its tokens are."""

from typing import Final

import msgspec

from vetline.sdk.errors import InvalidArgumentError


class Cloud(msgspec.Struct, frozen=True):
    """One cloud.

    Parameters:
        base_url: where its Partner Center answers.
        authority: who signs its people and applications in.
        audience: for whom tokens are; its scope is this and ``/.default``.
    """

    base_url: str
    authority: str
    audience: str

    @property
    def scope(self) -> str:
        """The scope to ask a token for."""
        return f"{self.audience}/.default"


GLOBAL: Final = Cloud(
    "https://api.partnercenter.microsoft.com",
    "https://login.microsoftonline.com",
    "https://api.partnercenter.microsoft.com",
)

# https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls (the bases),
# https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud (the authorities),
# https://learn.microsoft.com/partner-center/developer/deprecate-azure-active-directory-graph-token (the audiences)
CLOUDS: Final = {
    "global": GLOBAL,
    "us-gov": Cloud(GLOBAL.base_url, "https://login.microsoftonline.us", GLOBAL.audience),
    "china": Cloud(
        "https://partner.partnercenterapi.microsoftonline.cn",
        "https://login.partner.microsoftonline.cn",
        "https://partner.partnercenterapi.microsoftonline.cn",
    ),
}


def cloud_named(name: str) -> Cloud:
    """Return a cloud by its name.

    Raises:
        InvalidArgumentError: there is no such cloud.
    """
    if name not in CLOUDS:
        raise InvalidArgumentError(f"There is no cloud '{name}'. Give one of: {', '.join(CLOUDS)}.")
    return CLOUDS[name]
