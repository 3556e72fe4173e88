"""Undo a deregistration while it cools: the account is exactly as it was before, with the cause of whatever stopped it.

Whoever asked undoes it from the session, or with number and secret; that of a child, its active guardian from the
session. A loss or theft that is told undoes it as well: somebody else may have asked.
"""

from __future__ import annotations

from eztong.domain.deregistration.deregistration import DeregistrationOver, GuardianUndoes, UndoneBy
from eztong.domain.guardianship.guardianship import WardActsAlone
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.standing import check_may_show_code
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.apart import CONTACT, Unread, each_by_itself, read_apart
from eztong.usecases.end_codes import kept_or_unread
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket
from eztong.usecases.guardianship.care import find_ward
from eztong.usecases.undo_leaving import undo_if_leaving, undo_leaving


def undo_from_session(act: Act, session_hash: bytes) -> Holder:
    """Undo the deregistration of the session's account; return the account as it stands then.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
        DeregistrationOver: there is none that can be undone.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    running = act.uow.deregistrations.running(holder.holder_id)
    if running is None:
        raise DeregistrationOver
    return undo_leaving(act, holder, running, UndoneBy.SESSION)


def undo_with_secret(act: Act, proof: TicketProof) -> Holder:
    """Undo the deregistration of the ticket that number and secret open.

    Raises:
        TicketUnknown: they open none.
        DeregistrationOver: it cannot be undone any more.
        GuardianUndoes: it is of a child's account, whose active guardian undoes it from the own session.
    """
    ticket = find_ticket(proof, stored=act.uow, keys=act.keys, now=act.now)
    running = act.uow.deregistrations.of_ticket(ticket.ticket_id)
    holder = None if running is None else act.uow.holders.get(running.holder_id)
    if running is None or holder is None:
        raise DeregistrationOver
    running.check_may_be_undone()
    if is_kept_by_guardian(holder):
        # Who noted the secret down may be guardian no more, or never was.
        raise GuardianUndoes
    return undo_leaving(act, holder, running, UndoneBy.SECRET)


def undo_ward(act: Act, session_hash: bytes, ward_id: str) -> Holder:
    """Undo the deregistration of a ward who has no sign-in: it belongs to the active guardian, whoever asked.

    Also past the ward's 18th birthday, as nobody else can undo it; then the account is handed over, and no more.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        NothingPasses: a mark lets nothing of the guardian's pass.
        WardActsAlone: the ward signs in, and so undoes it alone.
        DeregistrationOver: there is none that can be undone.
    """
    care = find_ward(session_hash, ward_id, stored=act.uow, keys=act.keys, now=act.now)
    if not is_kept_by_guardian(care.ward):
        raise WardActsAlone
    check_may_show_code(care.guardian)
    running = act.uow.deregistrations.running(care.ward.holder_id)
    if running is None:
        raise DeregistrationOver
    return undo_leaving(act.as_guardian(care.guardianship.guardianship_id), care.ward, running, UndoneBy.SESSION)


def undo_for_loss(act: Act, holder: Holder) -> Holder:
    """Undo what may be undone of an account whose holder tells a loss or theft; return the account as it stands then.

    So is what runs of the children that it keeps: somebody else may have asked with its phone.
    """
    act.uow.apart(CONTACT, lambda: _undo_of_wards(act, holder))
    staying = read_apart(act, CONTACT, lambda: undo_if_leaving(act, holder, UndoneBy.LOSS))
    return holder if isinstance(staying, Unread) else staying


def _undo_of_wards(act: Act, guardian: Holder) -> None:
    each_by_itself(act, CONTACT, kept_or_unread(act, guardian.holder_id), lambda ward_id: _undo_of(act, ward_id))


def _undo_of(act: Act, ward_id: HolderId) -> None:
    ward = act.uow.holders.get(ward_id)
    if ward is not None:
        undo_if_leaving(act, ward, UndoneBy.LOSS)
