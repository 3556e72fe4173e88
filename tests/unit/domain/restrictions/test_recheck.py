"""What an answer of the authority means for an account that there is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.restrictions.recheck import REST, RecheckResult, judge_recheck, next_recheck
from tests.simulators.batches import NOW

TODAY = date(2026, 3, 2)
DOCUMENT, DOUBT = Cause.DOCUMENT_EXPIRED, Cause.DATA_DOUBT


def answer(verdict: AuthorityVerdict, valid_until: date | None = None) -> AuthorityAnswer:
    return AuthorityAnswer(verdict=verdict, reference="r", detail_code="A", document_valid_until=valid_until)


@pytest.mark.parametrize(
    ("verdict", "valid_until", "is_same_mark", "result", "sets", "ceiling", "lifts", "rule"),
    [
        ("matched", None, True, "confirmed", None, "low", {DOCUMENT, DOUBT}, "R41"),
        ("matched", TODAY, True, "confirmed", None, "low", {DOCUMENT, DOUBT}, "R41"),
        ("matched", TODAY - timedelta(days=1), True, "expired", DOCUMENT, "low", {DOUBT}, "R40"),
        ("matched", None, False, "differs", DOUBT, "low", set(), "R43"),
        ("mismatch", None, False, "differs", DOUBT, "low", set(), "R42"),
        ("no_record", None, False, "differs", DOUBT, "low", set(), "R42"),
        ("deceased", None, False, "differs", None, "low", set(), "R44"),
        ("needs_human", None, False, "unclear", None, "low", set(), "R45"),
    ],
)
def test_each_answer_has_its_consequence(
    verdict: str,
    valid_until: date | None,
    is_same_mark: bool,
    result: str,
    sets: Cause | None,
    ceiling: str,
    lifts: set[Cause],
    rule: str,
) -> None:
    asked = answer(AuthorityVerdict(verdict), valid_until)
    found = judge_recheck(asked, is_same_mark=is_same_mark, today=TODAY)
    assert (found.result, found.sets, found.rule) == (RecheckResult(result), sets, rule)
    assert (found.ceiling, found.lifts) == (Ceiling(ceiling), frozenset(lifts))


def test_what_is_pending_decides_nothing() -> None:
    with pytest.raises(ValueError, match="pending"):
        judge_recheck(answer(AuthorityVerdict.PENDING), is_same_mark=True, today=TODAY)


def test_a_check_by_itself_comes_after_so_many_months_or_is_only_looked_for() -> None:
    assert next_recheck(NOW, months=12, now=NOW) == NOW + timedelta(days=360)
    assert next_recheck(NOW, months=0, now=NOW + timedelta(days=9)) == NOW + timedelta(days=9) + REST
