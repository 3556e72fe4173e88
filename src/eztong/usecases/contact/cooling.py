"""While the contact cools: weighty acts wait (clauses 2.6, 2.7; ADR 0058)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from eztong.domain.contact.phone_change import ContactCooling, PhoneChange, seconds_until
from eztong.domain.errors import SessionMissing
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.identifiers import HolderId
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_session
from eztong.usecases.number_of_before import rests_on_staff_alone


def contact_cools_until(holder_id: HolderId, *, stored: Repositories, now: datetime) -> datetime | None:
    """Return until when the account's contact cools; None if it does not."""
    # A phone may have come with the account, from a guardian who can still have it back.
    return _latest(stored.phone_changes.newest(holder_id), stored.guardianships.of_ward(holder_id), now=now)


def change_for_account(session_hash: bytes, *, stored: Repositories, keys: Keys, now: datetime) -> PhoneChange | None:
    """Return the change of the phone that waits for this session's account, and that the session can stop."""
    try:
        holder = find_session(session_hash, stored=stored, now=now).holder
    except SessionMissing:
        return None
    newest = stored.phone_changes.newest(holder.holder_id)
    if newest is None or not newest.is_waiting() or rests_on_staff_alone(newest, holder, keys=keys):
        return None
    return newest


def check_contact_settled(holder_id: HolderId, *, stored: Repositories, now: datetime) -> None:
    """Refuse a weighty act while the phone was changed a short while ago, or is about to be.

    Raises:
        ContactCooling: with the seconds until the contact is settled.
    """
    _refuse_until(contact_cools_until(holder_id, stored=stored, now=now), now=now)


def check_settled_as_read(newest: PhoneChange | None, cared: Iterable[Guardianship], *, now: datetime) -> None:
    """Refuse it by what could be read of the account's newest change and of those who are, or were, its guardians.

    Raises:
        ContactCooling: with the seconds until the contact is settled.
    """
    _refuse_until(_latest(newest, cared, now=now), now=now)


def _latest(newest: PhoneChange | None, cared: Iterable[Guardianship], *, now: datetime) -> datetime | None:
    moments = [None if newest is None else newest.cools_until(now=now), *(one.settles_at for one in cared)]
    return max((one for one in moments if one is not None and one > now), default=None)


def _refuse_until(until: datetime | None, *, now: datetime) -> None:
    if until is not None:
        raise ContactCooling(retry_after=seconds_until(until, now=now))
