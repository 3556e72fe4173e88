"""Open an account for a new device after its holder proved to be one: lift the own freeze, end what was before."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.access.passkey import Passkey
from eztong.domain.contact.phone_change import EndedBy
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.domain.recovery import Proof
from eztong.ports.act import Act
from eztong.usecases.access.loss import is_settled_pin
from eztong.usecases.access.open_session import Opening, open_session
from eztong.usecases.contact.end_opened import end_new
from eztong.usecases.contact.keep_number import settle_at_opening
from eztong.usecases.end_codes import end_codes
from eztong.usecases.guardianship.take_back import take_back_new
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.told_loss import lost_since


def reopen_account(
    act: Act,
    found: Holder,
    opening: Opening,
    *,
    proof: Proof,
    keep: Passkey | None = None,
    asked_at: datetime | None = None,
) -> Holder:
    """Return the holder as the account stands now: unfrozen if the freeze was the holder's own.

    All sessions, codes and passkeys from before end, but for the passkey to ``keep``; so do addresses, choices and a
    PIN that were not there for a while when a loss was told, or else when the recovery was asked for, now or
    ``asked_at``, and every link that freezes; a ward's account that went over as lately is had back. This browser
    becomes the account's device; the holder is told.

    Raises:
        FreezeNotOwn: the operator or the risk rules froze the account.
        StateConflict: its state changed meanwhile.
    """
    at = lost_since(found, stored=act.uow) or asked_at or act.now
    holder = found.unfrozen()
    if holder != found:
        if not act.uow.holders.move(found, holder):
            raise StateConflict
        note_event(act, holder.holder_id, EventKind.UNFROZEN, detail=f"to={holder.state}")
    settle_at_opening(act, holder, EndedBy.RECOVERY)
    end_new(act, holder, at=at, by="recovery")
    take_back_new(act, holder, at=at, by="recovery")
    pin = act.uow.pins.get(holder.holder_id)
    if pin is not None and proof is not Proof.PIN and not is_settled_pin(pin, holder, lost_at=at, stored=act.uow):
        act.uow.pins.remove(holder.holder_id)
    end_codes(act, holder.holder_id)
    act.uow.sessions.revoke_all(holder.holder_id, now=act.now)
    for passkey in act.uow.passkeys.list(holder.holder_id):
        if keep is None or passkey.credential_id != keep.credential_id:
            act.uow.passkeys.remove(holder.holder_id, passkey.credential_id)
    note_event(act, holder.holder_id, EventKind.RECOVERED, detail=f"how={proof}")
    open_session(act, holder, opening, device=None, how="recovery")
    tell_holder(act, holder, Topic.ACCOUNT_RECOVERED, {})
    return holder
