"""The HTTP adapter in bad weather: every failure is one of two errors, in bounded time, and the circuit learns."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from starlette.types import Receive, Scope, Send

from eztong.adapters.authority.circuit import CircuitPhase, CircuitPolicy
from eztong.adapters.authority.http_client import HttpAuthority
from eztong.adapters.authority.http_config import HttpAuthorityConfig, check_address
from eztong.adapters.authority.personas import PERSONAS
from eztong.adapters.authority.protocol import AuthorityPin
from eztong.adapters.authority.registry import Fault
from eztong.adapters.authority.server import build_authority_app
from eztong.domain.errors import AuthorityAnswerInvalid, AuthorityUnavailable
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.real_name import parse_real_name
from tests.contract.authority.conftest import RunningServer, new_reference
from tests.contract.authority.stage import (
    READ_TIMEOUT,
    ClientKey,
    CountingEntropy,
    StandingClock,
    asking,
    impatient,
    make_authority_keys,
    number,
    open_registry,
    serving,
)
from tests.simulators.outside.certificate import write_certificate

P01 = PERSONAS["P01"]
POLICY = CircuitPolicy(failures_to_open=2, open_for=timedelta(seconds=30))


class Scripted:
    """A stranger on the authority's address: answers every request with one status and body."""

    def __init__(self, status: int, chunks: list[bytes], *, pause: float = 0) -> None:
        self.status, self.chunks, self.pause = status, chunks, pause
        self.requests = 0

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.requests += 1
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        for chunk in self.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await asyncio.sleep(self.pause)
        await send({"type": "http.response.body", "body": b""})


def quickly_tripping(server: RunningServer) -> HttpAuthorityConfig:
    return replace(impatient(server.address, server.keys.pin()), circuit=POLICY)


def phase_of(authority: HttpAuthority) -> CircuitPhase:
    return authority.circuit.phase


def ask(authority: HttpAuthority) -> AuthorityAnswer:
    return authority.match(name=parse_real_name(P01.name), number=number(P01.number), reference=new_reference())


@contextmanager
def asking_a_stranger(app: Scripted, clock: StandingClock, *, budget: float = 2.0) -> Iterator[HttpAuthority]:
    with serving(app) as address:
        config = replace(impatient(address, make_authority_keys().pin()), total_budget=budget)
        with asking(config, ClientKey(), clock) as authority:
            yield authority


def test_nobody_listens(server: RunningServer, clock: StandingClock) -> None:
    """A refused connection is unavailability, for the question and for the health check."""
    with asking(impatient("http://127.0.0.1:9", server.keys.pin()), server.client, clock) as authority:
        with pytest.raises(AuthorityUnavailable):
            ask(authority)
        with pytest.raises(AuthorityUnavailable):
            authority.check_health()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_silence_is_asked_again(clock: StandingClock, status: int) -> None:
    """Three messages go out, then the question is given up."""
    stranger = Scripted(status, [])
    with asking_a_stranger(stranger, clock) as authority, pytest.raises(AuthorityUnavailable):
        ask(authority)
    assert stranger.requests == 3


@pytest.mark.parametrize("status", [302, 400, 401, 404, 422])
def test_a_rejection_is_not_asked_again(clock: StandingClock, status: int) -> None:
    """Repeating what the other side refuses helps nobody, and does not open the circuit."""
    stranger = Scripted(status, [])
    with asking_a_stranger(stranger, clock) as authority:
        with pytest.raises(AuthorityUnavailable, match=str(status)):
            ask(authority)
        assert authority.circuit.failures == 0
    assert stranger.requests == 1


def test_a_captive_portal_is_no_authority(clock: StandingClock) -> None:
    """A friendly web page with status 200 decides nothing and is not asked again."""
    stranger = Scripted(200, [b"<html>welcome</html>"])
    with asking_a_stranger(stranger, clock) as authority, pytest.raises(AuthorityAnswerInvalid):
        ask(authority)
    assert stranger.requests == 1


def test_an_endless_answer_is_cut_off(clock: StandingClock) -> None:
    """Nobody can fill our memory by answering."""
    stranger = Scripted(200, [b" " * 8192] * 64)
    with asking_a_stranger(stranger, clock) as authority, pytest.raises(AuthorityAnswerInvalid):
        ask(authority)


def test_a_dripping_answer_ends_with_the_budget(clock: StandingClock) -> None:
    """A byte now and then defeats read time-outs, but not the total budget."""
    stranger = Scripted(200, [b" "] * 20, pause=0.05)
    with asking_a_stranger(stranger, clock, budget=0.4) as authority:
        started = monotonic()
        with pytest.raises(AuthorityUnavailable):
            ask(authority)
        assert monotonic() - started < 1


def test_time_outs_end_with_the_budget(server: RunningServer, clock: StandingClock) -> None:
    """With many attempts allowed, time still ends the question."""
    server.registry.set_fault(Fault.TIMEOUT)
    config = replace(impatient(server.address, server.keys.pin()), max_attempts=50, total_budget=0.5)
    with asking(config, server.client, clock) as authority:
        started = monotonic()
        with pytest.raises(AuthorityUnavailable):
            ask(authority)
        assert monotonic() - started < 0.5 + 2 * READ_TIMEOUT


def test_another_authoritys_signature_is_refused(server: RunningServer, clock: StandingClock) -> None:
    """Whoever answers on the address must hold the pinned key."""
    pin = AuthorityPin(signing=make_authority_keys().signing.public_key(), encryption=server.keys.pin().encryption)
    with (
        asking(impatient(server.address, pin), server.client, clock) as authority,
        pytest.raises(AuthorityAnswerInvalid),
    ):
        ask(authority)


def test_a_name_sealed_to_another_key_is_rejected(server: RunningServer, clock: StandingClock) -> None:
    """A wrong encryption pin is told as a rejection, not as an outage to be waited for."""
    pin = replace(server.keys.pin(), encryption=make_authority_keys().encryption.public_key())
    with (
        asking(impatient(server.address, pin), server.client, clock) as authority,
        pytest.raises(AuthorityUnavailable, match="422"),
    ):
        ask(authority)


@pytest.mark.parametrize("key_id", ["authority_client-1", "never-registered"])
def test_an_unregistered_client_is_rejected(server: RunningServer, clock: StandingClock, key_id: str) -> None:
    """Neither a stolen key id nor an unknown one gets an answer."""
    stranger = ClientKey(key_id=key_id)
    with (
        asking(impatient(server.address, server.keys.pin()), stranger, clock) as authority,
        pytest.raises(AuthorityUnavailable, match="401"),
    ):
        ask(authority)


def test_the_circuit_opens_and_closes(server: RunningServer, clock: StandingClock) -> None:
    """Two failed questions open it; it then refuses unasked, lets a probe through after the rest, and closes."""
    with asking(quickly_tripping(server), server.client, clock) as authority:
        server.registry.set_fault(Fault.DOWN)
        for _ in range(2):
            with pytest.raises(AuthorityUnavailable):
                ask(authority)
        assert phase_of(authority) is CircuitPhase.OPEN
        server.registry.set_fault(Fault.NONE)
        clock.move(timedelta(seconds=10))
        with pytest.raises(AuthorityUnavailable) as caught:
            ask(authority)
        assert caught.value.retry_after == 20
        with pytest.raises(AuthorityUnavailable):
            authority.check_health()
        clock.move(timedelta(seconds=20))
        assert ask(authority).verdict is AuthorityVerdict.MATCHED
        assert phase_of(authority) is CircuitPhase.CLOSED


def test_a_failed_probe_opens_the_circuit_again(server: RunningServer, clock: StandingClock) -> None:
    """One probe is enough to see that nothing has changed."""
    with asking(quickly_tripping(server), server.client, clock) as authority:
        server.registry.set_fault(Fault.GARBLED)
        for _ in range(2):
            with pytest.raises(AuthorityAnswerInvalid):
                ask(authority)
        clock.move(POLICY.open_for)
        with pytest.raises(AuthorityAnswerInvalid):
            ask(authority)
        assert phase_of(authority) is CircuitPhase.OPEN
        with pytest.raises(AuthorityUnavailable):
            ask(authority)


def test_only_a_trusted_certificate_is_spoken_to(clock: StandingClock, tmp_path: Path) -> None:
    """The operator's issuer file decides; a certificate of anybody else is unavailability."""
    keys, client, certificate = make_authority_keys(), ClientKey(), write_certificate(tmp_path)
    app = build_authority_app(open_registry(), keys=keys, clients={client.key_id: client.private.public_key()})
    with serving(app, certificate=certificate) as address:
        config = impatient(address, keys.pin())
        with asking(config, client, clock) as authority, pytest.raises(AuthorityUnavailable):
            ask(authority)
        with asking(replace(config, ca_file=certificate), client, clock) as authority:
            assert ask(authority).verdict is AuthorityVerdict.MATCHED


@pytest.mark.parametrize("address", ["http://authority.example", "ftp://127.0.0.1", "127.0.0.1:8090", "", "https://"])
@pytest.mark.parametrize("live_only", [True, False])
def test_names_do_not_travel_in_clear(address: str, *, live_only: bool) -> None:
    """Another host is spoken to over TLS only, in the sandbox, too."""
    config = HttpAuthorityConfig(base_url=address, pin=make_authority_keys().pin(), live_only=live_only)
    with pytest.raises(ValueError, match="address"):
        HttpAuthority(config, sign=ClientKey().sign, clock=StandingClock(), entropy=CountingEntropy())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_live_mode_speaks_tls_to_this_host_too(host: str) -> None:
    """Plain http on loopback is the sandbox's convenience; any local process could answer there."""
    config = HttpAuthorityConfig(base_url=f"http://{host}:8090", pin=make_authority_keys().pin(), live_only=False)
    with asking(config, ClientKey(), StandingClock()):
        pass
    with pytest.raises(ValueError, match="https"):
        check_address(replace(config, live_only=True))


def test_live_mode_believes_no_sandbox(clock: StandingClock, tmp_path: Path) -> None:
    """The key is pinned and the certificate trusted, and yet its people are invented: nothing is decided."""
    keys, client, certificate = make_authority_keys(), ClientKey(), write_certificate(tmp_path)
    app = build_authority_app(open_registry(), keys=keys, clients={client.key_id: client.private.public_key()})
    with serving(app, certificate=certificate) as address:
        config = replace(impatient(address, keys.pin()), ca_file=certificate, live_only=True)
        with asking(config, client, clock) as authority:
            with pytest.raises(AuthorityAnswerInvalid, match="sandbox"):
                ask(authority)
            with pytest.raises(AuthorityAnswerInvalid, match="sandbox"):
                authority.check_health()


def test_a_file_without_issuers_is_said(tmp_path: Path) -> None:
    """A path with a slip is a sentence, not a broken connection later."""
    config = HttpAuthorityConfig(
        base_url="https://authority.example", pin=make_authority_keys().pin(), ca_file=tmp_path / "missing.pem"
    )
    with pytest.raises(ValueError, match="issuers"):
        HttpAuthority(config, sign=ClientKey().sign, clock=StandingClock(), entropy=CountingEntropy())


def trip(authority: HttpAuthority) -> None:
    for _ in range(POLICY.failures_to_open):
        with pytest.raises(AuthorityUnavailable):
            ask(authority)


def test_an_open_circuit_tells_since_when_and_a_question_that_is_answered_ends_it(
    server: RunningServer, clock: StandingClock
) -> None:
    with asking(quickly_tripping(server), server.client, clock) as authority:
        assert authority.away_since() is None
        server.registry.set_fault(Fault.DOWN)
        began = clock.now()
        trip(authority)
        clock.move(timedelta(minutes=1))
        assert authority.away_since() == began
        server.registry.set_fault(Fault.NONE)
        assert authority.away_since() == began, "nobody has asked it since"
        ask(authority)
        assert authority.away_since() is None


def test_an_authority_that_nobody_asks_is_found_to_be_back_after_five_quiet_minutes(
    server: RunningServer, clock: StandingClock
) -> None:
    with asking(quickly_tripping(server), server.client, clock) as authority:
        server.registry.set_fault(Fault.DOWN)
        began = clock.now()
        trip(authority)
        clock.move(timedelta(minutes=5))
        assert authority.away_since() == began, "its own word on its health is asked for, and is that it is down"
        server.registry.set_fault(Fault.NONE)
        clock.move(timedelta(minutes=5) - timedelta(seconds=1))
        assert authority.away_since() == began
        clock.move(timedelta(seconds=1))
        assert authority.away_since() is None
    assert authority.circuit.phase is CircuitPhase.CLOSED
