"""A set of agreements: its schedule, its classes of change, its order and its hash."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.agreement_sets.agreement_set import (
    AgreementSet,
    ChangeClassInvalid,
    Member,
    ScheduleInvalid,
    in_order,
    set_hash,
)
from eztong.domain.agreements import PRECEDENCE, AgreementKind, AgreementState, ChangeClass, RuleKind, document_kind

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def member(kind: str, asks: str = "", version: str = "1.0") -> Member:
    return Member(kind=document_kind(kind), version=version, change_class=ChangeClass(asks) if asks else None)


def drafted(*members: Member, starts: datetime = NOW) -> AgreementSet:
    return AgreementSet(
        set_id="set_1", number=2, state=AgreementState.DRAFT, in_force_from=starts, members=members, made_at=NOW
    )


@pytest.mark.parametrize("asks", ["A", "B"])
def test_what_must_be_accepted_is_published_seven_days_ahead(asks: str) -> None:
    drafted(member("service", asks), starts=NOW + 7 * DAY).check_schedule(now=NOW)
    for starts in (NOW + 7 * DAY - timedelta(milliseconds=1), NOW, NOW + 367 * DAY):
        with pytest.raises(ScheduleInvalid):
            drafted(member("service", asks), starts=starts).check_schedule(now=NOW)


def test_what_is_to_take_note_of_may_come_at_once_and_also_a_moment_late() -> None:
    for starts in (NOW, NOW - DAY, NOW + DAY):
        drafted(member("privacy", "C"), starts=starts).check_schedule(now=NOW)
    with pytest.raises(ScheduleInvalid):
        drafted(member("privacy", "C"), starts=NOW + 367 * DAY).check_schedule(now=NOW)


def test_the_strictest_change_decides() -> None:
    with pytest.raises(ScheduleInvalid):
        drafted(member("privacy", "C"), member("service", "B"), starts=NOW + DAY).check_schedule(now=NOW)


def test_a_document_that_did_not_change_asks_for_nothing() -> None:
    one = drafted(member("service"), member("privacy", "C"))
    assert [found.kind for found in one.changed] == [RuleKind.PRIVACY]
    assert not one.asks_for_an_act
    assert drafted(member("service", "B")).asks_for_an_act
    assert not drafted(member("service", "C")).asks_for_an_act


@pytest.mark.parametrize(
    ("rule", "agreement", "fits"),
    [("A", "A", True), ("B", "A", True), ("B", "B", True), ("A", "B", False), ("B", "C", False), ("A", "", False)],
)
def test_a_rule_asks_for_no_act_that_no_tick_stands_for(rule: str, agreement: str, *, fits: bool) -> None:
    one = drafted(member("service", agreement), member("privacy", rule))
    if fits:
        one.check_classes()
        return
    with pytest.raises(ChangeClassInvalid):
        one.check_classes()


def test_a_kind_is_an_agreement_or_a_rule_and_nothing_else() -> None:
    assert document_kind("service") is AgreementKind.SERVICE
    assert document_kind("privacy") is RuleKind.PRIVACY
    with pytest.raises(ValueError, match="nothing"):
        document_kind("nothing")
    assert set(PRECEDENCE) == {*AgreementKind, *RuleKind}


def test_members_stand_as_they_apply_and_notices_by_number() -> None:
    several = [member("notice", version="2026-2"), member("service"), member("notice", version="2026-1")]
    ordered = in_order([*several, member("authorisation")], PRECEDENCE)
    assert [(one.kind.value, one.version) for one in ordered] == [
        ("authorisation", "1.0"),
        ("service", "1.0"),
        ("notice", "2026-1"),
        ("notice", "2026-2"),
    ]
    assert drafted(*ordered).member(AgreementKind.SERVICE) == member("service")
    assert drafted().member(AgreementKind.SERVICE) is None


def test_the_hash_is_over_number_members_and_texts() -> None:
    one = drafted(member("service", "B"))
    key = (one.members[0].kind, "1.0")
    hashes = {key: {"zh-CN": "aa", "en": "bb"}}
    found = set_hash(one, hashes)
    assert found == set_hash(replace(one, set_id="set_2", state=AgreementState.IN_FORCE), hashes)
    for other in (
        set_hash(replace(one, number=3), hashes),
        set_hash(drafted(member("service", "C")), hashes),
        set_hash(one, {key: {"zh-CN": "aa", "en": "bc"}}),
    ):
        assert other != found
