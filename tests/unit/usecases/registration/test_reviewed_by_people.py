"""After the policy: an applicant comes back, objects once, and operators decide, each application never twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import NotFound, OtpExpired, SessionMissing
from eztong.domain.feedback.ticket import WordsMissing
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthoritySignal, AuthorityVerdict
from eztong.domain.identity.phone import parse_phone
from eztong.domain.operators.operator import AboutOneself, OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.registration import (
    AppealNotPossible,
    ApplicationMissing,
    ApplicationStep,
    NoEidMark,
    NotUnderReview,
    StepKind,
    Verdict,
)
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import OPERATOR, Acting
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.holders import Person
from eztong.usecases.refusal import Refused
from eztong.usecases.registration.appeal_application import AppealApplication, appeal_application
from eztong.usecases.registration.application_words import Said, read_steps
from eztong.usecases.registration.review_application import ReviewApplication, find_application, review_application
from eztong.usecases.registration.see_application import (
    LIFE,
    AskForApplication,
    SeeApplication,
    ask_for_application,
    see_application,
)
from tests.unit.usecases.access.ways import NEW, newest_digits, typed, wrong
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, ZHAO, Stage, asker, register

CALENDAR = WorkCalendar()
FRESH = b"fresh session"
NO_RECORD = AuthorityAnswer(verdict=AuthorityVerdict.NO_RECORD, reference="r", detail_code="A21")


def refused(stage: Stage) -> Holder:
    """Let Zhao apply and be refused by the policy."""
    stage.authority.answer = NO_RECORD
    holder = register(stage, ZHAO)
    stage.authority.answer = None
    assert holder.state is HolderState.REFUSED
    return holder


def under_review(stage: Stage) -> Holder:
    """Let Zhao apply, so that a person has to look."""
    stage.authority.answer = replace(matched("r"), signals=frozenset({AuthoritySignal.REVIEW_ADVISED}))
    holder = register(stage, ZHAO)
    stage.authority.answer = None
    assert holder.state is HolderState.UNDER_REVIEW
    return holder


def ask(stage: Stage, phone: str = ZHAO.phone) -> None:
    command = AskForApplication(asker=asker(NEW), phone=parse_phone(phone), language="zh-CN")
    stage.act(ask_for_application, command)


def see(stage: Stage, last_four: str = ZHAO.number[-4:], digits: str | None = None) -> Session | Refused:
    code = typed(stage, OtpPurpose.APPLICATION, digits=digits)
    command = SeeApplication(fresh_hash=FRESH, code=code, last_four=last_four)
    return stage.act(see_application, command)


def appeal(stage: Stage, words: str = "我的姓名没有写错", session: bytes = ZHAO.session) -> ApplicationStep:
    command = AppealApplication(session_hash=session, words=words)
    return stage.act(appeal_application, command, calendar=CALENDAR)


def review(stage: Stage, holder: Holder, kind: StepKind, by: Acting, words: str = "核对过了") -> Verdict:
    command = ReviewApplication(holder_id=holder.holder_id, kind=kind, words=words)
    return review_application(command, by=by, services=stage.services)


def said(stage: Stage) -> list[Said]:
    return list(stage.read(lambda stored: read_steps(stage.holder(ZHAO), stored=stored, keys=stage.keys)))


# --- seen again ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("put", [refused, under_review])
def test_the_message_code_and_the_numbers_end_show_the_application(
    stage: Stage, put: Callable[[Stage], Holder]
) -> None:
    holder = put(stage)
    ask(stage)
    session = see(stage, f" {ZHAO.number[-4:].lower()} ")
    assert isinstance(session, Session)
    assert (session.holder_id, session.device_id, session.unlocked_until) == (holder.holder_id, None, None)
    assert session.expires_at == stage.clock.now() + LIFE
    assert stage.session(FRESH) == session


def test_a_phone_without_an_application_gets_no_message(stage: Stage) -> None:
    ask(stage, LI.phone)
    ask_somebody = stage.topics()
    assert "otp" not in ask_somebody


def test_wrong_digits_of_the_number_cost_the_message_code(stage: Stage) -> None:
    refused(stage)
    ask(stage)
    command = SeeApplication(fresh_hash=FRESH, code=typed(stage, OtpPurpose.APPLICATION), last_four=ZHAO.number[-4:])
    missing = see(stage, "0000")
    assert isinstance(missing, Refused)
    assert isinstance(missing.error, ApplicationMissing)
    with pytest.raises(OtpExpired):
        stage.act(see_application, command)


def test_a_wrong_message_code_shows_nothing(stage: Stage) -> None:
    refused(stage)
    ask(stage)
    assert isinstance(see(stage, digits=wrong(newest_digits(stage))), Refused)
    assert stage.read(lambda stored: stored.sessions.get(FRESH)) is None


def test_the_browsers_earlier_session_ends(stage: Stage) -> None:
    refused(stage)
    ask(stage)
    stage.write(lambda uow: uow.sessions.add(replace(stage.session(LI.session), session_hash=NEW, device_id=None)))
    assert isinstance(see(stage), Session)
    assert stage.session(NEW).revoked_at == stage.clock.now()


# --- objected to --------------------------------------------------------------------------------------------------


def test_an_objection_brings_a_refusal_before_a_person_with_a_day(stage: Stage) -> None:
    holder = refused(stage)
    step = appeal(stage)
    assert stage.holder(ZHAO).state is HolderState.UNDER_REVIEW
    assert step.due == CALENDAR.due_after(stage.clock.now(), ANSWER_WITHIN)
    assert [(one.kind, one.text, one.operator) for one in said(stage)] == [(StepKind.APPEAL, "我的姓名没有写错", None)]
    waiting = stage.read(lambda stored: list(stored.applications.waiting(limit=5).those))
    assert [one.holder_id for one in waiting] == [holder.holder_id]
    assert stage.select("SELECT kind, actor FROM acts") == [("application_appealed", "holder")]
    ((sealed,),) = stage.select("SELECT sealed_words FROM application_steps")
    assert "我的姓名".encode() not in sealed


def test_only_a_refusal_is_objected_to_and_only_once(stage: Stage) -> None:
    with pytest.raises(SessionMissing):
        appeal(stage, session=b"nobody")
    with pytest.raises(AppealNotPossible):
        appeal(stage, session=LI.session)
    holder = refused(stage)
    with pytest.raises(WordsMissing):
        appeal(stage, " ")
    appeal(stage)
    review(stage, holder, StepKind.REFUSE, operator(stage))
    with pytest.raises(AppealNotPossible):
        appeal(stage)


def test_what_has_another_way_on_is_not_objected_to(stage: Stage) -> None:
    refused(stage)
    stage.change(ZHAO, reason="already_registered")
    with pytest.raises(AppealNotPossible):
        appeal(stage)


def test_no_second_application_of_a_number_and_phone_waits_for_a_person(stage: Stage) -> None:
    holder = refused(stage)
    same = {"number_index": holder.number_index, "phone_index": holder.phone_index}
    stage.change(WANG, state=HolderState.UNDER_REVIEW, **same)
    with pytest.raises(AppealNotPossible):
        appeal(stage)


# --- decided ------------------------------------------------------------------------------------------------------


def test_an_operator_approves_and_the_account_is_there(stage: Stage) -> None:
    holder = under_review(stage)
    assert review(stage, holder, StepKind.APPROVE, operator(stage)) is Verdict.APPROVE
    found = stage.holder(ZHAO)
    assert (found.state, found.rules, found.reason) == (HolderState.ACTIVE, "R50", None)
    assert found.sealed_eid_mark is not None
    assert stage.topics() == ["registration_decided"]
    event = stage.read(lambda stored: stored.holders.events(holder.holder_id))[0]
    assert (event.kind.value, event.actor.value, event.detail) == ("registration_approve", "operator", "operator=li.na")
    assert stage.select("SELECT kind, operator FROM acts") == [("application_decided", "li.na")]
    with pytest.raises(NotUnderReview):
        review(stage, holder, StepKind.REFUSE, operator(stage, "wang"))


def test_an_expired_document_is_approved_for_some_uses_only(stage: Stage) -> None:
    holder = under_review(stage)
    stage.authority.answer = replace(matched("r"), document_valid_until=date(2020, 1, 1))
    assert review(stage, holder, StepKind.APPROVE, operator(stage)) is Verdict.APPROVE_RESTRICTED
    assert (stage.holder(ZHAO).standing, stage.holder(ZHAO).rules) == ("restricted", "R50 R40")


def test_an_operator_refuses_with_words_that_the_applicant_reads(stage: Stage) -> None:
    holder = under_review(stage)
    assert review(stage, holder, StepKind.REFUSE, operator(stage), "照片不清楚") is Verdict.REFUSE
    found = stage.holder(ZHAO)
    assert (found.state, found.reason, found.rules) == (HolderState.REFUSED, "decided_by_person", "R51")
    assert [(one.text, one.rules, one.operator) for one in said(stage)] == [("照片不清楚", "R51", "li.na")]
    assert stage.topics() == ["registration_decided"]


def test_an_objection_is_decided_by_another_operator(stage: Stage) -> None:
    holder, own = under_review(stage), stage.holder(LI).number_index
    first = operator(stage, person=own)
    review(stage, holder, StepKind.REFUSE, first)
    appeal(stage)
    for same in (first, operator(stage, "li.again", person=own)):
        with pytest.raises(SameOperator):
            review(stage, holder, StepKind.APPROVE, same)
    assert review(stage, holder, StepKind.APPROVE, operator(stage, "wang")) is Verdict.APPROVE


def test_nobody_decides_without_the_role_or_about_oneself(stage: Stage) -> None:
    holder = under_review(stage)
    stage.change(LI, number_index=holder.number_index)
    own = operator(stage, "own", person=stage.holder(LI).number_index)
    legal = operator(stage, "legal", OperatorRole.LEGAL, OperatorRole.SYSTEM)
    for by, refusal in ((OPERATOR, OperatorNeeded), (legal, RoleMissing), (own, AboutOneself)):
        for kind in (StepKind.APPROVE, StepKind.REFUSE):
            with pytest.raises(refusal):
                review(stage, holder, kind, by)
    assert stage.holder(ZHAO).state is HolderState.UNDER_REVIEW


def test_without_the_authoritys_mark_there_is_no_account(stage: Stage) -> None:
    holder, by = under_review(stage), operator(stage)
    for answer in (NO_RECORD, replace(matched("r"), eid_mark=None)):
        stage.authority.answer = answer
        with pytest.raises(NoEidMark):
            review(stage, holder, StepKind.APPROVE, by)
    assert stage.holder(ZHAO).state is HolderState.UNDER_REVIEW
    assert said(stage) == []


def test_an_approval_that_lost_its_footing_is_refused_for_that(stage: Stage) -> None:
    holder = under_review(stage)
    stage.write(lambda uow: uow.holders.save_person(replace(person_of(stage), number_index=holder.number_index or b"")))
    assert review(stage, holder, StepKind.APPROVE, operator(stage)) is Verdict.REFUSE
    assert stage.holder(ZHAO).reason == "already_registered"


def person_of(stage: Stage) -> Person:
    index = stage.holder(LI).number_index
    found = stage.read(lambda stored: stored.holders.person(index or b""))
    assert found is not None
    return found


def test_what_is_no_application_or_no_reason_is_not_decided(stage: Stage) -> None:
    holder, by = under_review(stage), operator(stage)
    with pytest.raises(WordsMissing):
        review(stage, holder, StepKind.REFUSE, by, " ")
    with pytest.raises(NotFound):
        review(stage, replace(holder, holder_id=HolderId("hld_none")), StepKind.REFUSE, by)
    with pytest.raises(NotUnderReview):
        review(stage, stage.holder(LI), StepKind.REFUSE, by)
    assert stage.act(find_application, holder.holder_id) == stage.holder(ZHAO)
