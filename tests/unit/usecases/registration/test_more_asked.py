"""More is asked: staff write, the applicant answers or withdraws, and a guardian's part stays a guardian's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from eztong.domain.errors import SessionMissing, TickMissing
from eztong.domain.events import Actor
from eztong.domain.feedback.ticket import WordsMissing
from eztong.domain.guardianship.ward import waits_for_guardian
from eztong.domain.holder import Holder, HolderState
from eztong.domain.operators.operator import SameOperator
from eztong.domain.registration import (
    WAITS_FOR_GUARDIAN,
    AnswerNotPossible,
    ApplicationStep,
    NotUnderReview,
    Reason,
    StepKind,
    SupplementNotPossible,
    Verdict,
    WithdrawalNotPossible,
    asks_applicant,
)
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Acting
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.registration.answer_supplement import AnswerSupplement, answer_supplement
from eztong.usecases.registration.application_words import read_steps
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from eztong.usecases.registration.withdraw_application import WithdrawApplication, may_withdraw, withdraw_application
from tests.unit.domain.policy.cases import setting
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.guardianship.family import account, applying, run_registrations
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.policy.acts import published
from tests.unit.usecases.registration.applying import apply, command
from tests.unit.usecases.registration.test_reviewed_by_people import appeal, refused, review, under_review
from tests.unit.usecases.stage import LI, ZHAO, Stage

CALENDAR = WorkCalendar()
QUESTION = "您的姓名以前用过别的写法吗？"
ANSWER = "以前写作繁体字。"


def asked(stage: Stage, name: str = "zhao") -> Holder:
    """Let staff ask Zhao for something more."""
    holder = under_review(stage)
    assert review(stage, holder, StepKind.SUPPLEMENT, operator(stage, name), QUESTION) is Verdict.SUPPLEMENT
    return stage.holder(ZHAO)


def answer(stage: Stage, words: str = ANSWER, session: bytes = ZHAO.session) -> ApplicationStep:
    return stage.act(answer_supplement, AnswerSupplement(session_hash=session, words=words), calendar=CALENDAR)


def withdraw(stage: Stage, *, understood: bool = True, session: bytes = ZHAO.session) -> None:
    stage.act(withdraw_application, WithdrawApplication(session_hash=session, understood=understood))


def last_event(stage: Stage) -> str:
    return stage.read(lambda stored: stored.holders.events(stage.holder_id(ZHAO)))[0].kind.value


def acts(stage: Stage) -> list[tuple[str, str]]:
    return stage.select("SELECT kind, actor FROM acts ORDER BY act_id")


# --- asked and answered -------------------------------------------------------------------------------------------


def test_staff_ask_the_applicant_is_told_and_the_words_are_sealed(stage: Stage) -> None:
    holder = asked(stage)
    assert (holder.state, holder.reason, holder.rules) == (HolderState.SUPPLEMENT_NEEDED, "more_asked", "R52")
    assert stage.topics() == ["registration_decided"]
    (step,) = stage.read(lambda stored: read_steps(holder, stored=stored, keys=stage.keys))
    assert (step.kind, step.text, step.operator) == (StepKind.SUPPLEMENT, QUESTION, "zhao")
    ((sealed,),) = stage.select("SELECT sealed_words FROM application_steps")
    assert QUESTION.encode() not in sealed
    assert asks_applicant(holder.state, holder.reason)
    assert last_event(stage) == "registration_supplement"


def test_the_answer_brings_it_back_with_a_day_and_who_asked_may_decide(stage: Stage) -> None:
    asked(stage)
    step = answer(stage, f" {ANSWER} ")
    assert (step.kind, step.due) == (StepKind.ANSWER, CALENDAR.due_after(stage.clock.now(), ANSWER_WITHIN))
    holder = stage.holder(ZHAO)
    assert holder.state is HolderState.UNDER_REVIEW
    assert last_event(stage) == "application_answered"
    assert acts(stage)[-1] == ("application_answered", "holder")
    zhao = Acting(Actor.OPERATOR, "zhao")
    assert review(stage, holder, StepKind.APPROVE, zhao) is Verdict.APPROVE
    assert stage.holder(ZHAO).state is HolderState.ACTIVE
    steps = stage.read(lambda stored: read_steps(stage.holder(ZHAO), stored=stored, keys=stage.keys))
    assert sorted(one.kind for one in steps) == ["answer", "approve", "supplement"]


def test_who_refused_neither_decides_nor_asks_after_the_objection(stage: Stage) -> None:
    holder = under_review(stage)
    review(stage, holder, StepKind.REFUSE, operator(stage, "qian"))
    appeal(stage)
    holder = stage.holder(ZHAO)
    qian = Acting(Actor.OPERATOR, "qian")
    with pytest.raises(SameOperator):
        review(stage, holder, StepKind.SUPPLEMENT, qian)
    review(stage, holder, StepKind.SUPPLEMENT, operator(stage, "wu"))
    answer(stage)
    with pytest.raises(SameOperator):
        review(stage, stage.holder(ZHAO), StepKind.APPROVE, qian)


def test_what_is_not_asked_is_not_answered_and_an_answer_is_given_once(stage: Stage) -> None:
    under_review(stage)
    with pytest.raises(AnswerNotPossible):
        answer(stage)
    with pytest.raises(AnswerNotPossible):
        answer(stage, session=LI.session)
    holder = stage.holder(ZHAO)
    review(stage, holder, StepKind.SUPPLEMENT, operator(stage), QUESTION)
    with pytest.raises(NotUnderReview):
        review(stage, holder, StepKind.SUPPLEMENT, operator(stage, "wu"))
    with pytest.raises(WordsMissing):
        answer(stage, "  ")
    with pytest.raises(SessionMissing):
        answer(stage, session=b"nobody's")
    answer(stage)
    with pytest.raises(AnswerNotPossible):
        answer(stage)


def test_an_answer_waits_for_another_application_of_the_same_number_and_phone(stage: Stage) -> None:
    holder = asked(stage)
    second = replace(ZHAO, session=b"second")
    stage.authority.answer = replace(matched("r"), document_valid_until=date(2020, 1, 1))
    assert apply(stage, second).state is HolderState.ACTIVE
    stage.change(second, state=HolderState.UNDER_REVIEW)
    with pytest.raises(AnswerNotPossible):
        answer(stage)
    assert stage.holder(ZHAO) == holder


@pytest.mark.parametrize("reason", sorted(WAITS_FOR_GUARDIAN))
def test_what_waits_for_a_guardian_is_no_question_to_the_applicant(stage: Stage, reason: str) -> None:
    asked(stage)
    stage.change(ZHAO, reason=reason)
    assert waits_for_guardian(stage.holder(ZHAO))
    with pytest.raises(AnswerNotPossible):
        answer(stage)
    with pytest.raises(WithdrawalNotPossible):
        withdraw(stage)


def test_a_rule_of_a_version_may_ask_and_the_answer_brings_it_to_a_person(stage: Stage) -> None:
    published(stage, setting("R34", Verdict.SUPPLEMENT, number=120))
    holder = apply(stage)
    assert (holder.state, holder.reason, holder.rules) == (HolderState.SUPPLEMENT_NEEDED, Reason.AGE_GROUP, "R34")
    answer(stage)
    waiting = stage.holder(ZHAO)
    assert (waiting.state, waiting.rules) == (HolderState.UNDER_REVIEW, "R34")
    assert review(stage, waiting, StepKind.APPROVE, operator(stage)) is Verdict.APPROVE


# --- children -----------------------------------------------------------------------------------------------------


def test_nothing_more_is_asked_of_a_child(stage: Stage) -> None:
    published(stage, setting("R34", Verdict.SUPPLEMENT, number=120))
    found = apply_for_child(applying(stage), services=stage.services)
    run_registrations(stage)
    child = account(stage, found.ward_id)
    assert (child.state, child.rules) == (HolderState.UNDER_REVIEW, "R34")
    by = operator(stage, "qian")
    before = stage.rows()
    with pytest.raises(SupplementNotPossible):
        review_application(
            ReviewApplication(holder_id=child.holder_id, kind=StepKind.SUPPLEMENT, words=QUESTION),
            by=by,
            services=stage.services,
        )
    assert stage.rows() == before
    assert not stage.read(lambda stored: may_withdraw(child, stored=stored))


# --- withdrawn ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("put", [asked, under_review])
def test_a_withdrawn_application_leaves_nothing_of_the_person(stage: Stage, put: Callable[[Stage], Holder]) -> None:
    holder = put(stage)
    with pytest.raises(TickMissing):
        withdraw(stage, understood=False)
    assert stage.holder(ZHAO) == holder
    withdraw(stage)
    over = stage.holder(ZHAO)
    assert (over.state, over.reason, over.decision, over.rules) == (HolderState.REFUSED, "withdrawn", None, "")
    assert (over.number_index, over.phone_index, over.sealed_name, over.sealed_number) == (None, None, None, None)
    assert over.data_key != holder.data_key
    assert stage.select("SELECT count(*) FROM application_steps") == [(0,)]
    assert stage.select(f"SELECT count(*) FROM policy_decisions WHERE holder_id = '{over.holder_id}'") == [(0,)]  # noqa: S608 - our own id
    assert acts(stage)[-1] == ("application_withdrawn", "holder")
    assert last_event(stage) == "application_withdrawn"
    with pytest.raises(WithdrawalNotPossible):
        withdraw(stage)


def test_after_a_withdrawal_the_same_person_may_apply_again(stage: Stage) -> None:
    asked(stage)
    withdraw(stage)
    again = replace(ZHAO, session=b"again")
    assert apply(stage, again).state is HolderState.ACTIVE


def test_what_is_decided_is_not_withdrawn(stage: Stage) -> None:
    refused(stage)
    for session in (ZHAO.session, LI.session):
        with pytest.raises(WithdrawalNotPossible):
            withdraw(stage, session=session)
    assert command().session_hash == ZHAO.session
    assert stage.holder().state is HolderState.ACTIVE
