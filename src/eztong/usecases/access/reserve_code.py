"""The reserve code: what is left to a strange browser when strangers have used up a day's messages (ADR 0026).

One long code then serves every browser that asks for the same subject and purpose on that day, so nothing more need be
sent: who reads the holder's messages has it, however often strangers ask. Using it makes the next one another code.
"""

from __future__ import annotations

from datetime import datetime

from eztong.domain.access.otp import RESERVE_OTP_DIGITS, RESERVES_USED, SENDS_OF_RESERVE, OtpPurpose
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import service_date
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.spend_budget import count, spent, take


def reserve_digits(
    purpose: OtpPurpose,
    subject: bytes,
    holder_id: HolderId | None,
    *,
    stored: Repositories,
    keys: Keys,
    now: datetime,
) -> str:
    """Return the digits of this day's reserve code; they are derived, and stored nowhere.

    Where a code serves one account, it is of that account's phone: whoever had another one has another code.
    """
    used = spent(RESERVES_USED, *_day(purpose, subject, now=now), stored=stored, keys=keys, now=now)
    parts = (*_day(purpose, subject, now=now), str(used).encode(), _phone_of(holder_id, stored=stored))
    mac = keys.mac(MacPurpose.OTP, b"reserve\x00" + b"".join(len(part).to_bytes(4) + part for part in parts))
    return f"{int.from_bytes(mac) % 10**RESERVE_OTP_DIGITS:0{RESERVE_OTP_DIGITS}d}"


def take_reserve_message(act: Act, purpose: OtpPurpose, subject: bytes, *, digits: str) -> bool:
    """Say whether a message may still carry these digits; each code has a few."""
    return take(act, SENDS_OF_RESERVE, *_day(purpose, subject, now=act.now), digits.encode())


def count_reserve_used(act: Act, purpose: OtpPurpose, subject: bytes) -> None:
    """Remember that the code was used, so that it ends."""
    count(act, RESERVES_USED, *_day(purpose, subject, now=act.now))


def _phone_of(holder_id: HolderId | None, *, stored: Repositories) -> bytes:
    # Looked up for nobody as for somebody.
    holder = stored.holders.get(holder_id or HolderId("-" * 30))
    return b"" if holder is None or holder.phone_index is None else holder.phone_index


def _day(purpose: OtpPurpose, subject: bytes, *, now: datetime) -> tuple[bytes, bytes, bytes]:
    return purpose.encode(), subject, service_date(now).isoformat().encode()
