"""Keep the number of before: stop a change that waits, or undo one that took effect a short while ago (clause 2.7)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from eztong.domain.contact.phone_change import ChangeState, EndedBy, PhoneChange, PhoneChangeOver
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound, find_unlocked
from eztong.usecases.apart import CONTACT, TELLING, Unread, read_apart
from eztong.usecases.contact.confirm_phone_change import with_number
from eztong.usecases.contact.numbers import hashes_of_token, new_number
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.number_of_before import number_of_before, rests_on_staff_alone


def find_by_link(token: str, *, stored: Repositories, keys: Keys, now: datetime) -> PhoneChange:
    """Return the change that a link stops or undoes.

    Raises:
        PhoneChangeOver: no such link, it was used, or its time is over.
    """
    found = map(stored.phone_changes.by_link_hash, hashes_of_token(token, keys=keys))
    change = next((one for one in found if one is not None), None)
    if change is None or change.cools_until(now=now) is None:
        raise PhoneChangeOver
    return change


def keep_by_link(act: Act, token: str) -> Holder:
    """Stop or undo what the link was sent for, once, without a session; return whose account it is.

    Raises:
        PhoneChangeOver: no such link, it was used, or its time is over.
    """
    change = find_by_link(token, stored=act.uow, keys=act.keys, now=act.now)
    holder = act.uow.holders.get(change.holder_id)
    if holder is None or not holder.has_account:
        raise PhoneChangeOver
    return _keep(act, holder, change, EndedBy.LINK)


def keep_from_session(act: Act, session_hash: bytes) -> Holder:
    """Stop what waits: one press on the bound device; or undo what took effect, after an unlock.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
        PhoneChangeOver: nothing waits that a session stops, and nothing can be undone.
    """
    holder = find_bound(session_hash, stored=act.uow, now=act.now).holder
    newest = act.uow.phone_changes.newest(holder.holder_id)
    if newest is None or newest.cools_until(now=act.now) is None:
        raise PhoneChangeOver
    if newest.is_waiting() and rests_on_staff_alone(newest, holder, keys=act.keys):
        raise PhoneChangeOver
    if newest.can_be_undone(now=act.now):
        find_unlocked(session_hash, stored=act.uow, now=act.now)
    return _keep(act, holder, newest, EndedBy.SESSION)


def settle_at_opening(act: Act, holder: Holder, by: EndedBy, *, by_service: bool = False) -> None:
    """Stop the change that waits, since the account is stopped, or opened for a new device: it came from before.

    What rests on staff alone goes on, unless operator or risk rules stop the account: whoever took it would stop it so.
    """
    newest = newest_or_ended(act, holder.holder_id, by)
    if newest is None or not newest.is_waiting():
        return
    if by_service or not rests_on_staff_alone(newest, holder, keys=act.keys):
        stop_change(act, holder, newest, by)


def newest_or_ended(act: Act, holder_id: HolderId, by: EndedBy) -> PhoneChange | None:
    """Return the account's newest change. One that cannot be read is ended unread if it is open, and none."""
    found = read_apart(act, CONTACT, lambda: act.uow.phone_changes.newest(holder_id))
    if not isinstance(found, Unread):
        return found
    if act.uow.phone_changes.end_unread(holder_id, by=by, now=act.now):
        note_event(act, holder_id, EventKind.PHONE_CHANGE_STOPPED, detail=f"by={by}")
    return None


def undo_for_loss(act: Act, holder: Holder) -> Holder:
    """Undo the change that can be undone, since a loss or theft is told; return the account as it stands then.

    Whoever has the phone may have made it. The number of before is the account's only one again: codes, links that
    stop something, and a number appeal go there, and the new number stops nothing.
    """
    newest = newest_or_ended(act, holder.holder_id, EndedBy.FREEZE)
    if newest is None or not newest.can_be_undone(now=act.now):
        return holder
    # A number of before that cannot be read can be nobody's again; the account is stopped all the same.
    kept = read_apart(act, CONTACT, lambda: _keep(act, holder, newest, EndedBy.FREEZE))
    return holder if isinstance(kept, Unread) else kept


def stop_change(act: Act, holder: Holder, change: PhoneChange, by: EndedBy) -> None:
    """Stop a change that waits, write down by what, and tell both numbers.

    Raises:
        PhoneChangeOver: it waits no more.
    """
    if not act.uow.phone_changes.end(change, ChangeState.STOPPED, by=by, now=act.now):
        raise PhoneChangeOver
    note_event(act, holder.holder_id, EventKind.PHONE_CHANGE_STOPPED, detail=f"by={by}")
    _tell_both(act, holder, change)


def _keep(act: Act, holder: Holder, change: PhoneChange, by: EndedBy) -> Holder:
    if change.is_waiting():
        stop_change(act, holder, change, by)
        return holder
    if not act.uow.phone_changes.end(change, ChangeState.REVERTED, by=by, now=act.now):
        raise PhoneChangeOver
    # No limit keeps a number from going back to where it was.
    kept = with_number(act, holder, number_of_before(change, holder, keys=act.keys))
    if not act.uow.holders.change_phone(holder, kept):
        raise StateConflict
    note_event(act, holder.holder_id, EventKind.PHONE_CHANGE_UNDONE, detail=f"by={by}")
    _tell_both(act, holder, change)
    return kept


def _tell_both(act: Act, holder: Holder, change: PhoneChange) -> None:
    reads = [partial(read, change, holder, keys=act.keys) for read in (number_of_before, new_number)]
    both = [read_apart(act, TELLING, read) for read in reads]
    # There may have been no number of before.
    tell_holder(act, holder, Topic.PHONE_KEPT, {}, to=[one for one in both if one and not isinstance(one, Unread)])
