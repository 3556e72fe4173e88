"""Addresses that callers give us, such as where a browser goes in the end: put into ASCII once, when they are taken in.

An address in ASCII goes into headers, pages and logs of other programs without another thought. The host becomes
IDNA, path, query and fragment are percent-encoded as UTF-8; what is encoded already, and every character that RFC 3986
reserves, stays as the caller wrote it.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from eztong.domain.errors import InputInvalid

LONGEST: Final = 2048
"""After encoding: it has to fit into a header beside others."""

# Everything printable but blank, quotation marks, angle brackets, backslash and backtick.
_KEPT: Final = "!#$%&'()*+,-./:;=?@[]^_{|}~"
_HOST: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?"
)
_IPV6: Final = re.compile(r"[0-9a-f:.]{2,45}")
# Browsers keep these apart in names, the rules that Python knows (RFC 3490) do not: the host would be another one.
_AMBIGUOUS: Final = frozenset("ßẞς\u200c\u200d")


class WebAddressInvalid(InputInvalid):
    """A text is no absolute web address, or cannot be written in ASCII. ``detail`` never repeats it."""

    code = "web_address_invalid"
    advice = "Give an absolute address, such as https://example.org/back."


def ascii_address(text: str) -> str:
    """Return the address in ASCII; an address that is ASCII already comes back as it is, its host in small letters.

    Raises:
        WebAddressInvalid: not an absolute http or https address, with a user's name in it, with blanks, control
            characters or backslashes, with a host that has no ASCII form, or too long.
    """
    if not text.isprintable() or " " in text or "\\" in text:
        raise WebAddressInvalid
    try:
        parts = urlsplit(text)
        host, port = _ascii_host(parts.hostname or ""), parts.port
        encoded = [quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment)]
    except ValueError as error:
        raise WebAddressInvalid from error
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        raise WebAddressInvalid
    netloc = host if port is None else f"{host}:{port}"
    # urlunsplit drops the mark of an empty query or fragment, which changes nothing of what is asked for.
    address = urlunsplit((parts.scheme, netloc, *encoded))
    if len(address) > LONGEST:
        raise WebAddressInvalid(f"An address may have at most {LONGEST} characters once it is encoded.")
    return address


def _ascii_host(host: str) -> str:
    if ":" in host:
        if not _IPV6.fullmatch(host):
            raise WebAddressInvalid
        return f"[{host}]"
    if not _AMBIGUOUS.isdisjoint(host):
        raise WebAddressInvalid
    name = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(name):
        raise WebAddressInvalid
    return name


def is_ip_address(host: str) -> bool:
    """Say whether a host is named by its number."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
