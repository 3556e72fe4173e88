"""The sandbox's switches over the sandbox authority, in process or in its own, and the movable clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from typing_extensions import override

from eztong.adapters.authority.personas import PERSONAS, Persona
from eztong.adapters.authority.registry import Fault, SandboxRegistry
from eztong.adapters.authority.synthetic import synthetic_citizen
from eztong.adapters.clock import SandboxClock, moved
from eztong.adapters.live_person import SimulatedFace
from eztong.domain.eid.eid_flow import EidCode
from eztong.domain.errors import NotFound, Unavailable
from eztong.ports.live_person import LivePersonFactor
from eztong.ports.sandbox import AuthorityFault, FaceOutcome, SandboxControls, SandboxPersona
from eztong.ports.services import Mode
from eztong.ports.storage.store import Store, UnitOfWork

CLOCK_SETTING = "sandbox_clock_offset_seconds"
SYNTHETIC = "S"
_TIMEOUT_SECONDS = 5.0
# Every sandbox page reads the fault: a page must not wait long for an authority that is away.
_READ_SECONDS = 1.0
_FACE_CODES = {
    FaceOutcome.PASSED: EidCode.PASSED,
    FaceOutcome.NOT_LIVE: EidCode.NOT_LIVE,
    FaceOutcome.NOT_SAME_PERSON: EidCode.NOT_SAME_PERSON,
}


class StoredSandbox(SandboxControls):
    """Controls whose clock survives a restart."""

    def __init__(self, *, clock: SandboxClock, store: Store, faults: FaultSwitch) -> None:
        """Move ``clock`` and remember it in ``store``; ``faults`` is the authority's switch."""
        self._clock = clock
        self._store = store
        self._faults = faults

    @override
    def personas(self) -> Sequence[SandboxPersona]:
        return [_shown(persona) for persona in PERSONAS.values()]

    @override
    def persona(self, key: str) -> SandboxPersona:
        persona = PERSONAS.get(key)
        if persona is not None:
            return _shown(persona)
        if key.startswith(SYNTHETIC) and key[1:].isdecimal():
            return _synthetic(int(key[1:]))
        raise NotFound("There is no such persona; they are P01 to P32, X1 to X6, and S with a number.")

    @override
    def advance_clock(self, seconds: int) -> datetime:
        """Add to the offset that is stored, in one unit of work, so that moves at once are all counted."""
        by = timedelta(seconds=seconds)

        def job(uow: UnitOfWork) -> timedelta:
            stored = uow.settings.get(CLOCK_SETTING)
            offset = moved(self._clock.offset if stored is None else timedelta(seconds=float(stored)), by)
            uow.settings.set(CLOCK_SETTING, str(offset.total_seconds()))
            return offset

        self._clock.reach(self._store.write(job).value)
        return self._clock.now()

    @override
    def set_fault(self, fault: AuthorityFault) -> None:
        self._faults.set(Fault(fault.value))

    @override
    def fault(self) -> AuthorityFault:
        return AuthorityFault(self._faults.read().value)

    @override
    def face(self, outcome: FaceOutcome) -> LivePersonFactor:
        return SimulatedFace(_FACE_CODES[outcome], mode=Mode.SANDBOX)


@dataclass(frozen=True, slots=True)
class FaultSwitch:
    """How the authority's fault is read and set."""

    read: Callable[[], Fault]
    set: Callable[[Fault], None]


def own_faults(registry: SandboxRegistry) -> FaultSwitch:
    """Return the switch of a sandbox authority in this process."""
    return FaultSwitch(read=lambda: registry.fault, set=registry.set_fault)


def remote_faults(base_url: str) -> FaultSwitch:
    """Return the switch of a sandbox authority that runs as its own process."""
    address = f"{base_url}/sandbox/fault"

    def read() -> Fault:
        return _fault_in(lambda: httpx.get(address, timeout=_READ_SECONDS))

    def switch(fault: Fault) -> None:
        _fault_in(lambda: httpx.post(address, json={"fault": fault.value}, timeout=_TIMEOUT_SECONDS))

    return FaultSwitch(read, switch)


def _fault_in(ask: Callable[[], httpx.Response]) -> Fault:
    try:
        answer = ask()
        answer.raise_for_status()
        return Fault(answer.json()["fault"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Unavailable("The sandbox authority's process cannot be reached.") from error


def _shown(persona: Persona) -> SandboxPersona:
    return SandboxPersona(
        key=persona.key,
        name=persona.name,
        number=persona.number_as_typed,
        phone=persona.phone,
        story=persona.story.zh,
        story_en=persona.story.en,
        expected=str(persona.expected),
        document_valid_until=persona.document_valid_until,
        renewed_on=None if persona.renewal is None else persona.renewal.since,
        renamed_on=persona.names_on_file[-1].since if len(persona.names_on_file) > 1 else None,
    )


def _synthetic(index: int) -> SandboxPersona:
    try:
        name, number = synthetic_citizen(index)
    except ValueError as error:
        raise NotFound("There are not that many synthetic citizens.") from error
    return SandboxPersona(
        key=f"{SYNTHETIC}{index}",
        name=name,
        number=number,
        phone=f"170{index % 10**8:08d}",
        story="一切顺利的合成市民。",
        story_en="A synthetic citizen for whom all goes well.",
        expected="active",
    )
