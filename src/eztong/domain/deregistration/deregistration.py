"""Deregistration (clause 2.13): ``cooling -> executing -> done | cancelled``.

From the moment of asking the account does nothing any more. For :data:`COOLING` it can be undone, to exactly the state
that it was in; then it is erased by the service itself, well before the period of the clause ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, StateConflict
from eztong.domain.identifiers import BatchId, HolderId

COOLING: Final = timedelta(hours=72)
"""How long a deregistration can be undone: whoever was robbed of the phone has that long to notice."""

CLAIMS_WAIT: Final = timedelta(days=7)
"""How long beyond its cooling a child's account stays while staff have not decided about another's claim on it."""

SALT_BYTES: Final = 16


class DeregistrationState(StrEnum):
    """Where it stands."""

    COOLING = "cooling"
    EXECUTING = "executing"
    DONE = "done"
    CANCELLED = "cancelled"


class UndoneBy(StrEnum):
    """What undid a deregistration."""

    SESSION = "session"
    SECRET = "secret"  # noqa: S105 - no secret, but that one was used
    LOSS = "loss"
    """The holder told the loss or theft of phone or account: somebody else may have asked."""
    GUARDIAN = "guardian"
    """Another guardian of the child was confirmed, who did not ask, or one had back the account that went over."""


class DeregistrationOver(StateConflict):
    """The deregistration cannot be undone any more: it is being executed, or has ended."""

    code = "deregistration_over"
    advice = "The time to undo it is over. After it is done you may register again."


class GuardianUndoes(DeregistrationOver):
    """The deregistration is of a child's account: number and secret show it, its guardian undoes it."""

    code = "guardian_undoes"
    advice = "The child's guardian can undo it, signed in, on the child's page."


class EffectsNotUnderstood(InputInvalid):
    """The tick that says that the effects were read is missing."""

    code = "effects_not_understood"
    advice = "Read what will happen, and tick the box."


@dataclass(frozen=True, slots=True, kw_only=True)
class Deregistration:
    """One deregistration. Its ticket has number, secret and the day by which it must be done.

    ``held`` says that the account's history is kept for a case. ``receipt`` is the canonical document of what was
    deleted and kept, ``batch_id`` and ``leaf_index`` its place in the evidence, ``salt`` what opens its commitment.
    ``authority_reference`` names the registration at the authority until it confirmed, at ``revoked_at``, its end.
    """

    holder_id: HolderId
    deregistration_id: str
    ticket_id: str
    state: DeregistrationState
    asked_at: datetime
    cooling_until: datetime
    done_at: datetime | None = None
    cancelled_at: datetime | None = None
    undone_by: UndoneBy | None = None
    held: bool = False
    salt: bytes = field(default=b"", repr=False)
    receipt: bytes | None = field(default=None, repr=False)
    batch_id: BatchId | None = None
    leaf_index: int | None = None
    authority_reference: str | None = None
    revoked_at: datetime | None = None

    @property
    def runs(self) -> bool:
        """Say whether it has not ended."""
        return self.state in {DeregistrationState.COOLING, DeregistrationState.EXECUTING}

    @property
    def may_be_undone(self) -> bool:
        """Say whether it can still be undone: what rests beyond its cooling, and was not begun, can."""
        return self.state is DeregistrationState.COOLING

    def check_may_be_undone(self) -> None:
        """Refuse to undo what is being executed, or has ended.

        Raises:
            DeregistrationOver: it is.
        """
        if not self.may_be_undone:
            raise DeregistrationOver

    def waits_for_claims(self, *, now: datetime) -> bool:
        """Say whether a claim on the account holds its end up still: no claim does so for ever."""
        return self.state is DeregistrationState.COOLING and now < self.cooling_until + CLAIMS_WAIT

    def is_due(self, *, now: datetime) -> bool:
        """Say whether it is to be executed: the cooling is over, or it was begun."""
        return self.state is DeregistrationState.EXECUTING or (
            self.state is DeregistrationState.COOLING and now >= self.cooling_until
        )


def cooling_until(asked_at: datetime, *, due_at: datetime) -> datetime:
    """Return when a deregistration is executed: after :data:`COOLING`, and never after the clause's period."""
    return min(asked_at + COOLING, due_at)
