"""How long a refusal goes on, and what begins, ends and never prolongs it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.requests.cool_down import REFUSED_BEFORE, EarlierAnswer, RefusedBefore, check_not_refused
from eztong.domain.requests.request import MATCH_NUMBER_WRONG
from tests.simulators.batches import NOW

ASKED = frozenset({Claim.IS_PERSON, Claim.AGE_OVER_18})
WEEK = timedelta(days=7)
DECLINED, PASSED, NOT_PASSED = Outcome.DECLINED, Outcome.PASSED, Outcome.NOT_PASSED


def answered(
    outcome: Outcome, *, days_ago: float = 1, reason: str | None = None, claims: frozenset[Claim] = ASKED
) -> EarlierAnswer:
    return EarlierAnswer(at=NOW - timedelta(days=days_ago), outcome=outcome, reason=reason, claims=claims)


def rests(*newest_first: EarlierAnswer, rest: timedelta = WEEK) -> bool:
    try:
        check_not_refused(newest_first, claims=ASKED, rest=rest, now=NOW)
    except RefusedBefore:
        return True
    return False


def test_a_refusal_rests_to_the_second_and_names_both_ends() -> None:
    with pytest.raises(RefusedBefore) as refused:
        check_not_refused([answered(DECLINED, days_ago=6.99)], claims=ASKED, rest=WEEK, now=NOW)
    assert refused.value.until - refused.value.at == WEEK
    assert not rests(answered(DECLINED, days_ago=7))
    assert not rests(answered(DECLINED), rest=timedelta())
    assert not rests()


@pytest.mark.parametrize(("outcome", "reason"), [(PASSED, None), (NOT_PASSED, "holder_frozen")])
def test_wanting_it_since_then_ends_the_rest(outcome: Outcome, reason: str | None) -> None:
    assert not rests(answered(outcome, reason=reason), answered(DECLINED, days_ago=2))
    assert rests(answered(DECLINED), answered(outcome, reason=reason, days_ago=2))


def test_other_claims_are_another_question() -> None:
    for claims in (frozenset({Claim.IS_PERSON}), ASKED | {Claim.MASKED_NAME}):
        assert not rests(answered(DECLINED, claims=claims))
        assert rests(answered(PASSED, claims=claims), answered(DECLINED))


@given(st.lists(st.sampled_from([REFUSED_BEFORE, MATCH_NUMBER_WRONG]), max_size=5), st.floats(0, 14))
def test_what_ended_without_the_holders_choice_neither_begins_nor_prolongs(reasons: list[str], days: float) -> None:
    noise = [answered(DECLINED, reason=reason, days_ago=0) for reason in reasons]
    assert not rests(*noise)
    assert rests(*noise, answered(DECLINED, days_ago=days)) is (days < WEEK.days)
