"""Which addresses may be called: public ones, and networks that a setting names; no way into the operator's own."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_NAT64: Final = IPv6Network("64:ff9b::/96")
_REFUSED: Final = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",  # what was once compatible with IPv4
        "64:ff9b:1::/48",  # local NAT64
        "100::/64",
        "2001::/32",  # Teredo: leads to a v4 address of the caller's choice
        "2001:db8::/32",
        "2002::/16",  # 6to4: the same
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)
"""Besides what the interpreter's tables call private, loopback, link-local, multicast, reserved or unspecified."""


def may_call(text: str, *, allowed: Sequence[Network] = ()) -> bool:
    """Say whether an address may be called: it is public, or in a network that is allowed.

    An address of IPv6 that leads to one of IPv4 (mapped, NAT64) is judged by that one.
    """
    try:
        address = _meant(ip_address(text.partition("%")[0]))
    except ValueError:
        return False
    if any(address in network for network in allowed):
        return True
    if any(address in network for network in _REFUSED):
        return False
    strange = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    return address.is_global and not strange


def _meant(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a list with commas, such as ``127.0.0.0/8,::1/128``; of an empty one none.

    Raises:
        ValueError: one is no network.
    """
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
