"""The number of before, as long as it serves beside the account's own for freezing and recovering (2.7; ADR 0058)."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.contact.phone_change import ChangeWay, PhoneChange
from eztong.domain.damage import SealedDataDamaged
from eztong.domain.errors import HolderErased
from eztong.domain.holder import Holder
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.vault import open_vault

TABLE = "phone_changes"


def number_of_before(change: PhoneChange, holder: Holder, *, keys: Keys) -> str:
    """Return the number of before.

    Raises:
        HolderErased, SealedDataDamaged: it cannot be read.
    """
    return open_vault(holder, keys=keys).open(f"{change.change_id}.old", change.sealed_old, table=TABLE).decode()


def rests_on_staff_alone(change: PhoneChange, holder: Holder, *, keys: Keys) -> bool:
    """Say whether a change has no number of before that hears of it: two operators answer for it then.

    The phone that the account has came over with it lately, perhaps to whoever took the account: neither its session,
    nor a freeze or a recovery, stops such a change (ADR 0078). A number of before that cannot be read is one.
    """
    try:
        return change.way is ChangeWay.APPEAL and not number_of_before(change, holder, keys=keys)
    except (HolderErased, SealedDataDamaged):
        return False


def still_serves(holder: Holder, *, stored: Repositories, keys: Keys, now: datetime) -> str | None:
    """Return the number of before if it still serves, beside the account's own.

    Whoever changed the phone with what they took from its holder must not keep the holder out by that.
    """
    newest = stored.phone_changes.newest(holder.holder_id)
    if newest is None or not newest.can_be_undone(now=now):
        return None
    return number_of_before(newest, holder, keys=keys)
