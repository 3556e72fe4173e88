"""Read what a partner asked: a page of verifications, and how many there were on each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from eztong.domain.codes.verification import Verification
from eztong.domain.damage import Listed
from eztong.domain.identifiers import ULID_RANDOM_BYTES, PartnerId, make_id
from eztong.domain.partners.partner import Partner
from eztong.domain.partners.quota import WARNED_FROM, WHOLE, Quota, month_begins, next_month_begins
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


def count_since(partner_id: PartnerId, moment: datetime, *, stored: Repositories) -> int:
    """Return how many verifications the partner had since a moment."""
    return sum(count for _, _, count in stored.verifications.count_by_day(partner_id, since=first_of(moment)))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUse:
    """How a partner stands with its quota of this month."""

    quota: Quota
    used: int
    begins_anew: datetime

    @property
    def percent(self) -> int:
        """How much is used, in whole per cent."""
        return self.quota.percent(self.used)

    @property
    def is_warned_of(self) -> bool:
        """Say whether the partner's pages warn."""
        return self.percent >= WARNED_FROM

    @property
    def is_used_up(self) -> bool:
        """Say whether all of it is used."""
        return self.percent >= WHOLE


def quota_use_of(partner: Partner, *, stored: Repositories, now: datetime) -> QuotaUse | None:
    """Return how the partner stands with its quota; None if it has none."""
    if partner.quota is None:
        return None
    used = count_since(partner.partner_id, month_begins(now), stored=stored)
    return QuotaUse(quota=partner.quota, used=used, begins_anew=next_month_begins(now))


def first_of(moment: datetime) -> str:
    """Return the id below which every verification was before this moment."""
    return make_id(_PREFIX, now=moment, random=_FIRST)
