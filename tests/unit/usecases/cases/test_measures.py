"""A case is opened with reason and evidence; one operator warns, two limit or end an account (clause 2.10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eztong.domain.cases.case import (
    CaseMove,
    CaseMoved,
    CaseReason,
    CaseState,
    CaseUnknown,
    ClaimInvalid,
    EvidenceKind,
    EvidenceNeeded,
    EvidenceUnknown,
    Measure,
)
from eztong.domain.errors import HolderTerminated, InputInvalid, NotFound, SessionMissing, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import WordsMissing
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import AboutOneself, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import LIFE
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.standing import check_may_show_code
from eztong.usecases.access.find_session import find_session
from eztong.usecases.cases.hold_evidence import AddEvidence, add_evidence
from eztong.usecases.cases.open_case import (
    CaseNote,
    OpenCase,
    claim_damages,
    dismiss_case,
    open_case,
    open_case_by_number,
)
from eztong.usecases.cases.read_case import read_case
from eztong.usecases.cases.take_measure import MeasureInvalid, TakeMeasure, propose_measure, warn_account
from eztong.usecases.restrictions.restrict_for_staff import LiftRestrictions, StaffReason, lift_restrictions
from tests.unit.usecases.cases.acts import TOLD, WHY, Staff, now_of, ticket_number
from tests.unit.usecases.codes.asking import asking, attempts, qr_of, refused, show, state_of
from tests.unit.usecases.deregistration.leaving import CALENDAR
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, ZHAO, Stage


def acts_of(stage: Stage) -> list[str]:
    return [kind for (kind,) in stage.select("SELECT kind FROM acts ORDER BY act_id")]


def test_a_case_is_opened_with_a_reason_words_and_what_was_found_and_its_holder_is_not_told(stage: Stage) -> None:
    staff = Staff(stage)
    case = staff.opened()
    assert (case.reason, case.state, case.opened_by, len(case.number)) == (CaseReason.FRAUD, CaseState.OPEN, "zhao", 10)
    assert case.due == CALENDAR.due_after(stage.clock.now(), 15)
    found = stage.act(read_case, case.case_id)
    assert [(one.move, one.operator, one.text) for one in found.said] == [(CaseMove.OPENED, "zhao", WHY)]
    assert [one.kind for one in found.evidence] == [EvidenceKind.TICKET]
    assert (stage.topics(), acts_of(stage)) == ([], ["case_opened"])
    assert stage.read(lambda stored: stored.cases.waiting(limit=9)).those == [case]
    ((entry,),) = stage.select("SELECT subject FROM audit_entries WHERE what = 'cases.open'")
    assert entry == case.case_id


def test_words_of_a_case_lie_sealed(stage: Stage) -> None:
    Staff(stage).opened()
    (sealed,) = [bytes(sealed) for (sealed,) in stage.select("SELECT sealed_words FROM case_steps")]
    assert WHY.encode() not in sealed


def test_a_case_is_opened_by_number_and_a_look_in_vain_leaves_a_trace(stage: Stage) -> None:
    zhao, command = operator(stage, "zhao"), OpenCase(reason=CaseReason.UNLAWFUL, words="a letter")
    case = open_case_by_number(LI.number, command, by=zhao, services=stage.services)
    assert case.holder_id == stage.holder_id()
    with pytest.raises(NotFound):
        open_case_by_number(ZHAO.number, command, by=zhao, services=stage.services)
    assert acts_of(stage)[-1] == "looked_up_in_vain"


def test_there_is_no_case_about_nobody_nor_about_oneself_nor_without_words(stage: Stage) -> None:
    own = operator(stage, "own", person=stage.holder().number_index)
    legal = operator(stage, "legal", OperatorRole.LEGAL)
    zhao = operator(stage, "zhao")
    command = OpenCase(reason=CaseReason.HARM, words=WHY)
    for by, holder_id, given, error in (
        (own, stage.holder_id(), command, AboutOneself),
        (legal, stage.holder_id(), command, RoleMissing),
        (zhao, HolderId("hld_none"), command, NotFound),
        (zhao, stage.holder_id(), OpenCase(reason=CaseReason.HARM, words=" "), WordsMissing),
        (zhao, stage.holder_id(), OpenCase(reason=CaseReason.HARM, words=WHY, evidence=("ver_1",)), EvidenceUnknown),
    ):
        with pytest.raises(error):
            stage.act(open_case, holder_id, given, by=by, calendar=CALENDAR)
    assert stage.select("SELECT count(*) FROM cases") == [(0,)]


def test_a_case_holds_records_of_its_account_and_tickets_of_anybody_once(stage: Stage) -> None:
    staff = Staff(stage)
    case = staff.opened(evidence=False)
    shown = show(stage)
    stage.clock.pass_by(minutes=5)
    refused(stage, asking(stage, qr_of(shown)))
    tries = attempts(stage)
    ticket = ticket_number(stage)
    command = AddEvidence(case_id=case.case_id, evidence=(tries[0].attempt_id, ticket, tries[0].attempt_id))
    assert [one.kind for one in stage.act(add_evidence, command, by=staff.zhao)] == [
        EvidenceKind.REFUSED_TRY,
        EvidenceKind.TICKET,
    ]
    found = stage.act(read_case, case.case_id).signals
    assert (dict(found.tries), [one.attempt_id for one in found.newest_tries]) == (
        {tries[0].reason: 1},
        [tries[0].attempt_id],
    )
    other = staff.opened(person=WANG, evidence=False)
    for named in (tries[0].attempt_id, "0000000000", "anything"):
        with pytest.raises(EvidenceUnknown):
            stage.act(add_evidence, AddEvidence(case_id=other.case_id, evidence=(named,)), by=staff.zhao)
    with pytest.raises(CaseUnknown):
        stage.act(add_evidence, AddEvidence(case_id="cas_none", evidence=(ticket,)), by=staff.zhao)


def test_one_operator_warns_and_the_holder_is_told_until_when_to_object(stage: Stage) -> None:
    case = Staff(stage).warned()
    until = CALENDAR.due_after(stage.clock.now(), 15)
    assert (case.state, case.measure, case.decided_by, case.appeal_until) == (
        CaseState.DECIDED,
        Measure.WARN,
        "zhao",
        until,
    )
    assert (case.over_at, case.proposed_by, stage.holder().standing) == (until.at, None, "active")
    (message,) = stage.messages()
    assert (message.topic, message.params["what"], message.params["number"]) == ("case_decided", "warn", case.number)
    assert [event.kind for event in stage.events()] == [EventKind.CASE_DECIDED]
    with pytest.raises(MeasureInvalid):
        stage.act(
            warn_account,
            TakeMeasure(case_id=case.case_id, measure=Measure.RESTRICT, words=TOLD),
            by=operator(stage, "li"),
            calendar=CALENDAR,
        )


def test_an_account_is_limited_by_two_and_its_mark_is_lifted_by_no_one_of_them(stage: Stage) -> None:
    staff = Staff(stage)
    case, proposal = staff.proposed(Measure.RESTRICT, Ceiling.LOW)
    assert (case.state, stage.holder().ceiling, stage.topics()) == (CaseState.PROPOSED, None, [])
    assert TOLD not in proposal.reason
    with pytest.raises(SameOperator):
        staff.decide(proposal, by=staff.zhao)
    staff.decide(proposal)
    decided = now_of(stage, case)
    assert (decided.state, decided.proposed_by, decided.decided_by) == (CaseState.DECIDED, "zhao", "qian")
    (mark,) = stage.marks()
    assert (mark.cause, mark.ceiling, mark.rule, stage.holder().ceiling) == (
        Cause.CASE,
        Ceiling.LOW,
        case.case_id,
        Ceiling.LOW,
    )
    for reason in StaffReason:
        lift_restrictions(LiftRestrictions(number=LI.number, reason=reason), by=staff.zhao, services=stage.services)
    assert stage.marks() == [mark]
    assert stage.topics() == ["case_decided"]


def test_an_account_is_ended_by_two_and_everything_of_it_at_once(stage: Stage) -> None:
    staff, shown = Staff(stage), show(stage)
    case, proposal = staff.proposed()
    staff.decide(proposal)
    holder = stage.holder()
    assert (holder.state, holder.is_terminated, state_of(stage, shown).value) == (
        HolderState.TERMINATED,
        True,
        "cancelled",
    )
    with pytest.raises(HolderTerminated):
        check_may_show_code(holder)
    with pytest.raises(SessionMissing):
        stage.act(find_session, LI.session)
    person = stage.read(lambda stored: stored.holders.person(holder.number_index or b""))
    assert person is not None
    assert (person.service_ended, person.holder_id) == (True, holder.holder_id)
    (event,) = stage.events()
    assert event.detail.startswith(
        f"case={case.number} measure=terminate reason=fraud codes_cancelled=1 sessions_ended=1"
    )
    said = stage.act(read_case, case.case_id).said
    assert [(one.move, one.text) for one in said][1:] == [(CaseMove.PROPOSED, TOLD), (CaseMove.DECIDED, TOLD)]
    assert acts_of(stage) == ["case_opened", "proposed", "proposal_approved", "case_decided"]


@pytest.mark.parametrize(
    ("measure", "ceiling"),
    [(Measure.WARN, None), (Measure.RESTRICT, None), (Measure.TERMINATE, Ceiling.LOW)],
)
def test_what_is_proposed_takes_two_and_says_how_far_it_goes(
    stage: Stage, measure: Measure, ceiling: Ceiling | None
) -> None:
    with pytest.raises(MeasureInvalid):
        Staff(stage).proposed(measure, ceiling)


def test_nobody_is_limited_for_nothing(stage: Stage) -> None:
    staff = Staff(stage)
    case = staff.opened(evidence=False)
    with pytest.raises(EvidenceNeeded):
        stage.act(
            propose_measure, TakeMeasure(case_id=case.case_id, measure=Measure.TERMINATE, words=TOLD), by=staff.zhao
        )


def test_what_is_not_approved_leaves_the_case_open_and_the_account_as_it_was(stage: Stage) -> None:
    staff = Staff(stage)
    case, proposal = staff.proposed()
    with pytest.raises(CaseMoved):
        stage.act(dismiss_case, CaseNote(case_id=case.case_id, words="no"), by=staff.zhao)
    staff.decide(proposal, approve=False)
    again = now_of(stage, case)
    assert (again.state, again.measure, again.proposal_id, stage.holder().standing) == (
        CaseState.OPEN,
        None,
        None,
        "active",
    )
    assert stage.topics() == []
    dismissed = stage.act(dismiss_case, CaseNote(case_id=case.case_id, words="mistaken"), by=staff.qian)
    assert (dismissed.state, dismissed.is_over(stage.clock.now()), dismissed.is_told) == (CaseState.CLOSED, True, False)
    with pytest.raises(CaseMoved):
        stage.act(
            warn_account,
            TakeMeasure(case_id=case.case_id, measure=Measure.WARN, words=TOLD),
            by=staff.zhao,
            calendar=CALENDAR,
        )


def test_a_proposal_that_nobody_decided_makes_room_for_another_measure(stage: Stage) -> None:
    staff = Staff(stage)
    case, _ = staff.proposed()
    command = TakeMeasure(case_id=case.case_id, measure=Measure.RESTRICT, ceiling=Ceiling.NONE, words=TOLD)
    with pytest.raises(StateConflict):
        stage.act(propose_measure, command, by=staff.qian)
    stage.clock.pass_by(days=LIFE / timedelta(days=1))
    moved, newer = stage.act(propose_measure, command, by=staff.qian)
    assert (moved.proposed_by, moved.measure, moved.proposal_id) == ("qian", Measure.RESTRICT, newer.proposal_id)
    stage.clock.pass_by(days=LIFE / timedelta(days=1))
    warned = stage.act(
        warn_account,
        TakeMeasure(case_id=case.case_id, measure=Measure.WARN, words=TOLD),
        by=staff.qian,
        calendar=CALENDAR,
    )
    assert (warned.measure, warned.ceiling, warned.proposed_by) == (Measure.WARN, None, None)


def test_an_account_that_is_leaving_is_not_ended_besides(stage: Stage) -> None:
    staff = Staff(stage)
    _, proposal = staff.proposed()
    stage.write(lambda uow: uow.holders.update(stage.holder().moved_to(HolderState.DEREGISTERING)))
    with pytest.raises(StateConflict):
        staff.decide(proposal)
    assert stage.holder().state is HolderState.DEREGISTERING


def test_damages_stand_in_the_case_for_the_record(stage: Stage) -> None:
    staff = Staff(stage)
    case = staff.opened()
    note = CaseNote(case_id=case.case_id, claim="1280.5", words="the call centre's hours")
    assert stage.act(claim_damages, note, by=staff.zhao).claim == now_of(stage, case).claim == 128050
    assert stage.act(read_case, case.case_id).said[-1].move is CaseMove.CLAIMED
    for claim in ("", "0", "1.234", "-1", "x", "99999999999"):
        with pytest.raises(ClaimInvalid) as refused:
            stage.act(claim_damages, CaseNote(case_id=case.case_id, claim=claim, words="x"), by=staff.zhao)
        assert isinstance(refused.value, InputInvalid)
