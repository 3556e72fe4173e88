"""Changes of the phone: proved by both numbers, or by the person being matched again and a time of waiting (2.6, 2.7).

``asked -> done``, ``asked -> waiting -> done | stopped``, ``done -> reverted``. While one waits, and for a time after
it took effect, the contact *cools*: the number of before is still told, can undo the change, and serves for freezing
and recovering; nothing weighty is done meanwhile, and the number is not changed once more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.errors import InputInvalid, StateConflict, TooMany
from eztong.domain.identifiers import HolderId

COOLING: Final = timedelta(hours=72)
"""How long the number of before can undo a change, and how long a change without it waits."""

DEFAULT_APPEAL_WAIT: Final = timedelta(days=7)
"""How long a change waits that staff decided on a number appeal."""

ASK_LIFE: Final = timedelta(minutes=30)
"""How long codes may be typed for a number that was asked for."""

PAUSE: Final = timedelta(hours=72)
"""How long after the number of before stopped a change no other may begin to wait."""

ASKS_BY_ACCOUNT: Final = Budget("phone_changes_asked", 6, timedelta(days=1))
"""Numbers that an account may ask to change to."""

MATCHES_BY_ACCOUNT: Final = Budget("phone_changes_matched", 5, timedelta(days=1))
"""Names and numbers that an account may have matched again to change the phone."""


class ChangeState(StrEnum):
    """Where a change stands; the last two are final."""

    ASKED = "asked"
    """The codes are on their way; nothing has changed."""
    WAITING = "waiting"
    """It takes effect later, unless somebody stops it."""
    DONE = "done"
    STOPPED = "stopped"
    REVERTED = "reverted"


class ChangeWay(StrEnum):
    """What a change rests on."""

    BOTH_NUMBERS = "both"
    MATCHED = "matched"
    """The number of before is lost: the authority matched the person again."""
    APPEAL = "appeal"
    """Number and devices are lost: staff made sure who asks (号码申诉)."""


class EndedBy(StrEnum):
    """What stopped or reverted a change."""

    LINK = "link"
    """The number of before, by the link in the message to it."""
    SESSION = "session"
    FREEZE = "freeze"
    RECOVERY = "recovery"
    ACCOUNT = "account"
    """The account was not in use any more when it was due."""
    OPERATOR = "operator"
    """Staff, since the holder objected or they were deceived."""
    ROOM = "room"
    """The new number carried as many accounts as it may when it was due."""


class PhoneSame(InputInvalid):
    """The new number is the one that the account has."""

    code = "phone_same"
    advice = "Type another number; this one is the account's already."


class PhoneChangeOver(StateConflict):
    """Nothing is there to go on with: it was stopped, reverted, has taken effect for good, or its time is over."""

    code = "phone_change_over"
    advice = "Look under Me > Phone where it stands; begin again if you need to."


class ContactCooling(StateConflict):
    """The phone was changed a short while ago, or is about to be: weighty acts wait."""

    code = "contact_cooling"
    advice = "Wait as long as Retry-After says, or undo the change of the phone."


class RecoveryInTheWay(StateConflict):
    """A recovery of the account waits: who it is comes first."""

    code = "recovery_in_the_way"
    advice = "Stop the recovery that waits if it is not yours; then change the phone."


class PhoneChangePaused(TooMany):
    """The number of before stopped such a change a short while ago."""

    code = "phone_change_paused"
    advice = "Change it with a code to the number of before, wait as long as Retry-After says, or contact the operator."


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChange:
    """A change of an account's phone; both numbers are sealed with the account's key.

    ``until`` is when one that waits takes effect, and until when one that is done can be undone. ``session_hash`` is
    the browser that asked.
    """

    holder_id: HolderId
    change_id: str
    state: ChangeState
    way: ChangeWay
    session_hash: bytes = field(repr=False)
    sealed_old: bytes = field(repr=False)
    sealed_new: bytes = field(repr=False)
    asked_at: datetime
    link_hash: bytes | None = field(default=None, repr=False)
    begun_at: datetime | None = None
    until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None

    def takes_codes(self, session_hash: bytes, *, now: datetime) -> bool:
        """Say whether its codes may still be typed, in the browser that asked for them alone."""
        is_open = self.state is ChangeState.ASKED and now < self.asked_at + ASK_LIFE
        return is_open and self.session_hash == session_hash

    def is_waiting(self) -> bool:
        """Say whether it will take effect."""
        return self.state is ChangeState.WAITING

    def is_due(self, *, now: datetime) -> bool:
        """Say whether its waiting is over."""
        return self.is_waiting() and self.until is not None and now >= self.until

    def can_be_undone(self, *, now: datetime) -> bool:
        """Say whether it took effect and the number of before can still have it back."""
        return self.state is ChangeState.DONE and self.until is not None and now < self.until

    def cools_until(self, *, now: datetime) -> datetime | None:
        """Return until when the contact cools because of it."""
        if self.is_waiting():
            return self.until if self.until is not None and self.until > now else now + timedelta(minutes=1)
        return self.until if self.can_be_undone(now=now) else None


def check_may_wait(newest: PhoneChange | None, *, now: datetime) -> None:
    """Refuse to let a change begin to wait soon after the number of before stopped one.

    Raises:
        PhoneChangePaused: with the seconds to wait.
    """
    if newest is None or newest.ended_by is not EndedBy.LINK or newest.ended_at is None:
        return
    until = newest.ended_at + PAUSE
    if now < until:
        raise PhoneChangePaused(retry_after=seconds_until(until, now=now))


def seconds_until(moment: datetime, *, now: datetime) -> int:
    """Return the whole seconds until then, at least one."""
    return max(1, int((moment - now).total_seconds()) + 1)
