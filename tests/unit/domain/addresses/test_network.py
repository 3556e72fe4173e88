"""What limits count: one household is one subject, however many addresses it has and however they are spelt."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.addresses.network import UNKNOWN, Network, network_of, parse_address, plain_address

LOW_BITS = st.integers(min_value=0, max_value=2**64 - 1)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.7", Network("192.0.2.7")),
        ("::ffff:192.0.2.7", Network("192.0.2.7")),
        ("::FFFF:c000:207", Network("192.0.2.7")),
        ("64:ff9b::c000:207", Network("192.0.2.7")),
        ("64:ff9b::ffff:ffff", Network("255.255.255.255")),
        ("2001:db8:9:1::5", Network("2001:db8:9:1::/64", "2001:db8:9::/48")),
        ("2001:0DB8:0009:0001:ffff:0:0:5", Network("2001:db8:9:1::/64", "2001:db8:9::/48")),
        ("fe80::1%eth0", Network("fe80::/64", "fe80::/48")),
    ],
)
def test_a_network_is_what_one_person_can_have(text: str, network: Network) -> None:
    assert network_of(text) == network


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unknown",
        "_hidden",
        "192.0.2",
        "192.0.2.256",
        "192.0.02.7",
        "192.0.2.7:80",
        "[::1]",
        "::1::",
        "1" * 200,
        "測",
        "192.0.2.7, 10.0.0.1",
    ],
)
def test_whatever_is_no_address_shares_one_subject(text: str) -> None:
    assert network_of(text) == Network(UNKNOWN)
    assert plain_address(text) == UNKNOWN


@given(st.integers(min_value=0, max_value=2**64 - 1), LOW_BITS, LOW_BITS)
def test_all_addresses_of_one_64_are_one_subject(prefix: int, one: int, other: int) -> None:
    low, high = (str(IPv6Address(prefix << 64 | rest)) for rest in (one, other))
    if any(isinstance(parse_address(text), IPv4Address) for text in (low, high)):
        return
    assert network_of(low) == network_of(high)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_ipv6_is_that_address(address: IPv4Address) -> None:
    assert network_of(f"::ffff:{address}") == network_of(str(address)) == Network(str(address))
