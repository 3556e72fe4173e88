"""The repository of operators."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState


class OperatorRepository(Protocol):
    """Operators by name."""

    def add(self, operator: Operator) -> bool:
        """Store an operator; return False, and store nothing, if the name is taken."""
        ...

    def get(self, name: str) -> Operator | None:
        """Return the operator."""
        ...

    def list(self) -> Listed[Operator]:
        """Return all operators by name."""
        ...

    def set_tries(self, operator: Operator, *, expected: int) -> bool:
        """Store wrong tries and lock if the stored tries are still ``expected``; return whether they were."""
        ...

    def move(self, name: str, state: OperatorState, *, seen: OperatorState) -> bool:
        """Move the operator to ``state`` from the one that was ``seen``; return whether this call did it."""
        ...

    def set_secret(self, operator: Operator, *, seen: str) -> bool:
        """Store hash, time and knowers of the secret instead of the hash that was ``seen``.

        Wrong tries are forgotten, and no invitation outlives it.

        Returns:
            Whether this call did it.
        """
        ...

    def link(self, operator: Operator, *, seen: frozenset[bytes]) -> bool:
        """Store the persons of the operator instead of those that were ``seen``; return whether this call did it."""
        ...

    def set_roles(self, name: str, roles: frozenset[OperatorRole], *, seen: frozenset[OperatorRole]) -> bool:
        """Store the roles instead of those that were ``seen``; return whether this call did it."""
        ...

    def invite(self, operator: Operator) -> bool:
        """Store word and end of the operator's invitation, if the operator is active; return whether that was so."""
        ...

    def set_up(self, operator: Operator, *, seen: str) -> bool:
        """Store second factor and used half minute, end the invitation; and the secret as :meth:`set_secret` does.

        Returns:
            Whether this call did it.
        """
        ...

    def use_step(self, name: str, step: int) -> bool:
        """Take the one-time code of a half minute; return whether it is later than the last one that was taken."""
        ...
