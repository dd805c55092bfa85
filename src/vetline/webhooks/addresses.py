"""Which addresses a stranger may have us call: those of the Internet, and those that an operator names. Pure.

What counts is the address, never how it is written: names and odd numbers are resolved first. An IPv6 address that
carries an IPv4 address is as good as that one.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOPBACK: Final[tuple[Network, ...]] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

# What the standard library of some release takes for the Internet.
_NOT_THE_INTERNET: Final[tuple[Network, ...]] = (
    # Every Azure machine's own host: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
    ip_network("168.63.129.16/32"),
    # https://www.iana.org/assignments/iana-ipv4-special-registry, .../iana-ipv6-special-registry
    ip_network("192.0.0.0/24"),
    ip_network("192.88.99.0/24"),
    ip_network("2001::/23"),
    ip_network("3fff::/20"),
)
# https://www.rfc-editor.org/rfc/rfc6052#section-2.1, https://www.rfc-editor.org/rfc/rfc8215
_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
# The oldest way to carry one, which no list calls private: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.1
_COMPATIBLE: Final = IPv6Network("::/96")
# All that was ever given out: https://www.iana.org/assignments/ipv6-address-space
_GIVEN_OUT: Final = IPv6Network("2000::/3")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return addresses and networks, such as ``10.1.2.3`` and ``10.0.0.0/8``.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(ip_network(text) for text in texts)


def may_be_called(text: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is the Internet's, or one of those that are allowed beside it."""
    try:
        address = ip_address(text)
    except ValueError:  # with a scope, as in fe80::1%eth0, it is this machine's own network
        return False
    known = tuple(allowed)
    return all(_is_public(one) or _is_in(one, known) for one in _meant(address))


def _meant(address: Address) -> Iterator[Address]:
    """Yield the address, or what it carries; one that carries two is only as good as both."""
    if isinstance(address, IPv4Address):
        yield address
        return
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ()), _last_bits(address)]
    found = [one for one in carried if one is not None]
    yield from found or [address]


def _last_bits(address: IPv6Address) -> IPv4Address | None:
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _COMPATIBLE and int(address) > 0xFFFF:  # below are :: and ::1, which are themselves
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _is_public(address: Address) -> bool:
    if _is_in(address, _NOT_THE_INTERNET) or (isinstance(address, IPv6Address) and address not in _GIVEN_OUT):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_in(address: Address, allowed: tuple[Network, ...]) -> bool:
    return any(address in network for network in allowed)
