"""Read what a partner asked: a page of verifications, and how many there were on each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from eztong.domain.codes.verification import Verification
from eztong.domain.damage import Listed
from eztong.domain.identifiers import ULID_RANDOM_BYTES, PartnerId, make_id
from eztong.domain.portal.usage import UsedOnDay, by_day, day_begins, days_until
from eztong.ports.storage.codes.verifications import AskedVerifications
from eztong.ports.storage.repositories import Repositories

LOOKED_BACK: Final = timedelta(days=92)
"""How far a search without a day looks back: what matches hardly ever would be looked for among all there ever was."""

_PREFIX: Final = "ver"
_FIRST: Final = bytes(ULID_RANDOM_BYTES)


def page_of_verifications(
    partner_id: PartnerId,
    asked: AskedVerifications,
    *,
    day: date | None,
    before: str,
    limit: int,
    stored: Repositories,
    now: datetime,
) -> Listed[Verification]:
    """Return verifications of the partner that match, newest first, of one day or below the id ``before``."""
    since = ""
    if day is not None:
        since, end = first_of(day_begins(day)), first_of(day_begins(day + timedelta(days=1)))
        before = min(before, end) if before else end
    elif asked != AskedVerifications():
        since = first_of(now - LOOKED_BACK)
    return stored.verifications.search(partner_id, asked, before=before, since=since, limit=limit)


def usage_of(partner_id: PartnerId, *, days: int, stored: Repositories, now: datetime) -> Sequence[UsedOnDay]:
    """Return what the partner used on each of the last days, today the last of them."""
    those = days_until(now, count=days)
    found = stored.verifications.count_by_day(partner_id, since=first_of(day_begins(those[0])))
    return by_day(those, found)


def first_of(moment: datetime) -> str:
    """Return the id below which every verification was before this moment."""
    return make_id(_PREFIX, now=moment, random=_FIRST)
