"""Limit what a ward's account is used for, and withdraw a child's authorisation (preamble; clauses 2.3, 3.6).

To limit and to withdraw is always allowed to the guardian; what lets more pass again goes by the word of a guardian
whose own identity passes somewhere. A ward that has an own sign-in moves the own switches, and withdraws alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eztong.domain.errors import StateConflict, TickMissing
from eztong.domain.evidence.attested_act import AttestedAct
from eztong.domain.holder import Holder
from eztong.domain.identifiers import PartnerId
from eztong.domain.restrictions.mark import BY_GUARDIAN, Cause, Ceiling, effective_ceiling, is_no_looser
from eztong.domain.standing import check_may_show_code
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreements.withdraw_authorisation import end_authorisation
from eztong.usecases.grants.switch_partner import move_switch
from eztong.usecases.guardianship.care import find_guarded, find_kept_ward
from eztong.usecases.restrictions.change_marks import NewMark, change_marks

_RULE: Final = "guardian"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWard:
    """From now on the ward's account passes up to ``ceiling``; None takes the guardian's limit away."""

    session_hash: bytes
    ward_id: str
    ceiling: Ceiling | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchForWard:
    """From now on the partner may verify the child, or may not."""

    session_hash: bytes
    ward_id: str
    partner_id: PartnerId
    on: bool


def guardians_limit(ward: Holder, *, stored: Repositories) -> Ceiling | None:
    """Return the guardian's own limit on the ward, whatever else limits the account."""
    return effective_ceiling(mark for mark in stored.restrictions.list(ward.holder_id) if mark.cause in BY_GUARDIAN)


def limit_ward(act: Act, command: LimitWard) -> Holder:
    """Hold the ward's account to a ceiling, in place of the guardian's limit of before. Twice is the same as once.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        WardActsAlone: the ward is of age.
        HolderNotUsable, NothingPasses: it lets more pass, and nothing of the guardian's own passes.
        StateConflict: the ward has no account, or marks changed meanwhile.
    """
    care = find_guarded(command.session_hash, command.ward_id, stored=act.uow, keys=act.keys, now=act.now)
    if not care.ward.has_account:
        raise StateConflict("The ward has no account that could be limited.")
    before = guardians_limit(care.ward, stored=act.uow)
    if before is command.ceiling:
        return care.ward
    if before is not None and (command.ceiling is None or not is_no_looser(command.ceiling, before)):
        check_may_show_code(care.guardian)
    new = None if command.ceiling is None else NewMark(cause=Cause.MINOR_LIMITS, ceiling=command.ceiling, rule=_RULE)
    act = act.as_guardian(care.guardianship.guardianship_id)
    return change_marks(act, care.ward, new=new, lifts=BY_GUARDIAN).holder


def switch_for_ward(act: Act, command: SwitchForWard) -> None:
    """Move a child's switch for one partner, as the child's own choice is its guardian's.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        WardActsAlone: the ward has an own sign-in.
        HolderNotUsable, NothingPasses: switched on, and nothing of the guardian's own passes.
        NotFound: there is no such partner.
    """
    care = find_kept_ward(command.session_hash, command.ward_id, stored=act.uow, keys=act.keys, now=act.now)
    if command.on:
        check_may_show_code(care.guardian)
    by_guardian = act.as_guardian(care.guardianship.guardianship_id)
    move_switch(by_guardian, care.ward.holder_id, command.partner_id, on=command.on)


def withdraw_for_ward(act: Act, session_hash: bytes, ward_id: str, *, understood: bool) -> AttestedAct | None:
    """Withdraw a child's authorisation, which the guardian gave; None if nothing was left to withdraw.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        WardActsAlone: the ward has an own sign-in.
        TickMissing: that the child's code stops was not ticked; nothing was done.
    """
    care = find_kept_ward(session_hash, ward_id, stored=act.uow, keys=act.keys, now=act.now)
    if not understood:
        raise TickMissing
    return end_authorisation(act.as_guardian(care.guardianship.guardianship_id), care.ward)
