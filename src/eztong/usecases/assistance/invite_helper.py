"""Invite a helper: six digits that the elder shows or reads to them (preamble; clause 2.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eztong.domain.assistance.assistance import (
    HELPER_INVITATIONS,
    Assistance,
    AssistanceEnd,
    AssistanceState,
    HelpSide,
)
from eztong.domain.errors import StateConflict
from eztong.domain.guardianship.guardianship import INVITATION_DIGITS
from eztong.domain.holder import Holder
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.usecases.assistance.end_assistance import queue_end
from eztong.usecases.assistance.parties import TABLE, digits_hash, end, find_party, note_both
from eztong.usecases.draw_digits import draw_digits
from eztong.usecases.naming import new_id
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import open_vault

_DRAWS: Final = 20
"""How often digits are drawn that another open invitation has; with a thousand of them one draw in a thousand does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteHelper:
    """For how many days somebody shall help, and whether they hear of uses, too."""

    session_hash: bytes
    days: int
    with_uses: bool = False


def invite_helper(act: Act, command: InviteHelper) -> Assistance:
    """Make an invitation of a day; one that was made before, and nobody confirmed, ends. A helper goes on meanwhile.

    1. The elder is an adult with an account in use, unlocked just now.
    2. The digits are kept sealed under the elder's key, and as a keyed hash. No other open invitation has them.
    3. A job ends it when its day is over.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, HelperNotEligible: this session may not.
        TooMany: ten were made today.
    """
    elder = find_party(command.session_hash, stored=act.uow, keys=act.keys, now=act.now)
    spend(act, HELPER_INVITATIONS, elder.holder_id.encode())
    for one in act.uow.assistances.of_elder(elder.holder_id):
        if one.state in {AssistanceState.INVITED, AssistanceState.ACCEPTED}:
            end(act, one, AssistanceEnd.REPLACED)
    digits, invite_hash = _free_digits(act)
    assistance_id = new_id(act, "ast")
    vault = open_vault(elder, keys=act.keys)
    invited = Assistance(
        assistance_id=assistance_id,
        elder_id=elder.holder_id,
        state=AssistanceState.INVITED,
        asked_at=act.now,
        days=command.days,
        with_uses=command.with_uses,
        invite_hash=invite_hash,
        sealed_digits=vault.seal(assistance_id, digits.encode(), entropy=act.entropy, table=TABLE),
    )
    act.uow.assistances.add(invited)
    queue_end(act, invited)
    note_both(act, invited, by=HelpSide.ELDER)
    return invited


def open_digits(invited: Assistance, elder: Holder, *, keys: Keys) -> str:
    """Return the digits of an invitation, for the page of who invited."""
    sealed = invited.sealed_digits or b""
    return open_vault(elder, keys=keys).open(invited.assistance_id, sealed, table=TABLE).decode()


def _free_digits(act: Act) -> tuple[str, bytes]:
    for _ in range(_DRAWS):
        digits = draw_digits(act, INVITATION_DIGITS)
        invite_hash = digits_hash(digits, keys=act.keys)
        other = act.uow.assistances.by_invitation(invite_hash)
        if other is None or other.is_over(now=act.now):
            return digits, invite_hash
    raise StateConflict
