"""Applications go by the version in force, whatever is wrong with others; if it cannot be read nothing is decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eztong.domain.damage import RowDamaged
from eztong.domain.holder import HolderState
from eztong.domain.policy.policy import BUILT_IN
from eztong.domain.policy.simulation import NotJudged
from eztong.usecases.policy.policy_in_force import find_version, policy_in_force
from eztong.usecases.policy.simulate_policy import simulate_policy
from tests.unit.domain.policy.cases import version
from tests.unit.usecases.fakes import START
from tests.unit.usecases.policy.acts import applied, decided, proposed, published
from tests.unit.usecases.stage import Stage

BEGINNING = START - timedelta(days=9)
COLUMNS = ["document", "state", "made_at", "in_force_from", "published_at"]


def in_force(stage: Stage) -> str:
    return stage.act(policy_in_force).version


@pytest.mark.parametrize("column", ["document", "state", "made_at"])
def test_a_refused_version_that_cannot_be_read_stops_no_application(stage: Stage, column: str) -> None:
    refused = proposed(stage, version("b"))
    decided(stage, refused, approve=False)
    published(stage, version("a"))
    stage.damage("policy_versions", column, of=refused.subject)
    assert in_force(stage) == "a"
    assert applied(stage, 0).state is HolderState.ACTIVE
    assert stage.act(find_version, "a").policy.version == "a"
    with pytest.raises(RowDamaged):
        stage.act(find_version, "b")


def test_one_of_before_stops_no_application_either(stage: Stage) -> None:
    before = published(stage, version("a"))
    stage.clock.pass_by(days=1)
    published(stage, version("b"))
    for column in ("document", "state", "made_at"):
        stage.damage("policy_versions", column, of=before.version_id)
        assert in_force(stage) == "b"


@pytest.mark.parametrize("column", COLUMNS)
def test_no_older_one_decides_in_place_of_one_in_force_that_cannot_be_read(stage: Stage, column: str) -> None:
    published(stage, version("a"))
    stage.clock.pass_by(days=1)
    newest = published(stage, version("b"))
    stage.damage("policy_versions", column, of=newest.version_id)
    with pytest.raises(RowDamaged):
        in_force(stage)


@pytest.mark.parametrize("column", COLUMNS)
def test_neither_does_the_one_that_an_installation_begins_with(stage: Stage, column: str) -> None:
    stage.damage("policy_versions", column, of=published(stage, version("a")).version_id)
    with pytest.raises(RowDamaged):
        in_force(stage)


def test_a_name_beside_a_damaged_version_is_free(stage: Stage) -> None:
    stage.damage("policy_versions", "document", of=proposed(stage, version("a")).subject)
    assert published(stage, version("b")).policy.version == "b"
    with pytest.raises(RowDamaged):
        proposed(stage, version("a"))


@pytest.mark.parametrize(("table", "column"), [("policy_decisions", "verdict"), ("holders", "state")])
def test_decisions_that_cannot_be_read_are_counted_and_the_others_tried(stage: Stage, table: str, column: str) -> None:
    first, _second = applied(stage, 0), applied(stage, 1)
    before = stage.act(simulate_policy, BUILT_IN, since=BEGINNING)
    stage.damage(table, column, of=first.holder_id)
    after = stage.act(simulate_policy, BUILT_IN, since=BEGINNING)
    assert (after.judged, after.not_judged[NotJudged.UNREADABLE]) == (before.judged - 1, 1)
