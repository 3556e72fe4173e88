"""The stage of the authority tests: a clock that stands, entropy that counts, keys, and a real server on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from time import sleep

import uvicorn
from starlette.types import ASGIApp
from structlog.testing import capture_logs

from eztong.adapters.authority.eid_mark import EidMarkKey
from eztong.adapters.authority.http_client import HttpAuthority
from eztong.adapters.authority.http_config import HttpAuthorityConfig
from eztong.adapters.authority.protocol import AuthorityKeys, AuthorityPin
from eztong.adapters.authority.registry import SandboxRegistry
from eztong.domain.identifiers import ULID_RANDOM_BYTES
from eztong.domain.identity.citizen_number import CitizenNumber, parse_citizen_number
from eztong.gm.sm2 import PrivateKey
from eztong.gm.sm3 import sm3
from eztong.ports.keys import KeySignature
from eztong.ports.services import Mode

START = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
TODAY = date(2026, 1, 15)
MARK_SECRET = bytes(range(32))
CLIENT_KEY_ID = "authority_client-1"
READ_TIMEOUT = 0.2
HANG_SECONDS = 1.0


class StandingClock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def move(self, by: timedelta) -> None:
        self.moment += by


_draws = count()


class CountingEntropy:
    """Gives different bytes at each call, whoever calls; draws the shortest waits."""

    def token(self, size: int) -> bytes:
        return sm3(b"%d" % next(_draws))[:size]

    def id_bytes(self) -> bytes:
        return self.token(ULID_RANDOM_BYTES)

    def below(self, limit: int) -> int:
        return min(limit - 1, 1)


@dataclass(frozen=True, slots=True)
class ClientKey:
    """The service's signing key for the authority."""

    private: PrivateKey = field(default_factory=PrivateKey.generate)
    key_id: str = CLIENT_KEY_ID

    def sign(self, message: bytes) -> KeySignature:
        return KeySignature(key_id=self.key_id, key_hash=b"", signature=self.private.sign(message))


def number(text: str, *, today: date = TODAY) -> CitizenNumber:
    """Parse a number as a service that takes every kind of document."""
    return parse_citizen_number(text, today=today, accept_foreigners=True)


def open_registry() -> SandboxRegistry:
    """Open a fresh register without its warning on the test's output."""
    with capture_logs():
        return SandboxRegistry(mark_key=EidMarkKey(MARK_SECRET), mode=Mode.SANDBOX)


def make_authority_keys() -> AuthorityKeys:
    """Draw the authority's two keys."""
    return AuthorityKeys(signing=PrivateKey.generate(), encryption=PrivateKey.generate())


@contextmanager
def serving(app: ASGIApp, *, certificate: Path | None = None) -> Iterator[str]:
    """Serve an application on a free port of 127.0.0.1 and give its address; ``certificate`` holds the key, too."""
    config = uvicorn.Config(
        app,
        port=0,
        log_level="critical",
        lifespan="off",
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
        ssl_keyfile=certificate,
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    # The socket is bound at once, but nobody listens before the thread has come that far.
    while thread.is_alive() and not server.started:
        sleep(0.005)
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        socket.close()


def impatient(address: str, pin: AuthorityPin) -> HttpAuthorityConfig:
    """Configure an adapter that gives up within the tests' time."""
    return HttpAuthorityConfig(
        base_url=address,
        pin=pin,
        connect_timeout=1.0,
        read_timeout=READ_TIMEOUT,
        total_budget=2.0,
        backoff_base=0.01,
        live_only=False,
    )


@contextmanager
def asking(config: HttpAuthorityConfig, client: ClientKey, clock: StandingClock) -> Iterator[HttpAuthority]:
    """Give an HTTP adapter, closed at the end."""
    authority = HttpAuthority(config, sign=client.sign, clock=clock, entropy=CountingEntropy())
    try:
        yield authority
    finally:
        authority.close()
