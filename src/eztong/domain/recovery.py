"""Recovery that waits: known data and a message code alone open an account after a time with notice and veto (2.6).

Whoever holds the phone number, a name and a citizen number may be somebody else. So the account is not opened at once:
its holder is told, and any earlier session, the link in the message, or a freeze stops it. A passkey or the PIN need no
waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import NotPermitted, StateConflict, TooMany
from eztong.domain.identifiers import HolderId

DEFAULT_WAIT: Final = timedelta(hours=24)
LAPSE: Final = timedelta(days=7)
"""How long the new device may take to come for the account once the waiting is over; then nothing waits any more."""

PAUSE: Final = timedelta(hours=72)
"""How long after a veto, or a freeze for a loss or theft, no other recovery may begin to wait; passkey and PIN may."""


SETTLED: Final = timedelta(hours=72)
"""How long before a loss was told a PIN or passkey must have been there to recover the account at once after it."""


class RecoveryState(StrEnum):
    """Where a waiting recovery stands; it never comes back from an end."""

    WAITING = "waiting"
    STOPPED = "stopped"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


class StoppedBy(StrEnum):
    """What stopped a waiting recovery."""

    SESSION = "session"
    LINK = "link"
    FREEZE = "freeze"
    RECOVERY = "recovery"


class Proof(StrEnum):
    """What a recovered account was recovered with."""

    PIN = "pin"
    PASSKEY = "passkey"
    AUTHORITY = "authority"


class RecoveryRefused(StateConflict):
    """The authority did not confirm the person again, or what was typed is not this account's."""

    code = "recovery_refused"
    advice = "Use your passkey or PIN, or contact the operator with your identity document."


class ProofTooNew(NotPermitted):
    """After a loss or theft: this PIN or passkey was set so shortly before that the thief may have set it."""

    code = "proof_too_new"
    advice = "Use a passkey or PIN that is older, or go on without: the person is matched again, and you wait."


class PasskeyOfLostPhone(NotPermitted):
    """After a loss: this passkey was made on the phone that was lost."""

    code = "passkey_of_lost_phone"
    advice = "Use your PIN or a passkey of another device, or go on without: the person is matched again, and you wait."


class RecoveryPaused(TooMany):
    """A recovery was stopped, or the account frozen for a loss or theft, a short while ago."""

    code = "recovery_paused"
    advice = "Use your passkey or PIN, wait as long as Retry-After says, or contact the operator."


class RecoveryNotDue(StateConflict):
    """The waiting is not over."""

    code = "recovery_not_due"
    advice = "Wait until the time that the page names."


class RecoveryOver(StateConflict):
    """Nothing waits: it was stopped, replaced, completed, or nobody came for it."""

    code = "recovery_over"
    advice = "Begin again, or use your passkey or PIN."


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A recovery that waits, or waited, with the hashes of the browser that began it and of the link that stops it."""

    holder_id: HolderId
    recovery_id: str
    state: RecoveryState
    session_hash: bytes = field(repr=False)
    stop_hash: bytes = field(repr=False)
    device_label: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    ended_by: StoppedBy | None = None

    def is_waiting(self, *, now: datetime) -> bool:
        """Say whether it can still be stopped or completed."""
        return self.state is RecoveryState.WAITING and now < self.due_at + LAPSE

    def is_due(self, *, now: datetime) -> bool:
        """Say whether the waiting is over."""
        return now >= self.due_at

    @property
    def pauses_until(self) -> datetime | None:
        """When the next one may begin to wait, if this one was stopped."""
        return self.ended_at + PAUSE if self.state is RecoveryState.STOPPED and self.ended_at else None


def is_settled(made_at: datetime, *, lost_at: datetime) -> bool:
    """Say whether it was there :data:`SETTLED` before a loss was told; what is newer may be the thief's own."""
    return made_at <= settled_until(lost_at)


def settled_until(lost_at: datetime) -> datetime:
    """Return until when whatever was made is the holder's own, where a loss was told then."""
    return lost_at - SETTLED


def is_settled_proof(made_at: datetime, *, lost_at: datetime, first_at: datetime | None) -> bool:
    """Say whether a PIN or passkey is settled.

    ``first_at`` is when the account got its first PIN or passkey: what its holder set then is the holder's.
    """
    return (first_at is not None and made_at <= first_at) or is_settled(made_at, lost_at=lost_at)


def check_settled(made_at: datetime, *, lost_at: datetime, first_at: datetime | None) -> None:
    """Refuse a PIN or passkey that may be the thief's own.

    Raises:
        ProofTooNew: it may be.
    """
    if not is_settled_proof(made_at, lost_at=lost_at, first_at=first_at):
        raise ProofTooNew


def check_may_wait(newest: Recovery | None, *, stolen_at: datetime | None, now: datetime) -> None:
    """Refuse to let a recovery begin to wait soon after one was stopped, or after a freeze for a loss or theft.

    ``stolen_at`` is when the holder said so, as long as that freeze lasts: whoever has the phone can read the messages,
    and the freeze has ended every session that could have stopped the recovery.

    Raises:
        RecoveryPaused: with the seconds to wait.
    """
    vetoes = (None if newest is None else newest.pauses_until, None if stolen_at is None else stolen_at + PAUSE)
    until = max((veto for veto in vetoes if veto is not None), default=now)
    if now < until:
        raise RecoveryPaused(retry_after=int((until - now).total_seconds()) + 1)


def check_may_complete(recovery: Recovery | None, *, now: datetime) -> Recovery:
    """Return the recovery if its time has come.

    Raises:
        RecoveryOver: nothing waits.
        RecoveryNotDue: the waiting is not over.
    """
    if recovery is None or not recovery.is_waiting(now=now):
        raise RecoveryOver
    if not recovery.is_due(now=now):
        raise RecoveryNotDue
    return recovery
