"""From where a partner's servers may call, and where its flows may lead back to: lists that its application names.

An empty list is no limit. Networks are CIDR blocks (RFC 4632, RFC 4291); an address to return to allows what begins
with it, up to the end of a part of its path.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final
from urllib.parse import urlsplit

from eztong.domain.addresses.network import parse_address
from eztong.domain.addresses.web_address import ascii_address
from eztong.domain.errors import InputInvalid, NotPermitted
from eztong.domain.partners.partner import Partner, PartnerNotLive, PartnerStage

MOST_NETWORKS: Final = 50
MOST_REDIRECTS: Final = 20
LEAST_PER_MINUTE: Final = 1
MOST_PER_MINUTE: Final = 1_000_000
_MOST_ADDRESSES: Final = 10_000


class NetworkInvalid(InputInvalid):
    """The text is no network from which a partner may be let in."""

    code = "network_invalid"
    advice = "Give networks as 192.0.2.0/24 or 2001:db8::/48, with no bits set behind the prefix; at most fifty."


class RedirectInvalid(InputInvalid):
    """The text is no address to which a partner's flow may return."""

    code = "redirect_invalid"
    advice = "Give addresses that begin with https://, without a query or fragment; at most twenty."


class NetworkNotAllowed(NotPermitted):
    """The call comes from a network that is not the partner's."""

    code = "network_not_allowed"
    advice = "Call from one of the networks that are registered for this partner, or have the operator add this one."


class RedirectNotAllowed(NotPermitted):
    """The address to return to is none that was registered for the partner."""

    code = "redirect_not_allowed"
    advice = "Use an address that is registered for this partner, or have the operator add this one."


def parse_networks(texts: Sequence[str]) -> tuple[str, ...]:
    """Return networks in their one spelling, each once, in order.

    Raises:
        NetworkInvalid: one of them is none, lets everybody in, or there are too many.
    """
    if len(texts) > MOST_NETWORKS:
        raise NetworkInvalid
    found = {_network(text.strip()) for text in texts}
    return tuple(str(one) for one in sorted(found, key=lambda one: (one.version, int(one[0]), one.prefixlen)))


def parse_redirects(texts: Sequence[str]) -> tuple[str, ...]:
    """Return addresses in ASCII, each once, in order.

    Raises:
        RedirectInvalid: one of them does not begin with https, has a query or fragment, or there are too many.
        WebAddressInvalid: one of them is no address.
    """
    if len(texts) > MOST_REDIRECTS:
        raise RedirectInvalid
    found = {ascii_address(text.strip()) for text in texts}
    for one in found:
        parts = urlsplit(one)
        if parts.scheme != "https" or parts.query or parts.fragment:
            raise RedirectInvalid
    return tuple(sorted(found))


def check_reach(partner: Partner, *, client: str, is_sandbox: bool) -> None:
    """Refuse a call from where the partner may not call, before anything is looked up about anybody.

    Args:
        partner: Who calls, by a live key.
        client: The address that the call came from.
        is_sandbox: Whether this service has invented people only.

    Raises:
        PartnerNotLive: real people, and the partner was approved for the sandbox only.
        NetworkNotAllowed: another network than its own.
    """
    check_stage(partner, is_sandbox=is_sandbox)
    if partner.networks and not _lies_in(client, partner.networks):
        raise NetworkNotAllowed


def check_stage(partner: Partner, *, is_sandbox: bool) -> None:
    """Refuse a partner that was not approved for real people where there are some.

    Raises:
        PartnerNotLive: it was approved for the sandbox only.
    """
    if not is_sandbox and partner.stage is PartnerStage.SANDBOX:
        raise PartnerNotLive


def check_redirect(partner: Partner, address: str) -> None:
    """Refuse a way back that is not the partner's. ``address`` is in ASCII.

    Raises:
        RedirectNotAllowed: it begins with none of the partner's addresses.
    """
    if partner.redirects and not any(_begins_with(address, one) for one in partner.redirects):
        raise RedirectNotAllowed


def _begins_with(address: str, allowed: str) -> bool:
    """Say whether ``address`` is ``allowed`` or lies below it: host and port alike, and whole parts of the path."""
    given, own = urlsplit(address), urlsplit(allowed)
    if (given.scheme, given.hostname, given.port or 443) != (own.scheme, own.hostname, own.port or 443):
        return False
    # A browser takes these out of a path before it goes there, encoded ones included.
    if any(part.lower().replace("%2e", ".") in {".", ".."} for part in given.path.split("/")):
        return False
    base = own.path.rstrip("/")
    return given.path in {own.path, base} or given.path.startswith(f"{base}/")


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise NetworkInvalid from error
    if network.prefixlen == 0:
        raise NetworkInvalid("A network of everybody is no limit; leave the list empty instead.")
    return network


@lru_cache(maxsize=_MOST_ADDRESSES)
def _lies_in(client: str, networks: tuple[str, ...]) -> bool:
    address = parse_address(client)
    return address is not None and any(address in ip_network(one) for one in networks)
