"""End a child's account as its guardian: the consent for the child is taken back, and all is erased (PIPL art. 47)."""

from __future__ import annotations

from eztong.domain.guardianship.guardianship import AccountClaimed
from eztong.domain.standing import check_may_show_code
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.contact.cooling import check_contact_settled
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, Asked, begin_deregistration
from eztong.usecases.guardianship.care import find_kept_ward, is_asked_for


def deregister_ward(act: Act, command: AskDeregistration, ward_id: str, *, calendar: WorkCalendar) -> Asked:
    """Begin the cooling of the account of a ward who has no sign-in; the session is the guardian's.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        WardActsAlone: the ward signs in, and so ends the account alone.
        NothingPasses: a mark lets nothing of the guardian's pass.
        AccountClaimed: somebody else says to be the guardian: staff decide first.
        ContactCooling: the guardian's phone is being changed, or was a short while ago.
        EffectsNotUnderstood: the tick is missing; nothing was done.
        StateConflict: it was stopped or opened meanwhile.
    """
    care = find_kept_ward(command.session_hash, ward_id, stored=act.uow, keys=act.keys, now=act.now)
    check_may_show_code(care.guardian)
    if is_asked_for(care.ward, stored=act.uow):
        raise AccountClaimed
    # Not the ward's, which has no phone: who took the guardian's number over ends no account of a child.
    check_contact_settled(care.guardian.holder_id, stored=act.uow, now=act.now)
    by_guardian = act.as_guardian(care.guardianship.guardianship_id)
    return begin_deregistration(by_guardian, care.ward, command, calendar=calendar)
