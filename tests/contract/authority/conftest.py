"""One authority server per process, and per test the adapters that ask it, with a clock of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from eztong.adapters.authority.http_client import HttpAuthority
from eztong.adapters.authority.protocol import AuthorityKeys
from eztong.adapters.authority.registry import Fault, SandboxRegistry
from eztong.adapters.authority.sandbox import SandboxAuthority
from eztong.adapters.authority.server import build_authority_app
from eztong.domain.identity.authority_answer import AuthorityAnswer
from eztong.domain.identity.real_name import parse_real_name
from eztong.ports.authority import Authority
from tests.contract.authority.stage import (
    HANG_SECONDS,
    ClientKey,
    StandingClock,
    asking,
    impatient,
    make_authority_keys,
    number,
    open_registry,
    serving,
)

_references = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """The sandbox authority behind a real socket."""

    address: str
    registry: SandboxRegistry
    keys: AuthorityKeys
    client: ClientKey


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An authority to ask, with the register behind it and the clock before it."""

    authority: Authority
    registry: SandboxRegistry
    clock: StandingClock

    def ask(self, name: str, number_text: str, reference: str | None = None) -> AuthorityAnswer:
        return self.authority.match(
            name=parse_real_name(name),
            number=number(number_text, today=self.clock.now().date()),
            reference=reference or new_reference(),
        )


def new_reference() -> str:
    """Name an application that nobody asked about before."""
    return f"application-{next(_references)}"


@pytest.fixture(scope="session")
def running_server() -> Iterator[RunningServer]:
    registry, keys, client = open_registry(), make_authority_keys(), ClientKey()
    app = build_authority_app(
        registry,
        keys=keys,
        clients={client.key_id: client.private.public_key()},
        hang_seconds=HANG_SECONDS,
    )
    with serving(app) as address:
        yield RunningServer(address=address, registry=registry, keys=keys, client=client)


@pytest.fixture
def server(running_server: RunningServer) -> Iterator[RunningServer]:
    """Give the running server and switch its faults off afterwards."""
    yield running_server
    running_server.registry.set_fault(Fault.NONE)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def http_authority(server: RunningServer, clock: StandingClock) -> Iterator[HttpAuthority]:
    with asking(impatient(server.address, server.keys.pin()), server.client, clock) as authority:
        yield authority


@pytest.fixture
def sandbox_world(clock: StandingClock) -> World:
    registry = open_registry()
    return World(authority=SandboxAuthority(registry, clock=clock), registry=registry, clock=clock)


@pytest.fixture
def http_world(server: RunningServer, http_authority: HttpAuthority, clock: StandingClock) -> World:
    return World(authority=http_authority, registry=server.registry, clock=clock)


@pytest.fixture(params=["sandbox_world", "http_world"])
def world(request: pytest.FixtureRequest) -> World:
    """Give both adapters in turn: what holds for one holds for the other."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, World)
    return found
