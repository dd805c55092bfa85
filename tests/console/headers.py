"""What the headers of a page's answer leave open. Pure.

Sources: https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html and
https://cheatsheetseries.owasp.org/cheatsheets/Content_Security_Policy_Cheat_Sheet.html
"""

from collections.abc import Iterator, Mapping

_EXACTLY = {
    "x-content-type-options": {"nosniff"},
    "x-frame-options": {"DENY"},
    "referrer-policy": {"no-referrer", "same-origin"},
    "cross-origin-opener-policy": {"same-origin"},
    "cross-origin-resource-policy": {"same-origin"},
}
# What a directive may name; without a directive of its own, default-src counts.
_SOURCES = {"'self'", "'none'"}
# These do not fall back to default-src: https://www.w3.org/TR/CSP3/#directive-fallback-list
_NEEDED = ("default-src", "form-action", "base-uri", "frame-ancestors")


def weaknesses(headers: Mapping[str, str], *, public: bool = False) -> list[str]:
    """Return what is missing or too wide in an answer's headers.

    Parameters:
        public: the answer holds nobody's data, so it may be kept.
    """
    return [*_policy(headers.get("content-security-policy", "")), *_others(headers), *_keeping(headers, public)]


def _policy(text: str) -> Iterator[str]:
    directives = {words[0]: words[1:] for part in text.split(";") if (words := part.split())}
    for name in _NEEDED:
        if name not in directives:
            yield f"the policy has no {name}"
    for name, sources in directives.items():
        for source in set(sources) - _SOURCES:
            yield f"the policy lets {source} be a {name}"
    if directives.get("frame-ancestors") != ["'none'"]:
        yield "somebody may frame it"


def _others(headers: Mapping[str, str]) -> Iterator[str]:
    for name, good in _EXACTLY.items():
        if headers.get(name) not in good:
            yield f"{name} is {headers.get(name)!r}"


def _keeping(headers: Mapping[str, str], public: bool) -> Iterator[str]:
    keeping = headers.get("cache-control", "")
    if not public and keeping != "no-store":
        yield f"it may be kept: {keeping!r}"
