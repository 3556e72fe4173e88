"""Where the authority is and how patient the client is; and the connections that follow from it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from eztong.adapters.authority.circuit import CircuitPolicy
from eztong.adapters.authority.protocol import AuthorityPin

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAuthorityConfig:
    """Where the authority is, its pinned keys, and how patient to be. Times are in seconds."""

    base_url: str
    """``https://...``; where ``live_only`` is off also plain http to this host itself."""

    pin: AuthorityPin
    connect_timeout: float = 2.0
    read_timeout: float = 3.0
    total_budget: float = 10.0
    """For all attempts of one question together, back-off included."""

    max_attempts: int = 3
    backoff_base: float = 0.2
    """The wait before attempt n + 1 is drawn evenly from 0 to ``backoff_base`` * 2**(n - 1)."""

    backoff_cap: float = 2.0
    circuit: CircuitPolicy = field(default_factory=CircuitPolicy)
    ca_file: Path | None = None
    """PEM file of the authority's certificate issuers; without one httpx's usual ones count."""

    live_only: bool = True
    """Believe an authority of real people only, over TLS only; off for the sandbox."""

    at_once: int = 8
    """Questions under way at the same time."""

    waiting: int = 8
    """Questions that wait for one of them to end, for at most ``connect_timeout``; one more fails at once."""


def open_client(config: HttpAuthorityConfig) -> httpx.Client:
    """Return the connections to the authority; nothing is sent yet.

    Raises:
        ValueError: the file of issuers is missing or holds no certificate.
    """
    try:
        trusted = ssl.create_default_context(cafile=config.ca_file) if config.ca_file is not None else True
    except OSError as error:
        raise ValueError("the file of the authority's certificate issuers cannot be read") from error
    # trust_env would read proxies and certificates from the environment, which only the settings may do.
    return httpx.Client(
        base_url=config.base_url,
        verify=trusted,
        trust_env=False,
        follow_redirects=False,
        timeout=timeouts(config, config.total_budget),
    )


def timeouts(config: HttpAuthorityConfig, left: float) -> httpx.Timeout:
    """Return the patience of one question that may take ``left`` seconds more."""
    connect, read = min(config.connect_timeout, left), min(config.read_timeout, left)
    return httpx.Timeout(connect=connect, read=read, write=read, pool=connect)


def check_address(config: HttpAuthorityConfig) -> None:
    """Return if names and numbers may travel to the configured address.

    Raises:
        ValueError: it is neither https nor, where ``live_only`` is off, this host itself.
    """
    try:
        url = httpx.URL(config.base_url)
    except httpx.InvalidURL as error:
        raise ValueError("the authority's address is not a URL") from error
    excused = url.scheme == "http" and url.host in _LOOPBACK and not config.live_only
    if not url.host or (url.scheme != "https" and not excused):
        raise ValueError("the authority's address must be https")
