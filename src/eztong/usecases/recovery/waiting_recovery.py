"""Let a recovery wait, stop it, and complete it when its time has come (clauses 2.6, 2.9; ADR 0028).

While it waits the new browser has no session of the account, only its place in the row: nothing of the account can open
to it, whatever page it asks for.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.damage import SealedDataDamaged
from eztong.domain.errors import OtpExpired, SessionMissing
from eztong.domain.events import EventKind
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.notices import Topic
from eztong.domain.recovery import (
    Proof,
    Recovery,
    RecoveryOver,
    RecoveryState,
    StoppedBy,
    check_may_complete,
    check_may_wait,
)
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.services import Deployment
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_session
from eztong.usecases.access.open_session import Opening
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import OF_OTHERS, tell_holder
from eztong.usecases.recovery.reopen_account import reopen_account
from eztong.usecases.stop_waiting import stop_waiting
from eztong.usecases.told_loss import lost_since

_TOKEN_BYTES: Final = 32
_STOP: Final = b"recovery_stop\x00"


@dataclass(frozen=True, slots=True)
class WaitingTerms:
    """How long a recovery waits, and the address that the link for stopping it begins with."""

    wait: timedelta
    public_url: str


def terms_of(deployment: Deployment) -> WaitingTerms:
    """Return the terms of this installation."""
    return WaitingTerms(deployment.recovery_wait, deployment.public_url)


def begin_waiting(act: Act, holder: Holder, opening: Opening, *, terms: WaitingTerms) -> Recovery:
    """Begin to wait, and tell the holder with the link that stops it. A later one replaces an earlier.

    Raises:
        OtpExpired: the account has no phone, so that no code proved it and nobody could be told.
        RecoveryPaused: one was stopped, or the account frozen for a loss or theft, a short while ago.
        FreezeNotOwn: the operator or the risk rules froze the account.
        SealedDataDamaged: a contact of the holder cannot be read, and so not be told.
    """
    holder.unfrozen()
    if is_kept_by_guardian(holder):
        raise OtpExpired
    earlier = act.uow.recoveries.newest(holder.holder_id)
    check_not_paused(holder, stored=act.uow, now=act.now)
    if earlier is not None and earlier.state is RecoveryState.WAITING:
        _end(act, earlier, RecoveryState.REPLACED)
    token = base64.urlsafe_b64encode(act.entropy.token(_TOKEN_BYTES)).rstrip(b"=").decode()
    recovery = Recovery(
        holder_id=holder.holder_id,
        recovery_id=new_id(act, "rcv"),
        state=RecoveryState.WAITING,
        session_hash=opening.fresh_hash,
        stop_hash=_hash_token(token, keys=act.keys),
        device_label=opening.device_label,
        started_at=act.now,
        due_at=act.now + terms.wait,
    )
    act.uow.recoveries.add(recovery)
    note_event(act, holder.holder_id, EventKind.RECOVERY_STARTED, detail=f"how={Proof.AUTHORITY}")
    params = {
        "until": recovery.due_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "link": f"{terms.public_url}/recover/stop/{token}",
    }
    # It opens the account unless its holder stops it, who must hear of it.
    if set(tell_holder(act, holder, Topic.RECOVERY_WAITING, params)) - OF_OTHERS:
        raise SealedDataDamaged
    return recovery


def check_not_paused(holder: Holder, *, stored: Repositories, now: datetime) -> None:
    """Refuse where a veto, or a freeze for a loss or theft that lasts, is too fresh for another recovery to wait.

    Raises:
        RecoveryPaused: with the seconds to wait.
    """
    newest = stored.recoveries.newest(holder.holder_id)
    check_may_wait(newest, stolen_at=lost_since(holder, stored=stored), now=now)


def stop_from_session(act: Act, session_hash: bytes) -> None:
    """Stop what waits for the account of this session: one press, no unlock. Nothing waiting is fine, too.

    Raises:
        SessionMissing: this browser is not signed in.
    """
    holder = find_session(session_hash, stored=act.uow, now=act.now).holder
    stop_waiting(act, holder, StoppedBy.SESSION)


def find_by_link(token: str, *, stored: Repositories, keys: Keys, now: datetime) -> Recovery:
    """Return the recovery that a link stops.

    Raises:
        RecoveryOver: no such link, or nothing waits any more.
    """
    hashes = keys.macs(MacPurpose.SESSION, _STOP + token.encode())
    recovery = next((one for one in map(stored.recoveries.by_stop_hash, hashes) if one is not None), None)
    if recovery is None or not recovery.is_waiting(now=now):
        raise RecoveryOver
    return recovery


def stop_by_link(act: Act, token: str) -> Holder:
    """Stop what the link was sent for, once, without a session; return whose account it is.

    Raises:
        RecoveryOver: no such link, or nothing waits any more.
    """
    recovery = find_by_link(token, stored=act.uow, keys=act.keys, now=act.now)
    holder = act.uow.holders.get(recovery.holder_id)
    if holder is None or not stop_waiting(act, holder, StoppedBy.LINK):
        raise RecoveryOver
    return holder


def withdraw(act: Act, session_hash: bytes) -> None:
    """End what this very browser began; that is no veto, so another one may begin at once.

    Raises:
        RecoveryOver: this browser waits for nothing.
    """
    recovery = act.uow.recoveries.of_session(session_hash)
    if recovery is None:
        raise RecoveryOver
    _end(act, recovery, RecoveryState.WITHDRAWN)
    note_event(act, recovery.holder_id, EventKind.RECOVERY_WITHDRAWN)


def complete_recovery(act: Act, opening: Opening) -> Holder:
    """Open the account for the browser that waited: it becomes the device, everything from before ends, the PIN too.

    Raises:
        RecoveryOver, RecoveryNotDue: not, or not yet.
        FreezeNotOwn: the operator or the risk rules froze the account.
    """
    recovery = check_may_complete(act.uow.recoveries.of_session(opening.session_hash), now=act.now)
    holder = act.uow.holders.get(recovery.holder_id)
    if holder is None or not holder.has_account:
        raise RecoveryOver
    _end(act, recovery, RecoveryState.COMPLETED)
    act.uow.pins.remove(holder.holder_id)
    return reopen_account(act, holder, opening, proof=Proof.AUTHORITY, asked_at=recovery.started_at)


def waiting_for_account(session_hash: bytes, *, stored: Repositories, now: datetime) -> Recovery | None:
    """Return what waits for the account that this session is signed in to."""
    try:
        holder = find_session(session_hash, stored=stored, now=now).holder
    except SessionMissing:
        return None
    newest = stored.recoveries.newest(holder.holder_id)
    return newest if newest is not None and newest.is_waiting(now=now) else None


def _end(act: Act, recovery: Recovery, state: RecoveryState) -> None:
    if not act.uow.recoveries.end(recovery, state, by=None, now=act.now):
        raise RecoveryOver


def _hash_token(token: str, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.SESSION, _STOP + token.encode())
