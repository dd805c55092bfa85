"""From hostile free text to the host that a browser would open, without judging the host.

The steps follow the URL standard's host parsing (https://url.spec.whatwg.org/#url-parsing) with two differences: what
a browser silently mends leaves a warning here, and what only an attack would write is refused. No regular expression,
every step linear, the input capped first.
"""

import unicodedata
from dataclasses import dataclass

MAX_TEXT = 2048
WEB_PORTS = frozenset({"", "80", "443"})
# Format, control, surrogate, private-use and unassigned characters: nothing that a name can be made of.
INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class NotADomain:
    """Why a text names no domain.

    Parameters:
        why: the end of the sentence "The text ...".
    """

    why: str


@dataclass(frozen=True, slots=True)
class RawHost:
    """The part of the text that names the host; not yet known to be a domain.

    Parameters:
        text: as written, possibly not ASCII.
        warnings: each the end of the sentence "The text ...".
    """

    text: str
    warnings: tuple[str, ...]


def find_host(text: str) -> RawHost | NotADomain:
    """Find the host in what a person, or an attacker, wrote as a website.

    Parameters:
        text: anything.

    Returns:
        The host with what is odd about the text, or why there is none.
    """
    if len(text) > MAX_TEXT:
        return NotADomain(f"is longer than {MAX_TEXT:,} characters")
    if not text.strip():
        return NotADomain("is empty")
    warnings: list[str] = []
    visible = _drop_invisible(text.strip(), warnings)
    rest = _drop_scheme(_turn_backslashes(visible, warnings), warnings)
    authority = _authority(rest)
    return _host(_drop_userinfo(authority, warnings), warnings)


def _drop_invisible(text: str, warnings: list[str]) -> str:
    visible = "".join(character for character in text if unicodedata.category(character) not in INVISIBLE)
    if visible != text:
        warnings.append("holds invisible or control characters")
    return visible


def _turn_backslashes(text: str, warnings: list[str]) -> str:
    if "\\" in text:
        warnings.append("holds a backslash, which browsers read as a slash")
    return text.replace("\\", "/")


def _drop_scheme(text: str, warnings: list[str]) -> str:
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    web = scheme in {"http", "https"}
    if not colon or not (web or (rest.startswith("//") and _is_scheme(scheme))):
        return text.lstrip("/")
    if not web:
        warnings.append(f"has the scheme {scheme[:20]}, not https")
    elif len(rest) - len(rest.lstrip("/")) != 2:
        warnings.append("has not exactly two slashes after its scheme")
    return rest.lstrip("/")


def _is_scheme(text: str) -> bool:
    return text.isascii() and text.replace("+", "").replace("-", "").replace(".", "").isalnum()


def _authority(text: str) -> str:
    end = min((at for mark in "/?#" if (at := text.find(mark)) >= 0), default=len(text))
    return text[:end]


def _drop_userinfo(authority: str, warnings: list[str]) -> str:
    before, at, host = authority.rpartition("@")
    if at:
        warnings.append(f"hides the host behind {before[:60]!r} and an @")
    return host


def _host(text: str, warnings: list[str]) -> RawHost | NotADomain:
    if "[" in text or "]" in text:
        return NotADomain("names an IP address")
    host, colon, port = text.partition(":")
    if colon and not (port == "" or (port.isascii() and port.isdigit() and len(port) <= 5)):
        return NotADomain("has something other than a port after a colon")
    if port not in WEB_PORTS:
        warnings.append(f"names the unusual port {port}")
    if "%" in host or any(character.isspace() for character in host):
        return NotADomain("has a host with blanks or percent signs")
    host = host.removesuffix(".")
    return RawHost(host, tuple(warnings)) if host else NotADomain("names no host")
