"""The holder reads what was decided and why, objects once, and a third operator decides (clause 2.10)."""

from __future__ import annotations

import json

import pytest

from eztong.domain.cases.case import AppealNotOpen, CaseMove, CaseMoved, CaseState, CaseUnknown, Measure
from eztong.domain.errors import SessionMissing
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.operators.operator import AboutOneself, SameOperator
from eztong.domain.restrictions.mark import Ceiling
from eztong.usecases.cases.find_decision import CaseProof, decisions_about, read_decision
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.own_data.export_data import collect_data
from tests.unit.usecases.cases.acts import NOT_SO, TOLD, WHY, Staff, appeal, by_secret, now_of, secret_of
from tests.unit.usecases.deregistration.leaving import account, leave
from tests.unit.usecases.deregistration.test_open_case import person_kept
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage


def test_whoever_was_told_reads_with_number_and_secret_what_was_decided_and_why(stage: Stage) -> None:
    case = Staff(stage).taken()
    found = stage.act(read_decision, by_secret(stage, case))
    assert (found.case.case_id, [(one.move, one.text) for one in found.said]) == (
        case.case_id,
        [(CaseMove.DECIDED, TOLD)],
    )
    assert len(found.evidence) == 1
    secret = secret_of(stage)
    for number, shown in ((case.number, "0" * 16), ("1234567890", secret), (case.number, secret.lower() + "0")):
        with pytest.raises(CaseUnknown):
            stage.act(read_decision, CaseProof(number=number, secret=shown, session_hash=b""))
    with pytest.raises(SessionMissing):
        stage.act(read_decision, CaseProof(number=case.number, secret=None, session_hash=LI.session))


def test_the_account_reads_it_signed_in_and_no_other_account_nor_before_it_is_decided(stage: Stage) -> None:
    staff = Staff(stage)
    waits, _ = staff.proposed()
    case = staff.taken(Measure.RESTRICT, Ceiling.LOW)
    own = CaseProof(number=case.number, secret=None, session_hash=LI.session)
    assert stage.act(read_decision, own).case == now_of(stage, case)
    assert [one.case_id for one in stage.act(decisions_about, LI.session)] == [case.case_id]
    assert stage.act(decisions_about, WANG.session) == []
    for number, session in ((case.number, WANG.session), (waits.number, LI.session)):
        with pytest.raises(CaseUnknown):
            stage.act(read_decision, CaseProof(number=number, secret=None, session_hash=session))


def test_the_holder_objects_once_and_it_waits_with_a_day(stage: Stage) -> None:
    case = Staff(stage).taken()
    proof = by_secret(stage, case)
    objected = appeal(stage, proof)
    assert (objected.state, objected.over_at, objected.appealed_at) == (CaseState.APPEALED, None, stage.clock.now())
    assert [one.case_id for one in stage.read(lambda stored: stored.cases.waiting(limit=9)).those] == [case.case_id]
    assert [(one.move, one.text) for one in stage.act(read_decision, proof).said][-1] == (CaseMove.APPEALED, NOT_SO)
    with pytest.raises(AppealNotOpen):
        appeal(stage, proof)
    assert stage.events()[-1].kind is EventKind.CASE_APPEALED


def test_an_objection_is_in_time_until_the_last_moment_of_the_day(stage: Stage) -> None:
    case = Staff(stage).warned()
    proof, until = by_secret(stage, case), case.appeal_until
    assert until is not None
    stage.clock.pass_by(seconds=(until.at - stage.clock.now()).total_seconds())
    assert now_of(stage, case).may_appeal(stage.clock.now()) is True
    if not until.is_provisional:
        stage.clock.pass_by(seconds=1)
        with pytest.raises(AppealNotOpen):
            appeal(stage, proof)


def test_only_a_third_operator_decides_on_it(stage: Stage) -> None:
    staff = Staff(stage)
    case = staff.taken()
    appeal(stage, by_secret(stage, case))
    own = operator(stage, "own", person=account(stage, case.holder_id).number_index)
    for by, error in ((staff.zhao, SameOperator), (staff.qian, SameOperator), (own, AboutOneself)):
        with pytest.raises(error):
            staff.answer(case, uphold=True, by=by)
    assert staff.answer(case, uphold=True).state is CaseState.CLOSED


def test_a_decision_that_stands_is_told_and_is_decided_once(stage: Stage) -> None:
    staff = Staff(stage)
    case = staff.taken()
    holder_id = case.holder_id
    appeal(stage, by_secret(stage, case))
    done = staff.answer(case, uphold=True)
    assert (done.state, done.lifted_at, done.holds, account(stage, holder_id).state) == (
        CaseState.CLOSED,
        None,
        True,
        HolderState.TERMINATED,
    )
    assert stage.topics()[-1] == "case_upheld"
    with pytest.raises(CaseMoved):
        staff.answer(case, uphold=True)


@pytest.mark.parametrize("objected", [True, False])
def test_a_termination_is_taken_back_to_where_the_account_stood(stage: Stage, *, objected: bool) -> None:
    staff = Staff(stage)
    before = stage.holder()
    frozen = before.frozen(FreezeCause.SELF)
    stage.write(lambda uow: uow.holders.move(before, frozen))
    case = staff.taken()
    if objected:
        appeal(stage, by_secret(stage, case))
    done = staff.answer(case, uphold=False)
    assert (done.state, done.lifted_at) == (CaseState.CLOSED, stage.clock.now())
    assert account(stage, case.holder_id) == frozen
    person = stage.read(lambda stored: stored.holders.person(before.number_index or b""))
    assert person is not None
    assert person.service_ended is False
    assert stage.topics()[-1] == "case_lifted"


def test_a_termination_under_a_later_freeze_is_taken_back_alone(stage: Stage) -> None:
    staff = Staff(stage)
    case = staff.taken()
    ended = account(stage, case.holder_id)
    stage.write(lambda uow: uow.holders.move(ended, ended.frozen(FreezeCause.SELF)))
    staff.answer(case, uphold=False)
    back = account(stage, case.holder_id)
    assert (back.state, back.is_terminated, back.restored().state) == (HolderState.FROZEN, False, HolderState.ACTIVE)


def test_of_two_limits_the_one_that_was_taken_back_ends(stage: Stage) -> None:
    staff = Staff(stage)
    low, none = staff.taken(Measure.RESTRICT, Ceiling.LOW), staff.taken(Measure.RESTRICT, Ceiling.NONE)
    assert stage.holder().ceiling is Ceiling.NONE
    staff.answer(none, uphold=False)
    assert stage.holder().ceiling is Ceiling.LOW
    staff.answer(low, uphold=False)
    assert stage.holder().ceiling is None


def test_nothing_is_taken_back_that_limits_nothing(stage: Stage) -> None:
    staff = Staff(stage)
    case = staff.warned()
    with pytest.raises(CaseMoved):
        staff.answer(case, uphold=False)
    with pytest.raises(CaseMoved):
        staff.answer(case, uphold=True)
    appeal(stage, by_secret(stage, case))
    assert staff.answer(case, uphold=False).state is CaseState.CLOSED


def test_a_secret_opens_nothing_once_a_loss_was_told_nor_a_month_after_the_end(stage: Stage) -> None:
    staff = Staff(stage)
    case, later = staff.warned(), staff.warned()
    proof = by_secret(stage, later)
    stage.clock.pass_by(days=60)
    with pytest.raises(CaseUnknown):
        stage.act(read_decision, proof)
    newest = staff.warned()
    fresh = by_secret(stage, newest)
    assert stage.act(read_decision, fresh).case == newest
    freeze = FreezeHolder(
        holder_id=case.holder_id, cause=FreezeCause.SELF, channel="web", reason=FreezeReason.PHONE_LOST
    )
    stage.act(freeze_holder, freeze)
    with pytest.raises(CaseUnknown):
        stage.act(read_decision, fresh)


def test_the_copy_has_the_decision_and_its_words_and_not_what_staff_wrote_for_themselves(stage: Stage) -> None:
    Staff(stage).taken(Measure.RESTRICT, Ceiling.LOW)
    copy = stage.act(collect_data, stage.holder())
    (case,) = copy["cases"]
    assert (case["measure"], case["reason"]) == ("restrict", "fraud")
    assert [(step["move"], step["text"]) for step in case["steps"]] == [
        ("opened", None),
        ("proposed", None),
        ("decided", TOLD),
    ]
    assert [one["kind"] for one in case["evidence"]] == ["ticket"]
    assert WHY not in json.dumps(copy, ensure_ascii=False)


def test_whoever_leaves_in_the_middle_of_a_case_keeps_it_and_its_words_end(stage: Stage) -> None:
    case = Staff(stage).opened()
    leave(stage)
    kept = person_kept(stage)
    assert kept is not None
    assert (kept.has_open_case, kept.service_ended) == (True, False)
    assert now_of(stage, case).state is CaseState.OPEN
    assert stage.select("SELECT count(*) FROM case_evidence") == [(1,)]


def test_a_warning_leaves_with_the_account(stage: Stage) -> None:
    Staff(stage).warned()
    leave(stage)
    assert person_kept(stage) is None
    assert stage.rows().keys() >= {"cases", "case_steps"}
    assert (stage.rows()["cases"], stage.rows()["case_steps"]) == (0, 0)
