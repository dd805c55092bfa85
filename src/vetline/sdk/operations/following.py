"""Following a page's link. Its host never counts, and of its headers only the continuation token: the access token goes
to nobody but the service, and no answer decides what else a request says.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from vetline.sdk.checking import check_header
from vetline.sdk.errors import InvalidArgumentError, UnreadableAnswerError
from vetline.sdk.models.paging import Follow

# https://github.com/microsoft/partner-center-sdk-for-dotNET SeekBasedResourceCollection
_CONTINUATION = "ms-continuationtoken"


def path_of(follow: Follow) -> str:
    """Return the path of a link, with its query.

    Links were seen with /v1 and without: https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers

    Raises:
        UnreadableAnswerError: it leads nowhere.
    """
    try:
        parts = urlsplit(follow.uri)
    except ValueError as error:
        raise _cannot_be_followed(follow) from error
    segments = [one for one in parts.path.split("/") if one not in ("", ".", "..")]
    while segments and segments[0].lower() == "v1":
        segments.pop(0)
    path = "/".join(["/v1", *segments])
    return f"{path}?{parts.query}" if parts.query else path


def headers_of(follow: Follow) -> Mapping[str, str]:
    """Return the headers that go with a link.

    Raises:
        UnreadableAnswerError: they cannot be sent.
    """
    headers = {name: value for name, value in follow.headers.items() if name.lower() == _CONTINUATION}
    try:
        for name, value in headers.items():
            check_header(name, value)
    except InvalidArgumentError as error:
        raise _cannot_be_followed(follow) from error
    return headers


def _cannot_be_followed(follow: Follow) -> UnreadableAnswerError:
    return UnreadableAnswerError(
        f"The link to the next page cannot be followed: {follow.uri[:200]!a}", category="ResponseParsing"
    )
