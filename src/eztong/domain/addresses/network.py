"""Where a client comes from, as limits count it: by the network that one person can have, not by each of its addresses.

One household has one IPv4 address, but 2**64 of IPv6: whatever counted those one by one would have no limit at all.
An IPv6 client is counted by its /64 and, with more room, by its /48, which is what a site or a small provider's
customer gets (RFC 6177). An IPv4 address that travels inside IPv6 (RFC 4291 section 2.5.5.2, RFC 6052) is that IPv4
address. Whatever is no address shares one subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

UNKNOWN: Final = "unknown"
_NARROW_BITS: Final = 64
_WIDE_BITS: Final = 48
_ALL_BITS: Final = 128
_LONGEST: Final = 64
_EMBEDDED_BITS: Final = 32
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Network:
    """What is counted: ``narrow`` for each limit, and ``wide``, where there is one, for a larger one beside it."""

    narrow: str
    wide: str | None = None

    @property
    def widest(self) -> str:
        """What a budget counts that everybody shares in the end: no site has one for each of its thousands of /64."""
        return self.wide or self.narrow


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a text spells, in its plainest form; None if it spells none.

    An IPv4 address inside IPv6 is returned as IPv4, and a zone (``%eth0``) is dropped.
    """
    if len(text) > _LONGEST:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    plain = IPv6Address(int(address))
    return IPv4Address(int(plain) & (1 << _EMBEDDED_BITS) - 1) if plain in _TRANSLATED else plain


def plain_address(text: str) -> str:
    """Return the address in its one spelling, or :data:`UNKNOWN`."""
    address = parse_address(text)
    return UNKNOWN if address is None else str(address)


def network_of(text: str) -> Network:
    """Return what limits count for a client's address."""
    address = parse_address(text)
    if address is None:
        return Network(UNKNOWN)
    if isinstance(address, IPv4Address):
        return Network(str(address))
    return Network(_prefix(address, _NARROW_BITS), _prefix(address, _WIDE_BITS))


def _prefix(address: IPv6Address, bits: int) -> str:
    rest = _ALL_BITS - bits
    return f"{IPv6Address(int(address) >> rest << rest)}/{bits}"
