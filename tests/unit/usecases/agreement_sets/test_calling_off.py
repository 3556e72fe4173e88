"""A set that holders were told of is called off by two before its day: it never comes, and holders are told that."""

from __future__ import annotations

import pytest

from eztong.domain.agreement_sets.agreement_set import AgreementSet, SetNotScheduled, SetUnknown
from eztong.domain.agreements import AgreementState
from eztong.domain.events import EventKind
from eztong.domain.operators.operator import OperatorNeeded, SameOperator
from eztong.domain.operators.proposal import Proposal
from eztong.ports.act import HOLDER
from eztong.usecases.agreement_sets.call_off_set import CallOffSet, propose_calling_off
from eztong.usecases.agreement_sets.compare_set import set_before
from eztong.usecases.agreement_sets.draft_set import draft_set
from tests.unit.usecases.agreement_sets.publishing import decide, drafting, keep, number, published, put_in_force
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage


def off(stage: Stage, wanted: int = 2) -> Proposal:
    command = CallOffSet(number=wanted, reason="a court decided otherwise")
    return stage.act(propose_calling_off, command, by=operator(stage, "li.na"))


def states(stage: Stage, found: AgreementSet) -> set[AgreementState]:
    with stage.store.read() as stored:
        texts = [stored.agreements.version(one.kind, one.version, "en") for one in found.changed]
    return {text.state for text in texts if text is not None}


def test_it_never_comes_and_holders_are_told(stage: Stage) -> None:
    stage.empty_outbox()
    published(stage, {"service": "B"})
    keep(stage)
    proposal = off(stage)
    with pytest.raises(SameOperator):
        decide(stage, proposal, name="li.na")
    assert number(stage, 2).state is AgreementState.SCHEDULED
    decide(stage, proposal)
    keep(stage)
    assert stage.topics() == ["agreements_ask"] * 2 + ["agreements_off"] * 2
    for person in (LI, WANG):
        assert EventKind.AGREEMENTS_CALLED_OFF in [event.kind for event in stage.events(person)]
    assert ("agreements_called_off",) in stage.select("SELECT kind FROM acts")
    stage.clock.pass_by(days=9)
    keep(stage)
    found = number(stage, 2)
    assert (found.state, states(stage, found)) == (AgreementState.CALLED_OFF, {AgreementState.CALLED_OFF})
    assert number(stage, 1).state is AgreementState.IN_FORCE


def test_the_next_set_has_a_number_and_versions_of_its_own(stage: Stage) -> None:
    gone = published(stage, {"service": "B"})
    decide(stage, off(stage))
    again = stage.act(draft_set, drafting(stage, {"service": "B"}), by=operator(stage, "li.na"))
    assert again.number == 3
    assert {one.version for one in again.changed}.isdisjoint(one.version for one in gone.changed)
    before = stage.read(lambda stored: set_before(again, stored=stored))
    assert before is not None
    assert before.number == 1, "it is compared with what is in force, not with what never came"


def test_a_refused_one_leaves_it_as_it_is(stage: Stage) -> None:
    published(stage, {"service": "B"})
    decide(stage, off(stage), approve=False)
    assert number(stage, 2).state is AgreementState.SCHEDULED


def test_only_what_waits_for_its_day_is_called_off(stage: Stage) -> None:
    with pytest.raises(SetUnknown):
        off(stage)
    with pytest.raises(SetNotScheduled):
        off(stage, 1)
    published(stage, {"service": "B"})
    with pytest.raises(OperatorNeeded):
        stage.act(propose_calling_off, CallOffSet(number=2, reason="x"), by=HOLDER)
    proposal = off(stage)
    stage.clock.pass_by(days=6)
    decide(stage, proposal)
    with pytest.raises(SetNotScheduled):
        off(stage)


def test_what_came_into_force_meanwhile_stays(stage: Stage) -> None:
    put_in_force(stage, {"service": "C"})
    with pytest.raises(SetNotScheduled):
        off(stage)
