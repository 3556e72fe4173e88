"""Stop an account that nobody signed in to stop: what it shows and who is signed in end with it."""

from __future__ import annotations

from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, Holder
from eztong.ports.act import Act
from eztong.usecases.end_codes import end_codes
from eztong.usecases.note_event import note_event


def stop_account(act: Act, holder: Holder, cause: FreezeCause, *, detail: str) -> Holder:
    """Freeze the account, cancel its codes, end its sessions; ``detail`` begins what its history says of it.

    Raises:
        StateConflict: it was stopped or opened meanwhile.
    """
    frozen = holder.frozen(cause)
    if not act.uow.holders.move(holder, frozen):
        raise StateConflict
    codes = end_codes(act, holder.holder_id)
    sessions = act.uow.sessions.revoke_all(holder.holder_id, now=act.now)
    said = f"{detail} codes_cancelled={codes} sessions_ended={sessions}"
    note_event(act, holder.holder_id, EventKind.FROZEN, detail=said)
    return frozen
