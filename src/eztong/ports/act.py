"""One context for every act: what a use case does, it does in an :class:`Act`.

A use case takes the act first and a command after it. Whatever only looks takes the repositories as ``stored``, with
``keys`` and ``now`` where it needs them, since pages look without an act.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import msgspec

from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts. For whom is found inside the act, by the session, code or number of the command, and never claimed.

    ``name`` tells one of many apart where events shall name them (an operator's login); it is no person's name.
    ``door`` and ``correlation`` say of an operator where they act, and join what belongs to one act there; ``session``
    is the look-up hash of the browser's session, by which grave acts find out when its operator was last proven.
    """

    actor: Actor
    name: str = ""
    door: AuditDoor = AuditDoor.ELSEWHERE
    correlation: str = ""
    session: bytes = field(default=b"", repr=False)


HOLDER: Final = Acting(Actor.HOLDER)
"""Whoever holds the session, code or secret that the command carries."""
PARTNER: Final = Acting(Actor.PARTNER)
"""A partner's server or staff; which one, the command says."""
OPERATOR: Final = Acting(Actor.OPERATOR)
"""The operator's staff at the command line, where no login was asked for."""
RISK: Final = Acting(Actor.RISK)
SYSTEM: Final = Acting(Actor.SYSTEM)
"""The service by itself."""


class Act(msgspec.Struct, frozen=True):
    """One unit of work with what is used in it, and who acts.

    It does nothing but through ``uow``, so that a store may run it again: ``now`` is read once, before, so that it
    decides alike. Made by :class:`~eztong.ports.services.Services` alone.
    """

    uow: UnitOfWork
    keys: Keys
    entropy: Entropy
    now: datetime
    by: Acting

    def as_operator(self, name: str) -> Act:
        """Return the same act as of another operator, who was proven beside the one who acts."""
        return Act(self.uow, self.keys, self.entropy, self.now, replace(self.by, actor=Actor.OPERATOR, name=name))

    def as_guardian(self, guardianship_id: str) -> Act:
        """Return the same act as the guardian's for the ward of this guardianship."""
        return Act(self.uow, self.keys, self.entropy, self.now, Acting(Actor.GUARDIAN, guardianship_id))

    def as_helper(self, assistance_id: str) -> Act:
        """Return the same act as the helper's in this assistance."""
        return Act(self.uow, self.keys, self.entropy, self.now, Acting(Actor.HELPER, assistance_id))

    def as_elder(self, assistance_id: str) -> Act:
        """Return the same act as the elder's in this assistance, as the helper's history has it."""
        return Act(self.uow, self.keys, self.entropy, self.now, Acting(Actor.ELDER, assistance_id))

    def by_itself(self) -> Act:
        """Return the same act as the service's own: what follows from an act without anybody having asked for it."""
        return Act(self.uow, self.keys, self.entropy, self.now, SYSTEM)
