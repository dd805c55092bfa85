"""Which addresses may be called: a table of those that attackers write, and properties of all."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.webhooks.addresses import LOOPBACK, may_be_called, networks

REFUSED = {
    "loopback": ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"],
    "unspecified": ["0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "fc00::1", "fd12:3456::1", "fec0::1"],
    "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0"],
    "metadata": ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"],
    "shared": ["100.64.0.1", "192.0.0.1", "198.18.0.1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"],
    "many": ["224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "ff02::1"],
    "carried": [
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",  # NAT64 of 10.0.0.1
        "64:ff9b:1::a9fe:a9fe",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "2002:a9fe:a9fe::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo to 192.0.2.45
        "::127.0.0.1",
        "::10.0.0.1",
    ],
    "no address": ["", "localhost", "1.2.3", "0x7f.1", "2130706433", "1.2.3.4.5", "::1::", "[::1]"],
}
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "20.190.128.1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REFUSED.items() for text in texts])
def test_what_is_not_the_internet_is_refused(kind: str, text: str) -> None:
    """However it is written, and whatever carries it."""
    assert not may_be_called(text), kind


@pytest.mark.parametrize("text", PUBLIC)
def test_the_internet_may_be_called(text: str) -> None:
    """That is what webhooks are for."""
    assert may_be_called(text)


def test_operator_may_allow_more() -> None:
    """What it names, and nothing beside it."""
    allowed = networks(["10.1.0.0/16", "fd00::/8", "192.168.7.7"])
    assert [may_be_called(one, allowed) for one in ("10.1.2.3", "fd12::1", "192.168.7.7", "::ffff:10.1.2.3")] == [
        True
    ] * 4
    assert [may_be_called(one, allowed) for one in ("10.2.0.1", "192.168.7.8", "127.0.0.1", "::1")] == [False] * 4
    assert [may_be_called(one, LOOPBACK) for one in ("127.0.0.1", "::1", "10.0.0.1")] == [True, True, False]


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10.1.2.3/8", "intranet", ""])
def test_a_network_that_is_none_is_refused(text: str) -> None:
    """A slip of the pen allows nothing by chance."""
    with pytest.raises(ValueError, match=r"."):
        networks([text])


@given(st.ip_addresses(v=4))
def test_carrying_makes_no_difference(address: IPv4Address) -> None:
    """An IPv6 address that carries an IPv4 address may be called when that may be called."""
    bits = int(address)
    carriers = [0xFFFF << 32 | bits, 0x64FF9B << 96 | bits, 0x2002 << 112 | bits << 80]
    for carrier in carriers:
        assert may_be_called(str(IPv6Address(carrier))) == may_be_called(str(address))


@given(st.ip_addresses())
def test_what_python_calls_private_is_refused(address: IPv4Address | IPv6Address) -> None:
    """Our own judgement is only ever the stricter one."""
    if may_be_called(str(address)):
        assert ip_address(str(address)).is_global
