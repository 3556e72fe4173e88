"""The sandbox authority in the service's own process: the whole product works with nothing else installed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from typing_extensions import override

from eztong.adapters.authority.registry import Delivery, Fault, SandboxRegistry
from eztong.domain.errors import AuthorityAnswerInvalid, AuthorityUnavailable
from eztong.domain.guardianship.relation import RelationAnswer, RelationQuestion
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, RegistrationStatus
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.real_name import RealName
from eztong.ports.authority import Authority
from eztong.ports.clock import Clock

RETRY_AFTER_SECONDS: Final = 30
AWAY: Final = frozenset({Fault.TIMEOUT, Fault.DOWN, Fault.GARBLED})
"""Faults with which the authority counts as away."""


class SandboxAuthority(Authority):
    """The authority port over a :class:`SandboxRegistry`, dated by the service's movable clock. Never sleeps."""

    def __init__(self, registry: SandboxRegistry, *, clock: Clock) -> None:
        """Ask ``registry``, on the Shanghai day that ``clock`` tells."""
        self._registry = registry
        self._clock = clock
        self._away_since: datetime | None = None

    @property
    @override
    def adapter_id(self) -> str:
        """``sandbox``."""
        return "sandbox"

    @property
    def fault(self) -> Fault:
        """The fault that is switched on."""
        return self._registry.fault

    def set_fault(self, fault: Fault) -> None:
        """Switch a fault on for everybody, or off with ``NONE``."""
        self._registry.set_fault(fault)

    @override
    def match(self, *, name: RealName, number: CitizenNumber, reference: str) -> AuthorityAnswer:
        """Answer from the register; a fault or a persona's script may stand in the way.

        Raises:
            AuthorityUnavailable: a time-out or an outage is switched on or scripted; it is raised at once.
            AuthorityAnswerInvalid: garbled answers are switched on.
        """
        today = service_date(self._clock.now())
        return _received(self._registry.ask(name=name, number=number, reference=reference, today=today))

    @override
    def away_since(self) -> datetime | None:
        """Return when a fault was first seen to be switched on: a circuit breaker that needs no failed questions."""
        if self._registry.fault not in AWAY:
            self._away_since = None
        elif self._away_since is None:
            self._away_since = self._clock.now()
        return self._away_since

    @override
    def status(self, *, reference: str) -> RegistrationStatus:
        """Answer from the register; a fault stands in the way as for :meth:`match`.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: the fault that is switched on.
        """
        return self._standing(reference, ends=False)

    @override
    def revoke(self, *, reference: str) -> RegistrationStatus:
        """End the registration; a fault stands in the way as for :meth:`match`.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: the fault that is switched on.
        """
        return self._standing(reference, ends=True)

    @override
    def relation(self, question: RelationQuestion) -> RelationAnswer:
        """Answer from the register; a fault stands in the way as for :meth:`match`.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: the fault that is switched on.
        """
        self.check_health()
        if self._registry.fault is Fault.GARBLED:
            raise AuthorityAnswerInvalid
        return self._registry.relation(question, today=service_date(self._clock.now()))

    def _standing(self, reference: str, *, ends: bool) -> RegistrationStatus:
        self.check_health()
        status = self._registry.standing(reference, ends=ends)
        if self._registry.fault is Fault.GARBLED:
            raise AuthorityAnswerInvalid
        return status

    @override
    def check_health(self) -> None:
        """Raise AuthorityUnavailable while a time-out or an outage is switched on."""
        if self._registry.fault in {Fault.TIMEOUT, Fault.DOWN}:
            raise AuthorityUnavailable(retry_after=RETRY_AFTER_SECONDS)


def _received(delivery: Delivery) -> AuthorityAnswer:
    """Return the answer as a client would see it, or raise what a client would raise."""
    if delivery.fault is Fault.GARBLED:
        raise AuthorityAnswerInvalid
    if delivery.answer is None:
        raise AuthorityUnavailable(retry_after=RETRY_AFTER_SECONDS)
    return delivery.answer
