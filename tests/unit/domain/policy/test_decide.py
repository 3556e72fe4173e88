"""Decisions by a version: each rule once, and their order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.identity.authority_answer import AuthoritySignal, AuthorityVerdict
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.policy.decide import Facts, decade_of, decide, needs_answer
from eztong.domain.policy.policy import ADJUSTABLE, BUILT_IN, FIXED, Policy, Rule
from eztong.domain.registration import Decision, Reason, Verdict
from tests.unit.domain.policy.cases import PLAIN, setting, version

V, R = Verdict, Reason
RISKY = replace(PLAIN, signals=frozenset({AuthoritySignal.DEVICE_RISK}))
ADVISED = replace(PLAIN, signals=frozenset({AuthoritySignal.REVIEW_ADVISED}))
EXPIRED = replace(PLAIN, document_expired=True)
PERMIT = replace(PLAIN, document=DocumentType.HK_MACAU_RESIDENCE, region="81")


def said(decision: Decision) -> tuple[Verdict, Reason | None, tuple[str, ...]]:
    return decision.verdict, decision.reason, decision.rules


@pytest.mark.parametrize(
    ("looked_at", "verdict", "reason", "rule"),
    [
        (PLAIN, V.APPROVE, None, "R00"),
        (RISKY, V.REFUSE, R.DEVICE_RISK, "R30"),
        (ADVISED, V.REVIEW, R.MANUAL_REVIEW, "R31"),
        (replace(RISKY, signals=frozenset(AuthoritySignal)), V.REFUSE, R.DEVICE_RISK, "R30"),
        (EXPIRED, V.APPROVE_RESTRICTED, R.DOCUMENT_EXPIRED, "R40"),
        (replace(EXPIRED, signals=ADVISED.signals), V.REVIEW, R.MANUAL_REVIEW, "R31"),
        (PERMIT, V.APPROVE, None, "R00"),
        (replace(PLAIN, decade=110, approved_today=10**6), V.APPROVE, None, "R00"),
    ],
)
def test_the_built_in_version_decides_as_it_always_did(
    looked_at: Facts, verdict: Verdict, reason: Reason | None, rule: str
) -> None:
    assert BUILT_IN.version == "2026-03"
    assert said(decide(BUILT_IN, looked_at)) == (verdict, reason, (rule,))


@pytest.mark.parametrize(
    ("policy", "hit", "missed", "expected"),
    [
        (setting("R30", V.REVIEW), RISKY, PLAIN, (V.REVIEW, R.MANUAL_REVIEW, ("R30",))),
        (setting("R31", V.APPROVE), RISKY, ADVISED, (V.REFUSE, R.DEVICE_RISK, ("R30",))),
        (setting("R32", V.REFUSE, "HM"), PERMIT, PLAIN, (V.REFUSE, R.DOCUMENT_KIND, ("R32",))),
        (
            setting("R33", V.REVIEW, number=80),
            replace(PLAIN, decade=80),
            replace(PLAIN, decade=70),
            (V.REVIEW, R.AGE_GROUP, ("R33",)),
        ),
        (
            setting("R34", V.SUPPLEMENT, number=20),
            replace(PLAIN, decade=10),
            replace(PLAIN, decade=20),
            (V.SUPPLEMENT, R.AGE_GROUP, ("R34",)),
        ),
        (
            setting("R35", V.REVIEW, "31", "65"),
            replace(PLAIN, region="65"),
            PLAIN,
            (V.REVIEW, R.REGION, ("R35",)),
        ),
        (
            setting("R36", V.REVIEW, number=3),
            replace(PLAIN, approved_today=3),
            replace(PLAIN, approved_today=2),
            (V.REVIEW, R.DAY_IS_FULL, ("R36",)),
        ),
        (setting("R40", V.REFUSE), EXPIRED, PLAIN, (V.REFUSE, R.DOCUMENT_OUT_OF_DATE, ("R40",))),
    ],
)
def test_each_rule_hits_whom_it_names_and_nobody_else(
    policy: Policy, hit: Facts, missed: Facts, expected: tuple[Verdict, Reason, tuple[str, ...]]
) -> None:
    assert said(decide(policy, hit)) == expected
    assert said(decide(policy, missed)) == (V.APPROVE, None, ("R00",))


def test_the_limit_of_a_day_counts_restricted_accounts_and_stops_no_other_decision() -> None:
    full = setting("R36", V.REVIEW, number=0)
    assert decide(full, EXPIRED).rules == ("R36",)
    assert decide(full, RISKY).rules == ("R30",)


def test_every_adjustable_rule_has_a_reason_for_whatever_it_may_do_and_age_and_region_never_refuse() -> None:
    for rule_id, kind in ADJUSTABLE.items():
        assert kind.may - {V.APPROVE} <= kind.reasons.keys(), rule_id
        assert kind.silent is None or kind.silent in kind.may
    assert all(V.REFUSE not in ADJUSTABLE[rule_id].may for rule_id in ("R33", "R34", "R35", "R36"))
    assert not ADJUSTABLE.keys() & FIXED.keys()


def test_without_an_answer_nothing_is_decided_but_what_needs_none() -> None:
    asked = replace(PLAIN, verdict=None)
    assert needs_answer(asked)
    assert not needs_answer(PLAIN)
    with pytest.raises(ValueError, match="pending"):
        decide(BUILT_IN, asked)
    assert needs_answer(replace(PLAIN, verdict=AuthorityVerdict.PENDING))


def test_a_decade_is_what_is_left_of_an_age() -> None:
    assert [decade_of(age) for age in (0, 9, 10, 19, 20, 99, 100)] == [0, 0, 10, 10, 20, 90, 100]


def test_a_version_that_says_nothing_is_the_built_in_one() -> None:
    silent = version()
    assert [silent.rule(rule_id) for rule_id in ADJUSTABLE] == [BUILT_IN.rule(rule_id) for rule_id in ADJUSTABLE]
    assert silent.rule("R30") == Rule(does=V.REFUSE)
    assert silent.rule("R32") is None
