"""Accept an invitation as the helper, by its six digits, in an own session (preamble; clause 2.11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.assistance.assistance import (
    MOST_HELPED,
    WRONG_BY_HELPER,
    Assistance,
    AssistanceState,
    HelpedFull,
    HelperInvitationWrong,
    HelpNotUnderstood,
    HelpSide,
)
from eztong.domain.guardianship.guardianship import parse_invitation
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.assistance.parties import change, digits_hash, find_party, note_both
from eztong.usecases.notices.warn_holder import tell_account
from eztong.usecases.refusal import Refused
from eztong.usecases.spend_budget import spend, spent


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptInvitation:
    """What the helper types."""

    session_hash: bytes
    digits: str = field(repr=False)
    understood: bool
    """Read what a helper does and does not, and agreed."""


def accept_invitation(act: Act, command: AcceptInvitation) -> Assistance | Refused:
    """Note who typed the digits; nothing begins before the elder confirms, and the helper sees no name until then.

    1. The helper is an adult with an account in use, unlocked just now, and not the elder.
    2. The digits are of an open invitation; a wrong try is counted for the helper. Right ones serve once.
    3. The elder is told, without a name, to look and confirm.

    Raises:
        InvitationDigitsInvalid, HelpNotUnderstood: nothing was tried.
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, HelperNotEligible: this session may not.
        HelpedFull, TooMany: not more, or not today.
    """
    digits = parse_invitation(command.digits)
    if not command.understood:
        raise HelpNotUnderstood
    helper = find_party(command.session_hash, stored=act.uow, keys=act.keys, now=act.now)
    _check_room(helper, stored=act.uow, now=act.now)
    subject = helper.holder_id.encode()
    # Also the right digits are not taken once it is used up. What is spent here goes with the refusal.
    if spent(WRONG_BY_HELPER, subject, stored=act.uow, keys=act.keys, now=act.now) >= WRONG_BY_HELPER.amount:
        spend(act, WRONG_BY_HELPER, subject)
    invited = act.uow.assistances.by_invitation(digits_hash(digits, keys=act.keys))
    if invited is None or not invited.is_in(AssistanceState.INVITED, now=act.now):
        spend(act, WRONG_BY_HELPER, subject)
        return Refused(HelperInvitationWrong())
    accepted = change(act, invited, invited.accepted(helper.holder_id, now=act.now))
    note_both(act, accepted, by=HelpSide.HELPER)
    tell_account(act, accepted.elder_id, Topic.HELPER_ACCEPTED, {})
    return accepted


def _check_room(helper: Holder, *, stored: Repositories, now: datetime) -> None:
    helped = stored.assistances.of_helper(helper.holder_id)
    if sum(not one.is_over(now=now) for one in helped) >= MOST_HELPED:
        raise HelpedFull
