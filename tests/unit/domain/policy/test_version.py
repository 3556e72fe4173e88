"""Which version is in force at an instant, and what a version would have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.identifiers import HolderId
from eztong.domain.policy.decide import Facts
from eztong.domain.policy.policy import BUILT_IN, Policy
from eztong.domain.policy.simulation import Change, NotJudged, PastDecision, Simulation
from eztong.domain.policy.version import (
    MOST_AHEAD,
    PolicyInForce,
    PolicyStanding,
    PolicyTooFarAhead,
    PolicyVersion,
    PublicationState,
    check_start,
    newest_begun,
    standing_of,
)
from eztong.domain.registration import Verdict
from tests.unit.domain.policy.cases import PLAIN, setting, version

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
S = PublicationState


def published(name: str, starts: datetime, at: datetime = NOW - 9 * DAY) -> PolicyVersion:
    return PolicyVersion(
        version_id=f"pol_{name}",
        policy=version(name),
        state=S.PUBLISHED,
        made_by="li.na",
        made_at=at,
        in_force_from=starts,
        published_at=at,
    )


def policy_at(versions: Sequence[PolicyVersion], *, now: datetime) -> Policy:
    found = newest_begun(versions, now=now)
    return BUILT_IN if found is None else found.policy


def test_the_last_whose_time_has_come_is_in_force_from_its_very_instant() -> None:
    first, second, third = published("a", NOW - DAY), published("b", NOW), published("c", NOW + DAY)
    every = [third, second, first]
    assert policy_at(every, now=NOW - DAY * 2) is BUILT_IN
    assert policy_at(every, now=NOW - timedelta(milliseconds=1)).version == "a"
    assert policy_at(every, now=NOW).version == "b"
    standing = [standing_of(one, every, now=NOW) for one in every]
    assert standing == [PolicyStanding.SCHEDULED, PolicyStanding.IN_FORCE, PolicyStanding.SUPERSEDED]


def test_of_two_for_one_instant_the_last_published_is_in_force() -> None:
    first, second = published("b", NOW), published("a", NOW, at=NOW - DAY)
    assert policy_at([first, second], now=NOW).version == "a"


@pytest.mark.parametrize("state", [S.PROPOSED, S.REFUSED, S.CALLED_OFF])
def test_what_is_not_published_is_never_in_force_and_not_called_off(state: PublicationState) -> None:
    one = replace(published("a", NOW - DAY), state=state)
    assert policy_at([one], now=NOW) is BUILT_IN
    assert standing_of(one, [one], now=NOW) == PolicyStanding(state.value)
    with pytest.raises(PolicyInForce):
        one.check_callable_off(now=NOW - 2 * DAY)


def test_a_published_one_is_called_off_until_its_instant() -> None:
    one = published("a", NOW)
    one.check_callable_off(now=NOW - timedelta(milliseconds=1))
    with pytest.raises(PolicyInForce):
        one.check_callable_off(now=NOW)


def test_a_day_within_a_year_is_taken_also_one_that_has_passed() -> None:
    for starts in (None, NOW - DAY, NOW + MOST_AHEAD):
        check_start(Policy(version="a", valid_from=starts), now=NOW)
    with pytest.raises(PolicyTooFarAhead):
        check_start(Policy(version="a", valid_from=NOW + MOST_AHEAD + timedelta(seconds=1)), now=NOW)


# --- simulated ----------------------------------------------------------------------------------------------------


def past(number: int, at: datetime = NOW, verdict: Verdict = Verdict.APPROVE, rules: str = "R00") -> PastDecision:
    return PastDecision(
        holder_id=HolderId(f"hld_{number}"),
        decision_id=f"dcn_{number}",
        at=at,
        policy_version="2026-03",
        verdict=verdict,
        reason=None,
        rules=rules,
        sealed_facts=b"",
    )


def tried(policy: Policy, *found: tuple[PastDecision, Facts | None]) -> Simulation:
    simulation = Simulation(policy)
    for one, looked_at in found:
        simulation.add(one, looked_at)
    return simulation


def test_the_same_version_changes_nothing() -> None:
    found = tried(BUILT_IN, (past(1), PLAIN), (past(2), PLAIN))
    assert (found.judged, found.same, found.changed) == (2, 2, {})


def test_what_is_decided_otherwise_is_counted_from_rule_to_rule_with_its_application() -> None:
    of_age = replace(PLAIN, decade=80)
    found = tried(setting("R33", Verdict.REVIEW, number=80), (past(1), PLAIN), (past(2), of_age), (past(3), of_age))
    assert (found.judged, found.same) == (3, 1)
    assert found.changed == {Change("approve R00", "review R33"): ["hld_2", "hld_3"]}


def test_a_limit_is_tried_as_it_would_have_worked_day_by_day_in_shanghai() -> None:
    midnight = datetime(2026, 12, 1, 16, tzinfo=UTC)
    days = (past(1), past(2), past(3, midnight - timedelta(seconds=1)), past(4, midnight))
    one_a_day = tried(setting("R36", Verdict.REVIEW, number=1), *((one, PLAIN) for one in days))
    assert one_a_day.changed == {Change("approve R00", "review R36"): ["hld_2", "hld_3"]}
    assert one_a_day.same == 2


def test_what_waits_for_a_person_then_is_no_approval_of_that_day() -> None:
    policy = version(
        R33=setting("R33", Verdict.REVIEW, number=80).rules["R33"],
        R36=setting("R36", Verdict.REVIEW, number=1).rules["R36"],
    )
    found = tried(policy, (past(1), replace(PLAIN, decade=80)), (past(2), PLAIN), (past(3), PLAIN))
    assert found.changed[Change("approve R00", "review R36")] == ["hld_3"]


def test_what_cannot_be_read_or_judged_is_said() -> None:
    found = tried(BUILT_IN, (past(1), None), (past(2), replace(PLAIN, verdict=None)))
    assert (found.judged, found.not_judged[NotJudged.UNREADABLE]) == (0, 2)
