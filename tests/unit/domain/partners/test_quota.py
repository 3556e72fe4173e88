"""Monthly quotas: months of China, per cent, and what is refused until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.partners.quota import (
    MOST_IN_MONTH,
    OverQuota,
    Quota,
    QuotaInvalid,
    QuotaUsedUp,
    check_quota,
    month_begins,
    next_month_begins,
    parse_quota,
)


@pytest.mark.parametrize(
    ("now", "began", "next_one"),
    [
        # Midnight in China is four in the afternoon of the day before in UTC.
        (datetime(2026, 1, 31, 15, 59, 59, tzinfo=UTC), (2025, 12, 31), (2026, 1, 31)),
        (datetime(2026, 1, 31, 16, 0, tzinfo=UTC), (2026, 1, 31), (2026, 2, 28)),
        (datetime(2028, 2, 10, tzinfo=UTC), (2028, 1, 31), (2028, 2, 29)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), (2026, 12, 31), (2027, 1, 31)),
    ],
)
def test_a_month_is_chinas(now: datetime, began: tuple[int, int, int], next_one: tuple[int, int, int]) -> None:
    assert month_begins(now) == datetime(*began, 16, tzinfo=UTC)
    assert next_month_begins(now) == datetime(*next_one, 16, tzinfo=UTC)


@pytest.mark.parametrize(("used", "percent", "refuses"), [(2, 66, False), (3, 100, True), (7, 233, True)])
def test_what_is_used_up_refuses_where_the_operator_chose_so(used: int, percent: int, *, refuses: bool) -> None:
    assert Quota(3, OverQuota.REFUSE).percent(used) == percent
    assert Quota(3, OverQuota.REFUSE).refuses(used) is refuses
    assert not Quota(3, OverQuota.WARN).refuses(used)


def test_a_refusal_says_when_it_begins_anew() -> None:
    until = datetime(2026, 1, 31, 16, tzinfo=UTC)
    check_quota(None, now=until)
    check_quota(until, now=until)
    with pytest.raises(QuotaUsedUp, match="2026-02-01") as refused:
        check_quota(until, now=until - timedelta(seconds=90))
    assert refused.value.retry_after == 91


def test_a_quota_is_a_number_of_verifications_and_nought_takes_it_away() -> None:
    assert parse_quota(0, OverQuota.WARN) is None
    assert parse_quota(MOST_IN_MONTH, OverQuota.REFUSE) == Quota(MOST_IN_MONTH, OverQuota.REFUSE)
    for amount in (-1, MOST_IN_MONTH + 1):
        with pytest.raises(QuotaInvalid):
            parse_quota(amount, OverQuota.WARN)
