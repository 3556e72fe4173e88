"""The list of what a freeze, a told loss and a recovery end: every table with rows of accounts stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.contact.opened import ENDINGS, LEFT, Part
from eztong.domain.contact.phone_change import COOLING
from eztong.domain.deregistration.erasure import ERASURE, Lot
from eztong.domain.recovery import SETTLED, is_settled, is_settled_proof

LOST = datetime(2026, 3, 2, tzinfo=UTC)


def test_no_table_with_rows_of_accounts_escapes() -> None:
    of_accounts = {name for name in metadata.tables if ERASURE[name].lot is not Lot.NOBODYS}
    assert set(ENDINGS) | set(LEFT) == of_accounts
    assert not set(ENDINGS) & set(LEFT)


def test_each_says_what_ends_or_why_it_may_stay() -> None:
    assert all(one.what for one in ENDINGS.values())
    assert all(LEFT.values())
    assert all({one.freeze, one.loss, one.recovery} != {Part.NONE} for one in ENDINGS.values())


def test_a_change_of_the_phone_can_be_undone_as_long_as_it_is_not_settled() -> None:
    assert COOLING == SETTLED


@pytest.mark.parametrize(("before", "settled"), [(SETTLED, True), (SETTLED - timedelta(seconds=1), False)])
def test_what_is_newer_than_that_speaks_for_nobody(before: timedelta, *, settled: bool) -> None:
    made = LOST - before
    assert is_settled(made, lost_at=LOST) is settled
    assert is_settled_proof(made, lost_at=LOST, first_at=None) is settled
    assert is_settled_proof(made, lost_at=LOST, first_at=made)
