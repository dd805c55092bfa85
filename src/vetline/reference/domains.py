"""From hostile free text to one domain that can be looked up, or the reason why not.

Reading never raises and never touches the network. A warning does not stop the reading: it says that the result must
not be trusted without a person.
"""

from dataclasses import dataclass

import idna

from vetline.reference.hosts import NotADomain, RawHost, find_host
from vetline.reference.lookalikes import label_warnings
from vetline.reference.suffixes import Suffixes

__all__ = ["Domain", "NotADomain", "read_domain"]

MAX_HOST = 253


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain that exists as a form, whoever owns it.

    Parameters:
        host: lower case, ASCII (A-labels), without port or trailing dot.
        registrable: the part that someone registered.
        suffix: the registry's suffix it stands under.
        warnings: what is odd about the text, each the end of the sentence "The text ..."; empty when it is plain.
    """

    host: str
    registrable: str
    suffix: str
    warnings: tuple[str, ...] = ()


def read_domain(text: str, suffixes: Suffixes) -> Domain | NotADomain:
    """Read a website, a URL, a host or an attack.

    Parameters:
        text: anything.
        suffixes: the public suffix list.

    Returns:
        The domain, or why there is none.
    """
    raw = find_host(text)
    if isinstance(raw, NotADomain):
        return raw
    host = _to_ascii(raw.text)
    if isinstance(host, NotADomain):
        return host
    return _placed(host, raw, suffixes)


def _placed(host: str, raw: RawHost, suffixes: Suffixes) -> Domain | NotADomain:
    if _ends_in_a_number(host):
        return NotADomain("names an IP address")
    suffix = suffixes.suffix(host)
    if not suffix:
        return NotADomain("ends in no top-level domain that exists")
    registrable = suffixes.registrable(host)
    if not registrable:
        return NotADomain(f"names the public suffix {suffix}, which nobody owns")
    return Domain(host, registrable, suffix, raw.warnings + _host_warnings(host, raw.text))


def _to_ascii(text: str) -> str | NotADomain:
    """Map and encode as UTS #46 says (https://www.unicode.org/reports/tr46/); refuse what DNS could not hold."""
    if len(text) > MAX_HOST:
        return NotADomain(f"names a host longer than {MAX_HOST} characters")
    try:
        host = idna.encode(text, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return NotADomain("names a host that DNS cannot hold")
    # One trailing dot is the root and was taken off before; a second one is an empty label.
    return NotADomain("names a host that DNS cannot hold") if host.endswith(".") else host


def _host_warnings(host: str, written: str) -> tuple[str, ...]:
    swapped = not written.isascii() and "xn--" not in host
    found = ["spells plain letters with look-alike characters"] if swapped else []
    for label in host.split("."):
        if label.startswith("xn--"):
            found.extend(label_warnings(idna.decode(label)))
    return tuple(found)


def _ends_in_a_number(host: str) -> bool:
    """Tell whether browsers would read the host as an IPv4 address: https://url.spec.whatwg.org/#ends-in-a-number-checker."""
    last = host.rpartition(".")[2]
    return last.isdigit() or last.startswith("0x")
