"""An assistance: ``invited -> accepted -> active``, and at any step ``-> ended``. It ends by the clock, at the latest.

An elder (any adult) makes an invitation; the helper types its digits in an own session; the elder, who sees by the
masked name who did, confirms. A helper hears of what warns or reminds the elder, and does nothing in the elder's
account.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.errors import InputInvalid, NotFound, NotPermitted, StateConflict
from eztong.domain.identifiers import HolderId

INVITATION_LIFE: Final = timedelta(hours=24)
"""Within which the digits are typed, and confirmed."""
PERIODS: Final = (1, 7, 30, 90)
"""For how many days an elder may let somebody help. There is no other way to go on than a new invitation."""
MOST_HELPED: Final = 5
"""How many people one account may help, or be about to help, at a time."""

_DAY: Final = timedelta(days=1)
HELPER_INVITATIONS: Final = Budget("helper_invitations", 10, _DAY)
"""Invitations that one account may make."""
NEWS_OF_ELDER: Final = Budget("helper_news", 6, timedelta(hours=1))
"""Messages to a helper about one topic of an elder: whoever flips a switch must not flood somebody else's phone."""
WRONG_BY_HELPER: Final = Budget("helper_wrong_digits", 5, _DAY)
"""Wrong digits that one account may type, whoever made the invitation."""


class AssistanceState(StrEnum):
    """Where it stands."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    ENDED = "ended"


class HelpSide(StrEnum):
    """Who is helped, and who helps."""

    ELDER = "elder"
    HELPER = "helper"


class AssistanceEnd(StrEnum):
    """What ended it."""

    ELDER = "elder"
    """The elder, also by not confirming who typed the digits."""
    HELPER = "helper"
    TIME = "time"
    """Its period is over, or the invitation's day."""
    REPLACED = "replaced"
    """A newer invitation, or another helper."""
    STOPPED = "stopped"
    """A freeze, a told loss or a recovery: somebody else may have begun it in the elder's name."""
    ACCOUNT = "account"
    """The account of either ended."""


class HelpNotUnderstood(InputInvalid):
    """The box under what a helper does and does not was not ticked."""

    code = "help_not_understood"
    advice = "Read what a helper does and does not, and tick the box. No try was counted."


class HelperInvitationWrong(InputInvalid):
    """No open invitation has these digits."""

    code = "helper_invitation_wrong"
    advice = "Check the six digits with the person who invites you; invitations end after a day."


class HelperNotEligible(NotPermitted):
    """Who helps and who is helped are adults with an account in use, and nobody helps oneself."""

    code = "helper_not_eligible"
    advice = "Both people are adults with an account of their own that is in use."


class HelpedFull(StateConflict):
    """As many people as one account may help."""

    code = "helped_full"
    advice = "End what you no longer need; then more people can be helped."


class AssistanceMissing(NotFound):
    """The account is on neither side of such an assistance."""

    code = "assistance_missing"
    advice = "Look under Me, Family, for who helps you and whom you help."


class AssistanceNotWaiting(StateConflict):
    """Nobody typed the digits, or it is over."""

    code = "assistance_not_waiting"
    advice = "Look at the page again; if the day of the invitation is over, make a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistance:
    """Who helps whom, and how it came and went.

    The digits of an invitation are ``sealed_digits`` under the elder's key, to be shown again, and found by
    ``invite_hash``; both are emptied once they were typed. Neither side's name is in it.
    """

    assistance_id: str
    elder_id: HolderId
    state: AssistanceState
    asked_at: datetime
    days: int
    with_uses: bool = False
    """The helper hears of uses, too, where the elder chose to be told of them."""
    helper_id: HolderId | None = None
    invite_hash: bytes | None = field(default=None, repr=False)
    sealed_digits: bytes | None = field(default=None, repr=False)
    accepted_at: datetime | None = None
    began_at: datetime | None = None
    until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: AssistanceEnd | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it was not ended yet; its time may be over all the same."""
        return self.state is not AssistanceState.ENDED

    @property
    def due_at(self) -> datetime:
        """When it ends by itself."""
        return self.until or self.asked_at + INVITATION_LIFE

    def is_over(self, *, now: datetime) -> bool:
        """Say whether it was ended, or its time is over."""
        return not self.is_open or now >= self.due_at

    def is_in(self, state: AssistanceState, *, now: datetime) -> bool:
        """Say whether it stands there now: nothing does whose time is over, before anybody ended it or after."""
        return self.state is state and now < self.due_at

    def accepted(self, helper_id: HolderId, *, now: datetime) -> Assistance:
        """Return it after the helper typed the digits.

        Raises:
            HelperNotEligible: it is the elder.
            HelperInvitationWrong: it takes none.
        """
        if helper_id == self.elder_id:
            raise HelperNotEligible
        if not self.is_in(AssistanceState.INVITED, now=now):
            raise HelperInvitationWrong
        return replace(
            self,
            state=AssistanceState.ACCEPTED,
            helper_id=helper_id,
            invite_hash=None,
            sealed_digits=None,
            accepted_at=now,
        )

    def confirmed(self, *, now: datetime) -> Assistance:
        """Return it after the elder confirmed who typed the digits: from now on, for its days.

        Raises:
            AssistanceNotWaiting: it waits for no confirmation.
        """
        if not self.is_in(AssistanceState.ACCEPTED, now=now):
            raise AssistanceNotWaiting
        return replace(self, state=AssistanceState.ACTIVE, began_at=now, until=now + timedelta(days=self.days))

    def ended(self, by: AssistanceEnd, *, now: datetime) -> Assistance:
        """Return it after its end.

        Raises:
            StateConflict: it was ended already.
        """
        if not self.is_open:
            raise StateConflict("This assistance is over.")
        return replace(
            self,
            state=AssistanceState.ENDED,
            ended_at=now,
            ended_by=by,
            invite_hash=None,
            sealed_digits=None,
        )


def parse_days(text: str) -> int:
    """Return for how many days.

    Raises:
        InputInvalid: none of :data:`PERIODS`.
    """
    for days in PERIODS:
        if text == str(days):
            return days
    raise InputInvalid
