"""A message code serves its account as long as the phone that it went to does (clauses 2.6, 2.7, 2.9; ADR 0058)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from eztong.domain.access.otp import OtpChallenge
from eztong.domain.contact.phone_change import ChangeWay
from eztong.domain.errors import OtpExpired
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.ports.act import Act
from eztong.ports.storage.holders import HolderEvent
from eztong.usecases.apart import CONTACT, Unread, read_apart

_TAKES_AWAY: Final = frozenset({EventKind.PHONE_CHANGED, EventKind.PHONE_CHANGE_UNDONE, EventKind.TAKEN_BACK})


def check_phone_serves(act: Act, holder: Holder, challenge: OtpChallenge) -> None:
    """Refuse a code that was sent before the account lost the number that it went to, or where it has none.

    After a change by both numbers the one of before still serves. A history that cannot be read keeps nobody out.

    Raises:
        OtpExpired: the phone is not the account's any more.
    """
    if holder.phone_index is None:
        raise OtpExpired
    lost_at = read_apart(act, CONTACT, lambda: _number_lost_at(act, holder))
    if not isinstance(lost_at, Unread) and lost_at is not None and challenge.created_at <= lost_at:
        raise OtpExpired


def _number_lost_at(act: Act, holder: Holder) -> datetime | None:
    return next((one.at for one in act.uow.holders.events(holder.holder_id) if _takes_away(one)), None)


def _takes_away(event: HolderEvent) -> bool:
    return event.kind in _TAKES_AWAY and event.fact("how") != ChangeWay.BOTH_NUMBERS
