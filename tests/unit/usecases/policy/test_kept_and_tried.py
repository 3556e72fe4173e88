"""What a decision looked at is kept, sealed; a version is tried on it, and trying writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthoritySignal, AuthorityVerdict
from eztong.domain.policy.decide import Facts, judge
from eztong.domain.policy.policy import BUILT_IN, Policy
from eztong.domain.policy.simulation import Change, NotJudged, PastDecision, Simulation
from eztong.domain.registration import Verdict
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.policy.kept_decisions import read_facts
from eztong.usecases.policy.simulate_policy import PAGE, simulate_policy
from eztong.usecases.registration.register_identity import register_identity
from tests.unit.domain.policy.cases import setting
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.policy.acts import applied, published, somebody
from tests.unit.usecases.registration.applying import command, prepare
from tests.unit.usecases.stage import LI, ZHAO, Stage

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
ONE_A_DAY = setting("R36", Verdict.REVIEW, number=3)
ANSWERS = (
    matched("r"),
    AuthorityAnswer(verdict=AuthorityVerdict.NO_RECORD, reference="r", detail_code="A21"),
    AuthorityAnswer(verdict=AuthorityVerdict.NEEDS_HUMAN, reference="r", detail_code="A23"),
    replace(matched("r"), signals=frozenset({AuthoritySignal.REVIEW_ADVISED})),
    replace(matched("r"), signals=frozenset({AuthoritySignal.DEVICE_RISK})),
    replace(matched("r"), document_valid_until=date(2020, 1, 1)),
)


def kept(stage: Stage) -> list[PastDecision]:
    page = stage.read(lambda stored: stored.policy_decisions.page(since=BEGINNING, after=None, limit=99))
    return list(page.found.those)


def last_of(stage: Stage, holder: Holder) -> PastDecision:
    """Return the one decision on an application."""
    (past,) = stage.read(lambda stored: stored.policy_decisions.of_holder(holder.holder_id))
    return past


def facts(stage: Stage, past: PastDecision) -> Facts:
    found = stage.read(lambda stored: read_facts(past, stored=stored, keys=stage.keys))
    assert found is not None
    return found


def tried(stage: Stage, policy: Policy, since: datetime = BEGINNING) -> Simulation:
    return stage.act(simulate_policy, policy, since=since)


def test_every_decision_is_what_its_version_makes_of_what_was_kept(stage: Stage) -> None:
    for number, answer in enumerate(ANSWERS):
        stage.authority.answer = answer
        holder = applied(stage, number)
        past = last_of(stage, holder)
        decision = judge(BUILT_IN, facts(stage, past))
        assert (holder.decision, holder.rules) == (decision.verdict.value, " ".join(decision.rules))
        assert (past.holder_id, past.verdict, past.reason, past.rules, past.policy_version, past.at) == (
            holder.holder_id,
            decision.verdict,
            decision.reason,
            holder.rules,
            holder.policy_version,
            stage.clock.now(),
        )


def test_what_is_kept_names_nobody_and_opens_with_the_applications_key_alone(stage: Stage) -> None:
    holder = applied(stage, 0)
    past = last_of(stage, holder)
    looked_at = facts(stage, past)
    assert (looked_at.region, looked_at.decade % 10) == (ZHAO.number[:2], 0)
    assert b"matched" not in past.sealed_facts
    other = replace(past, holder_id=stage.holder_id(LI))
    assert stage.read(lambda stored: read_facts(other, stored=stored, keys=stage.keys)) is None
    unknown = replace(past, holder_id=HolderId("hld_nobody"))
    assert stage.read(lambda stored: read_facts(unknown, stored=stored, keys=stage.keys)) is None


def test_of_a_child_who_applies_alone_nothing_is_kept(stage: Stage) -> None:
    child = replace(ZHAO, number="440000201806010092", session=b"child")
    before = len(kept(stage))
    prepare(stage, child)
    holder = register_identity(command(child), services=stage.services)
    assert holder.reason == "guardian_must_apply"
    assert len(kept(stage)) == before


def test_the_limit_of_a_day_lets_the_rest_wait_and_ends_at_midnight(stage: Stage) -> None:
    published(stage, ONE_A_DAY)
    states = [applied(stage, number).state for number in range(2)]
    assert states == [HolderState.ACTIVE, HolderState.UNDER_REVIEW], "two of the day were there before"
    assert stage.holder(somebody(1)).reason == "day_is_full"
    stage.clock.pass_by(days=1)
    assert applied(stage, 2).state is HolderState.ACTIVE


def test_trying_a_version_writes_nothing_and_says_what_would_change(stage: Stage) -> None:
    stage.authority.answer = replace(matched("r"), document_valid_until=date(2020, 1, 1))
    expired = applied(stage, 0)
    stage.authority.answer = None
    before, asked = stage.rows(), len(stage.authority.asked)
    found = tried(stage, setting("R40", Verdict.REFUSE))
    assert found.changed == {Change("approve_restricted R40", "refuse R40"): [expired.holder_id]}
    assert (found.judged, found.same, sum(found.not_judged.values())) == (3, 2, 0)
    assert (stage.rows(), len(stage.authority.asked)) == (before, asked)
    assert tried(stage, BUILT_IN).changed == {}


def test_only_decisions_since_a_day_are_tried(stage: Stage) -> None:
    stage.clock.pass_by(days=2)
    applied(stage, 0)
    assert tried(stage, BUILT_IN, since=stage.clock.now() - timedelta(days=1)).judged == 1
    assert tried(stage, BUILT_IN, since=stage.clock.now()).judged == 1


def test_what_was_decided_before_facts_were_kept_is_counted(stage: Stage) -> None:
    stage.write(lambda uow: uow.policy_decisions.erase(stage.holder_id(LI)))
    found = tried(stage, BUILT_IN)
    assert (found.judged, found.not_judged[NotJudged.NOT_RECORDED]) == (1, 1)


def test_what_does_not_open_is_counted(stage: Stage) -> None:
    bad = replace(kept(stage)[0], decision_id="dcn_zzz", sealed_facts=b"x" * 40)
    stage.write(lambda uow: uow.policy_decisions.add(bad))
    assert tried(stage, BUILT_IN).not_judged[NotJudged.UNREADABLE] == 1


def _add(rows: list[PastDecision], uow: UnitOfWork) -> None:
    for one in rows:
        uow.policy_decisions.add(one)


@pytest.mark.parametrize("many", [PAGE - 1, PAGE, PAGE + 1])
def test_every_page_is_tried(stage: Stage, many: int) -> None:
    first = kept(stage)[0]
    rows = [replace(first, decision_id=f"dcn_{number:05}") for number in range(many)]
    stage.write(partial(_add, rows))
    found = tried(stage, BUILT_IN)
    assert found.not_judged[NotJudged.UNREADABLE] == many
    assert found.judged == 2
