"""Open an account for a new device after its holder proved to be one: lift the own freeze, end what was before."""

from __future__ import annotations

from eztong.domain.access.passkey import Passkey
from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.domain.recovery import Proof
from eztong.ports.services import Services
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.open_session import Opening, open_session
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


def reopen_account(
    found: Holder,
    opening: Opening,
    *,
    proof: Proof,
    keep: Passkey | None = None,
    uow: UnitOfWork,
    services: Services,
) -> Holder:
    """Return the holder as the account stands now: unfrozen if the freeze was the holder's own.

    All sessions, codes and passkeys from before end, but for the passkey to ``keep``; this browser becomes the
    account's device; the holder is told.

    Raises:
        FreezeNotOwn: the operator or the risk rules froze the account.
        StateConflict: its state changed meanwhile.
    """
    now, entropy = services.clock.now(), services.entropy
    holder = found.unfrozen()
    if holder != found:
        if not uow.holders.move(found, holder):
            raise StateConflict
        note_event(holder.holder_id, EventKind.UNFROZEN, uow=uow, entropy=entropy, now=now, detail=f"to={holder.state}")
    uow.codes.end_outstanding(holder.holder_id, None, CodeState.CANCELLED, now)
    uow.sessions.revoke_all(holder.holder_id, now=now)
    for passkey in uow.passkeys.list(holder.holder_id):
        if keep is None or passkey.credential_id != keep.credential_id:
            uow.passkeys.remove(holder.holder_id, passkey.credential_id)
    note_event(holder.holder_id, EventKind.RECOVERED, uow=uow, entropy=entropy, now=now, detail=f"how={proof}")
    open_session(holder, opening, device=None, how="recovery", uow=uow, services=services)
    tell_holder(holder, Topic.ACCOUNT_RECOVERED, {}, uow=uow, keys=services.keys, entropy=entropy, now=now)
    return holder
