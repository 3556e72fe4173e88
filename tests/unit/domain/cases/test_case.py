"""The steps of a case: each leads where it may, and no other is taken from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.cases.case import (
    Case,
    CaseEvidence,
    CaseMoved,
    CaseReason,
    CaseState,
    ClaimInvalid,
    EvidenceKind,
    Measure,
    appealed,
    decided,
    dismissed,
    evidence_counts,
    lifted,
    not_approved,
    parse_claim,
    proposed,
    upheld,
)
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.working_days import DueDay

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = DueDay(NOW + timedelta(days=21), is_provisional=False)
OPEN = Case(
    case_id="cas_1",
    number="4821093755",
    holder_id=HolderId("hld_1"),
    reason=CaseReason.FRAUD,
    state=CaseState.OPEN,
    opened_by="zhao",
    opened_at=NOW,
    due=DAY,
)
PROPOSED = proposed(OPEN, Measure.RESTRICT, Ceiling.LOW, proposal_id="prp_1", by="zhao")
DECIDED = decided(PROPOSED, Measure.RESTRICT, by="qian", at=NOW, appeal_until=DAY, secret_hash=b"x")
WARNED = decided(OPEN, Measure.WARN, by="qian", at=NOW, appeal_until=DAY, secret_hash=b"x")
APPEALED = appealed(DECIDED, at=NOW, due=DAY)
CLOSED = upheld(APPEALED, at=NOW)
LIFTED = lifted(DECIDED, at=NOW)
ALL = (OPEN, PROPOSED, DECIDED, WARNED, APPEALED, CLOSED, LIFTED)


def leads(step: object, *, of: Case) -> bool:
    try:
        step(of)  # type: ignore[operator]  # a function of a case
    except CaseMoved:
        return False
    return True


@pytest.mark.parametrize(
    ("step", "from_where"),
    [
        (lambda case: dismissed(case, at=NOW), [OPEN]),
        (not_approved, [PROPOSED]),
        (lambda case: proposed(case, Measure.TERMINATE, None, proposal_id="2", by="x"), [OPEN, PROPOSED]),
        (
            lambda case: decided(case, Measure.WARN, by="x", at=NOW, appeal_until=DAY, secret_hash=b"y"),
            [OPEN, PROPOSED],
        ),
        (lambda case: upheld(case, at=NOW), [APPEALED]),
        (lambda case: lifted(case, at=NOW), [DECIDED, APPEALED, CLOSED]),
    ],
    ids=["dismissed", "not approved", "proposed", "decided", "upheld", "lifted"],
)
def test_a_step_is_taken_from_where_it_may_be(step: object, from_where: list[Case]) -> None:
    assert [one for one in ALL if leads(step, of=one)] == from_where


def test_it_is_objected_to_until_the_day_and_while_that_is_not_known() -> None:
    until = DAY.at
    assert [DECIDED.may_appeal(moment) for moment in (NOW, until, until + timedelta(seconds=1))] == [True, True, False]
    open_end = replace(DECIDED, appeal_until=DueDay(until, is_provisional=True))
    assert open_end.may_appeal(until + timedelta(days=9)) is True
    assert [one.may_appeal(NOW) for one in ALL] == [False, False, True, True, False, False, False]


def test_it_is_over_once_nobody_waits_and_its_secret_works_a_month_longer() -> None:
    until = DAY.at
    assert [DECIDED.is_over(moment) for moment in (NOW, until)] == [False, True]
    month = until + timedelta(days=30)
    assert [DECIDED.is_open_by_secret(moment) for moment in (NOW, month - timedelta(1), month)] == [True, True, False]
    assert [one.is_over(NOW) for one in ALL] == [False, False, False, False, False, True, True]
    assert [one.waits for one in ALL] == [True, True, False, False, True, False, False]
    assert [one.is_overdue(DAY.at + timedelta(1)) for one in ALL] == [one.waits for one in ALL]


def test_what_was_limited_holds_until_it_is_taken_back() -> None:
    assert [one.holds for one in ALL] == [False, False, True, False, True, True, False]


def test_a_restriction_alone_keeps_how_far_it_goes() -> None:
    assert PROPOSED.ceiling is Ceiling.LOW
    ended = proposed(OPEN, Measure.TERMINATE, Ceiling.LOW, proposal_id="prp_1", by="zhao")
    assert (ended.ceiling, not_approved(PROPOSED)) == (None, OPEN)


@pytest.mark.parametrize(("typed", "fen"), [("1", 100), (" 12.5 ", 1250), ("0.01", 1), ("10000000000", 10**12)])
def test_yuan_become_fen(typed: str, fen: int) -> None:
    assert parse_claim(typed) == fen


@pytest.mark.parametrize("typed", ["", "0", "0.00", "1.234", "-1", "1,5", "¥5", "10000000000.01", "1."])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ClaimInvalid):
        parse_claim(typed)


def test_of_evidence_the_holder_is_told_how_many_there_are_of_each_kind() -> None:
    def item(kind: EvidenceKind, number: int) -> CaseEvidence:
        return CaseEvidence(
            holder_id=OPEN.holder_id,
            case_id=OPEN.case_id,
            evidence_id=f"{kind}_{number}",
            kind=kind,
            added_by="zhao",
            added_at=NOW,
        )

    held = (item(EvidenceKind.TICKET, 1), item(EvidenceKind.TICKET, 2), item(EvidenceKind.VERIFICATION, 1))
    assert evidence_counts(held) == {EvidenceKind.VERIFICATION: 1, EvidenceKind.TICKET: 2}
