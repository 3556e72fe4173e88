"""Marks: the lowest ceiling of the open ones decides, in whatever order they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from eztong.domain.events import Actor
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.mark import (
    BY_RECHECK,
    BY_STAFF,
    OF_A_CASE,
    Cause,
    Ceiling,
    Restriction,
    effective_ceiling,
    has_case,
    is_no_looser,
    open_marks,
)
from tests.simulators.batches import NOW


def mark(ceiling: Ceiling, *, is_open: bool = True, name: str = "rst_1") -> Restriction:
    return Restriction(
        holder_id=HolderId("hld_1"),
        restriction_id=name,
        cause=Cause.RISK,
        ceiling=ceiling,
        rule="test",
        by=Actor.OPERATOR,
        since=NOW,
        until=None if is_open else NOW,
    )


@pytest.mark.parametrize("order", list(permutations(Ceiling)))
def test_the_lowest_open_ceiling_decides(order: tuple[Ceiling, ...]) -> None:
    marks = [mark(ceiling) for ceiling in order]
    assert effective_ceiling(marks) is Ceiling.NONE
    assert [one.ceiling for one in open_marks(marks)] == list(Ceiling)


def test_what_was_lifted_limits_nothing() -> None:
    lifted = mark(Ceiling.NONE, is_open=False)
    assert effective_ceiling([]) is None
    assert effective_ceiling([lifted]) is None
    assert effective_ceiling([lifted, mark(Ceiling.SUBSTANTIAL)]) is Ceiling.SUBSTANTIAL


def test_of_equal_ceilings_the_oldest_comes_first() -> None:
    late = replace(mark(Ceiling.LOW, name="rst_0"), since=NOW + timedelta(days=1))
    early = mark(Ceiling.LOW, name="rst_2")
    assert open_marks([late, early]) == [early, late]


def test_ceilings_have_an_order() -> None:
    assert is_no_looser(Ceiling.NONE, Ceiling.LOW)
    assert is_no_looser(Ceiling.LOW, Ceiling.LOW)
    assert not is_no_looser(Ceiling.SUBSTANTIAL, Ceiling.LOW)


def test_nobody_lifts_in_the_place_of_a_holder_or_a_guardian() -> None:
    for lifts in (BY_RECHECK, BY_STAFF):
        assert not lifts & {Cause.ASKED, Cause.MINOR_LIMITS}


def test_a_case_is_what_staff_decided_and_no_check_answers() -> None:
    assert {Cause.RISK, Cause.OPERATOR, Cause.CASE} == OF_A_CASE
    assert has_case([mark(Ceiling.SUBSTANTIAL)])
    assert not has_case([mark(Ceiling.NONE, is_open=False)])
    assert not any(has_case([replace(mark(Ceiling.NONE), cause=cause)]) for cause in set(Cause) - OF_A_CASE)
