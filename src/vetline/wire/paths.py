"""Paths as clients really send them: any case, doubled slashes, a doubled /v1, GUIDs in braces."""

import re

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


def segments_of(path: str) -> list[str]:
    """Return a path's segments, lower-case, without empty ones and with a repeated ``v1`` said once.

    The Java client builds next-page addresses as ``/v1/`` + the link, others always prefix ``/v1``:
    https://github.com/microsoft/Partner-Center-Java, https://github.com/microsoft/partner-center-sdk-for-dotNET
    """
    found = path.lower().strip("/").split("/")
    if "" in found:
        found = [segment for segment in found if segment]
    while found[1:2] == ["v1"] and found[0] == "v1":
        del found[0]
    return found


def guid_of(text: str) -> str | None:
    """Return a GUID in lower case, its braces taken off; `None` when the text is none.

    The PowerShell module accepts and forwards ``{guid}``: https://github.com/microsoft/Partner-Center-PowerShell
    """
    if _GUID.fullmatch(text):  # as nearly every client writes it
        return text
    bare = (text[1:-1] if text.startswith("{") and text.endswith("}") else text).lower()
    return bare if _GUID.fullmatch(bare) else None
