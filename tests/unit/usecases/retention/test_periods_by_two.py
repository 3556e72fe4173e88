"""Two operators change periods; the sweep goes by them from their moment on, and by nothing that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from eztong.domain.damage import RowDamaged
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import Proposal, ProposalEnded, ProposalKind, ReasonInvalid
from eztong.domain.retention.kept import Transient
from eztong.domain.retention.version import (
    Periods,
    RetentionInvalid,
    RetentionMoved,
    RetentionSettled,
    RetentionState,
    RetentionUnchanged,
    RetentionUnknown,
)
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.jobs.sweep_old_rows import sweep_old_rows
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from eztong.usecases.retention.periods_in_force import count_earlier, periods_in_force
from eztong.usecases.retention.publish_periods import (
    ProposeRetention,
    open_proposal_of_retention,
    propose_retention,
    settle_retention,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

DAY = timedelta(days=1)
LONGER, SHORTER = {"traffic": 30}, {"undelivered_messages": 7, "traffic": 30}


@pytest.fixture
def li(stage: Stage) -> Acting:
    operator(stage, "li.na", OperatorRole.LEGAL)
    return replace(OPERATOR, name="li.na")


@pytest.fixture
def wang(stage: Stage) -> Acting:
    operator(stage, "wang.wei", OperatorRole.SYSTEM)
    return replace(OPERATOR, name="wang.wei")


def proposed(
    stage: Stage, by: Acting, days: Mapping[str, int] = LONGER, *, starts_at: datetime | None = None
) -> Proposal:
    command = ProposeRetention(days=days, starts_at=starts_at, reason="as the lawyers ask")
    return stage.act(propose_retention, command, by=by)[1]


def decide(stage: Stage, proposal: Proposal, by: Acting, *, approve: bool = True) -> None:
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason="seen")
    stage.act(decide_proposal, command, by=by, calendar=WorkCalendar())


def held(stage: Stage) -> Periods:
    return stage.read(lambda stored: periods_in_force(stored=stored, now=stage.clock.now()))


def test_the_sweep_goes_by_it_after_the_second_operator_alone(stage: Stage, li: Acting, wang: Acting) -> None:
    stage.write(lambda uow: uow.traffic.add(stage.clock.now(), {"answer.2xx": 1}))
    proposal = proposed(stage, li)
    assert proposal.kind is ProposalKind.RETENTION_LONGER
    with pytest.raises(SameOperator):
        decide(stage, proposal, li)
    decide(stage, proposal, wang)
    assert held(stage).after(Transient.TRAFFIC) == 30 * DAY
    assert ("retention_published", proposal.subject) in stage.select("SELECT kind, subject FROM acts")
    stage.clock.pass_by(seconds=8 * DAY.total_seconds())
    assert Transient.TRAFFIC not in sweep_old_rows(services=stage.services).removed
    stage.clock.pass_by(seconds=23 * DAY.total_seconds())
    assert sweep_old_rows(services=stage.services).removed[Transient.TRAFFIC] == 1


def test_what_is_shortened_is_counted_and_proposed_as_what_destroys(stage: Stage, li: Acting, wang: Acting) -> None:
    decide(stage, proposed(stage, li), wang)
    stage.write(lambda uow: uow.traffic.add(stage.clock.now(), {"answer.2xx": 1, "answer.5xx": 2}))
    stage.clock.pass_by(seconds=8 * DAY.total_seconds())
    there, now = held(stage), stage.clock.now()
    assert stage.read(lambda stored: count_earlier(there, Periods(), at=now, stored=stored)) == {Transient.TRAFFIC: 2}
    later = now + 23 * DAY
    assert stage.read(lambda stored: count_earlier(there, Periods(), at=later, stored=stored)) == {Transient.TRAFFIC: 0}
    assert proposed(stage, li, {}).kind is ProposalKind.RETENTION_SHORTER
    assert proposed(stage, li, SHORTER).kind is ProposalKind.RETENTION_SHORTER


def test_it_holds_from_its_moment_and_what_waits_is_no_reason_to_lengthen_unseen(
    stage: Stage, li: Acting, wang: Acting
) -> None:
    decide(stage, proposed(stage, li, starts_at=stage.clock.now() + 9 * DAY), wang)
    assert held(stage) == Periods()
    again = proposed(stage, li, {})
    assert again.kind is ProposalKind.RETENTION_SHORTER, "what was published and waits would be shortened"
    stage.clock.pass_by(seconds=9 * DAY.total_seconds())
    assert held(stage).after(Transient.TRAFFIC) == 30 * DAY


def test_what_was_counted_against_other_periods_is_not_approved(stage: Stage, li: Acting, wang: Acting) -> None:
    first, second = proposed(stage, li), proposed(stage, li, SHORTER)
    decide(stage, first, wang)
    with pytest.raises(RetentionMoved):
        decide(stage, second, wang)
    decide(stage, second, wang, approve=False)
    with stage.store.read() as stored:
        states = [one.state for one in stored.retention_versions.list(limit=9).those]
        with pytest.raises(ProposalEnded):
            open_proposal_of_retention(second.subject, stored=stored)
        with pytest.raises(RetentionUnknown):
            open_proposal_of_retention("ret_none", stored=stored)
    assert states == [RetentionState.REFUSED, RetentionState.PUBLISHED]
    with pytest.raises(RetentionSettled):
        stage.act(settle_retention, second)


def test_nobody_else_proposes_and_nothing_beyond_bounds(stage: Stage, li: Acting) -> None:
    for days, refused in (({}, RetentionUnchanged), ({"audit": 1}, RetentionInvalid)):
        with pytest.raises(refused):
            proposed(stage, li, days)
    with pytest.raises(ReasonInvalid):
        stage.act(propose_retention, ProposeRetention(days=LONGER, reason=" "), by=li)
    with pytest.raises(OperatorNeeded):
        stage.act(propose_retention, ProposeRetention(days=LONGER, reason="x"))
    operator(stage, "zhao", OperatorRole.CASES)
    with pytest.raises(RoleMissing):
        proposed(stage, replace(OPERATOR, name="zhao"))


def test_where_it_cannot_be_read_nothing_goes_that_may_have_been_kept_longer(
    stage: Stage, li: Acting, wang: Acting
) -> None:
    proposal = proposed(stage, li)
    decide(stage, proposal, wang)
    stage.write(lambda uow: uow.traffic.add(stage.clock.now(), {"answer.2xx": 1}))
    stage.damage("retention_versions", "periods", of=proposal.subject)
    with pytest.raises(RowDamaged):
        held(stage)
    stage.clock.pass_by(seconds=40 * DAY.total_seconds())
    swept = sweep_old_rows(services=stage.services)
    assert Transient.TRAFFIC not in swept.removed
    assert swept.failures["RowDamaged"] > 0
