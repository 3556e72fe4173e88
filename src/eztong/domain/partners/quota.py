"""Monthly quotas: how many verifications a partner may have in a month of China, and what happens beyond."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, TooMany
from eztong.domain.identity.age import SHANGHAI, service_date

MOST_IN_MONTH: Final = 10_000_000_000
WARNED_FROM: Final = 80
"""Per cent of the quota from which the partner's own pages warn."""

WHOLE: Final = 100


class OverQuota(StrEnum):
    """What happens beyond the quota: the operator chooses for each partner."""

    REFUSE = "refuse"
    WARN = "warn"


class QuotaInvalid(InputInvalid):
    """The number cannot be a quota."""

    code = "quota_invalid"
    advice = f"A quota has 1 to {MOST_IN_MONTH} verifications a month; 0 takes it away."


class QuotaUsedUp(TooMany):
    """The partner's quota of this month is used up, and the operator chose to refuse beyond it."""

    code = "quota_used_up"
    advice = "It begins anew with the next month (Asia/Shanghai), after Retry-After. Ask the operator for more."


@dataclass(frozen=True, slots=True)
class Quota:
    """So many verifications in a month of China, whatever came of them."""

    amount: int
    over: OverQuota

    def percent(self, used: int) -> int:
        """Return how much of it is used, in whole per cent."""
        return used * WHOLE // self.amount

    def refuses(self, used: int) -> bool:
        """Say whether nothing more is verified after so many."""
        return self.over is OverQuota.REFUSE and used >= self.amount


def parse_quota(amount: int, over: OverQuota) -> Quota | None:
    """Return the quota of so many verifications; None for 0.

    Raises:
        QuotaInvalid: it cannot be one.
    """
    if amount == 0:
        return None
    if not 0 < amount <= MOST_IN_MONTH:
        raise QuotaInvalid
    return Quota(amount, over)


def month_begins(now: datetime) -> datetime:
    """Return the moment at which this month began in China."""
    return _begins(now, months=0)


def next_month_begins(now: datetime) -> datetime:
    """Return the moment at which the next month begins in China."""
    return _begins(now, months=1)


def check_quota(until: datetime | None, *, now: datetime) -> None:
    """Refuse a verification while the quota is used up, ``until`` which moment.

    Raises:
        QuotaUsedUp: with the seconds until it begins anew, and the day.
    """
    if until is not None and now < until:
        seconds = int((until - now).total_seconds()) + 1
        raise QuotaUsedUp(f"It begins anew on {service_date(until).isoformat()}.", retry_after=seconds)


def _begins(now: datetime, *, months: int) -> datetime:
    today = service_date(now)
    count = today.year * 12 + today.month - 1 + months
    first = today.replace(year=count // 12, month=count % 12 + 1, day=1)
    return datetime.combine(first, time(), SHANGHAI).astimezone(UTC)
