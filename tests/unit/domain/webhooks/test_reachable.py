"""Only public addresses are called, and those of networks that the operator allows."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.webhooks.reachable import may_call, parse_networks

REFUSED = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - an address that nobody may call
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "224.0.1.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "",
    "hotel.example",
    "2130706433",
    "127.1",
]


@pytest.mark.parametrize("address", REFUSED)
def test_what_may_not_be_called(address: str) -> None:
    assert not may_call(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "223.5.5.5", "2001:4860:4860::8888", "2400:3200::1", "64:ff9b::808:808"]
)
def test_what_may(address: str) -> None:
    assert may_call(address)
    assert may_call("::ffff:8.8.8.8")


def test_a_network_that_is_allowed_is_called_whatever_it_is_and_no_other() -> None:
    allowed = parse_networks("127.0.0.0/8, ::1/128 ,10.20.0.0/16")
    assert all(may_call(one, allowed=allowed) for one in ("127.0.0.1", "::1", "10.20.3.4", "::ffff:127.0.0.1"))
    assert not any(may_call(one, allowed=allowed) for one in ("10.21.0.1", "169.254.169.254", "fd00::1"))
    assert parse_networks("") == ()
    for wrong in ("hotel.example", "10.20.0.1/16", "10.0.0.0/33"):
        with pytest.raises(ValueError, match=r"network|netmask|host bits"):
            parse_networks(wrong)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_the_interpreter_calls_inner_is_never_called(address: IPv4Address | IPv6Address) -> None:
    inner = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
    )
    assert not (inner and may_call(str(address)))


@given(st.ip_addresses(v=4))
def test_no_way_of_writing_an_inner_address_opens_it(address: IPv4Address) -> None:
    number = int(address)
    for base in ("::ffff:0:0", "64:ff9b::"):
        assert may_call(str(IPv6Address(int(ip_address(base)) + number))) == may_call(str(address))
    assert not may_call(str(IPv6Address(number)))
    assert not may_call(str(IPv6Address((0x2002 << 112) + (number << 80))))
