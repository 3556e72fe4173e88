"""Two operators publish a version; new applications are decided by it, and old decisions stay as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.errors import StateConflict
from eztong.domain.holder import HolderState
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import LIFE, ProposalEnded, ReasonInvalid
from eztong.domain.policy.policy import BUILT_IN
from eztong.domain.policy.version import (
    PolicyInForce,
    PolicyNameTaken,
    PolicyTooFarAhead,
    PolicyUnknown,
    PublicationState,
)
from eztong.domain.registration import Verdict
from eztong.ports.act import OPERATOR
from eztong.usecases.policy.call_off_policy import CallOffPolicy, call_off_policy
from eztong.usecases.policy.policy_in_force import find_version, policy_in_force
from eztong.usecases.policy.publish_policy import ProposePolicy, find_open_proposal, propose_policy, settle_policy
from tests.unit.domain.policy.cases import setting
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.policy.acts import applied, decided, proposed, published
from tests.unit.usecases.stage import Stage

STRICT = setting("R34", Verdict.REVIEW, number=120)
"""A person looks at everybody under 120."""


def in_force(stage: Stage) -> str:
    return stage.act(policy_in_force).version


def kinds(stage: Stage) -> list[str]:
    return [kind for (kind,) in stage.select("SELECT kind FROM acts ORDER BY act_id")]


def test_new_applications_are_decided_by_it_and_old_decisions_stay(stage: Stage) -> None:
    before = applied(stage, 0)
    assert (before.state, before.policy_version, before.rules) == (HolderState.ACTIVE, "2026-03", "R00")
    version = published(stage, STRICT)
    assert (version.state, version.in_force_from) == (PublicationState.PUBLISHED, START)
    after = applied(stage, 1)
    assert (after.state, after.policy_version, after.rules) == (HolderState.UNDER_REVIEW, "2027-01", "R34")
    assert after.reason == "age_group"
    assert stage.read(lambda stored: stored.holders.get(before.holder_id)) == before
    assert kinds(stage)[-1] == "policy_published"


def test_nothing_is_decided_by_what_one_operator_proposed(stage: Stage) -> None:
    proposal = proposed(stage, STRICT)
    assert in_force(stage) == BUILT_IN.version
    with pytest.raises(SameOperator):
        decided(stage, proposal, name="li.na")
    assert applied(stage, 0).policy_version == BUILT_IN.version
    assert stage.act(find_open_proposal, "2027-01") == proposal


def test_a_version_with_a_day_decides_from_that_day_on(stage: Stage) -> None:
    day = START + timedelta(days=3)
    published(stage, replace(STRICT, valid_from=day))
    assert applied(stage, 0).state is HolderState.ACTIVE
    stage.clock.pass_by(days=3)
    assert in_force(stage) == "2027-01"
    assert applied(stage, 1).policy_version == "2027-01"


def test_a_version_that_was_refused_is_never_in_force_and_its_name_is_free(stage: Stage) -> None:
    decided(stage, proposed(stage, STRICT), approve=False)
    assert stage.act(find_version, "2027-01").state is PublicationState.REFUSED
    assert in_force(stage) == BUILT_IN.version
    with pytest.raises(ProposalEnded):
        stage.act(find_open_proposal, "2027-01")
    assert published(stage, STRICT).state is PublicationState.PUBLISHED


def test_a_name_means_one_thing_for_good(stage: Stage) -> None:
    published(stage, STRICT)
    for taken in (STRICT, replace(STRICT, version=BUILT_IN.version)):
        with pytest.raises(PolicyNameTaken):
            proposed(stage, taken)


def test_a_proposal_that_nobody_decided_holds_no_name_up(stage: Stage) -> None:
    first = proposed(stage, STRICT)
    with pytest.raises(PolicyNameTaken):
        proposed(stage, STRICT)
    stage.clock.pass_by(seconds=LIFE.total_seconds())
    again = proposed(stage, STRICT)
    states = {one.version_id: one.state for one in stage.read(lambda stored: stored.policy_versions.list().those)}
    assert (states[first.subject], states[again.subject]) == (PublicationState.REFUSED, PublicationState.PROPOSED)


def test_an_approval_is_settled_once_and_of_a_version_that_is_there(stage: Stage) -> None:
    proposal = proposed(stage, STRICT)
    ended = decided(stage, proposal)
    with pytest.raises(PolicyNameTaken):
        stage.act(settle_policy, ended)
    with pytest.raises(PolicyUnknown):
        stage.act(settle_policy, replace(ended, subject="pol_none"))


def test_who_may_not_proposes_and_calls_off_nothing(stage: Stage) -> None:
    published(stage, replace(STRICT, valid_from=START + timedelta(days=1)))
    propose = ProposePolicy(policy=replace(STRICT, version="x"), reason="why")
    call_off = CallOffPolicy(version="2027-01", reason="why")
    clerk = operator(stage, "clerk", OperatorRole.CASES, OperatorRole.AUDIT)
    for by, refused in ((OPERATOR, OperatorNeeded), (clerk, RoleMissing)):
        with pytest.raises(refused):
            stage.act(propose_policy, propose, by=by)
        with pytest.raises(refused):
            stage.act(call_off_policy, call_off, by=by)
    by = operator(stage)
    before = stage.rows()
    with pytest.raises(ReasonInvalid):
        stage.act(propose_policy, replace(propose, reason=" "), by=by)
    with pytest.raises(ReasonInvalid):
        stage.act(call_off_policy, replace(call_off, reason=" "), by=by)
    late = replace(STRICT, version="x", valid_from=START + timedelta(days=367))
    with pytest.raises(PolicyTooFarAhead):
        stage.act(propose_policy, replace(propose, policy=late), by=by)
    assert stage.rows() == before


def test_one_operator_calls_off_what_is_not_yet_in_force(stage: Stage) -> None:
    published(stage, replace(STRICT, valid_from=START + timedelta(days=1)))
    command = CallOffPolicy(version="2027-01", reason=" wrong age ")
    done = stage.act(call_off_policy, command, by=operator(stage, "chen"))
    assert done == stage.act(find_version, "2027-01")
    assert (done.state, done.called_off_by, done.called_off_at, done.called_off_because) == (
        PublicationState.CALLED_OFF,
        "chen",
        START,
        "wrong age",
    )
    assert kinds(stage)[-1] == "policy_called_off"
    stage.clock.pass_by(days=2)
    assert in_force(stage) == BUILT_IN.version
    assert published(stage, STRICT).state is PublicationState.PUBLISHED


def test_what_is_in_force_is_not_called_off_nor_what_is_unknown(stage: Stage) -> None:
    published(stage, STRICT)
    by = operator(stage, "chen")
    with pytest.raises(PolicyInForce):
        stage.act(call_off_policy, CallOffPolicy(version="2027-01", reason="why"), by=by)
    for name in ("2099-01", BUILT_IN.version):
        with pytest.raises(PolicyUnknown):
            stage.act(call_off_policy, CallOffPolicy(version=name, reason="why"), by=by)
    assert in_force(stage) == "2027-01"


def test_of_two_who_call_off_at_once_one_does(stage: Stage) -> None:
    version = published(stage, replace(STRICT, valid_from=START + timedelta(days=1)))
    gone = replace(version, state=PublicationState.CALLED_OFF)
    assert stage.write(lambda uow: [uow.policy_versions.move(version, gone) for _ in range(2)]) == [True, False]
    with pytest.raises(StateConflict):
        stage.act(call_off_policy, CallOffPolicy(version="2027-01", reason="why"), by=operator(stage, "chen"))
