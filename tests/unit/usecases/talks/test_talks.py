"""Talks with the service: opened, proposed, answered, settled or failed, each step by who may take it (clause 5.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from eztong.domain.errors import EztongError, HolderErased, NotFound, SessionMissing, StateConflict
from eztong.domain.feedback.ticket import MAX_MESSAGES, FormSent, TicketFull, TicketKind, TicketState, TicketUnknown
from eztong.domain.jobs.fate import LeasedJob, LeaseLost
from eztong.domain.operators.operator import AboutOneself, OperatorNeeded, OperatorRole, RoleMissing
from eztong.domain.talks.talk import (
    MAX_PROPOSALS,
    STANDS_FOR,
    FormerRuns,
    FormerUnknown,
    Move,
    NothingProposed,
    ProposalOver,
    ProposalReplaced,
    ProposalsFull,
    Side,
    StageNeeded,
    Talk,
    TalkEnded,
    TalkUnknown,
    WhyFailed,
)
from eztong.domain.talks.talk import (
    TalkStage as At,
)
from eztong.domain.working_days import ANSWER_WITHIN
from eztong.ports.act import OPERATOR
from eztong.usecases.deregistration.read_deregistration import open_items
from eztong.usecases.feedback.add_to_ticket import AddToTicket, add_to_ticket
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.feedback.sealed_words import open_words
from eztong.usecases.talks.lapse_proposal import lapse_proposal
from eztong.usecases.talks.move_talk import Taken, move_talk
from tests.unit.usecases.deregistration.leaving import leave
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, NETWORK, WANG, Stage
from tests.unit.usecases.talks.acts import (
    ANSWERED,
    ASKED,
    CALENDAR,
    NOBODY,
    OFFERED,
    SECRET,
    UNKNOWN,
    accept,
    acts_of,
    fail,
    forget,
    lapse,
    leave_off,
    now_of,
    open_one,
    own,
    pass_until,
    propose,
    say,
    ticket_now,
)


def steps(stage: Stage, ticket_id: str) -> list[tuple[str, str]]:
    return [(one.move.value, one.side.value) for one in stage.read(lambda stored: stored.talks.steps(ticket_id))]


def kinds(stage: Stage) -> list[str]:
    return [one.kind for one in stage.events()]


# --- opened -------------------------------------------------------------------------------------------------------


def test_talks_are_a_ticket_of_their_own_kind_and_the_holder_is_told(stage: Stage) -> None:
    ticket = open_one(stage)
    assert (ticket.kind, ticket.state, ticket.holder_id) == (TicketKind.TALKS, TicketState.OPEN, stage.holder_id())
    assert ticket.due == CALENDAR.due_after(START, ANSWER_WITHIN)
    assert now_of(stage, ticket) == Talk(ticket_id=ticket.ticket_id, stage=At.OPEN, opened_at=START)
    assert steps(stage, ticket.ticket_id) == [("opened", "asker")]
    assert (kinds(stage), stage.topics()) == (["ticket_opened"], ["talk_opened"])
    assert ASKED not in str(stage.messages()[0].params)


def test_who_has_no_account_opens_talks_by_number_and_secret(stage: Stage) -> None:
    ticket = open_one(stage, session=NOBODY, former="4821093755")
    assert (ticket.holder_id, now_of(stage, ticket).former) == (None, "4821093755")
    assert stage.topics() == []
    talk = propose(stage, ticket)
    assert accept(stage, own(ticket, secret=SECRET, session=NOBODY), talk.proposal).stage is At.SETTLED
    with pytest.raises(NotFound):
        open_one(stage, session=NOBODY, secret="2" * 16, records=("ver_01K00000000000000000000001",))


def test_a_form_that_is_sent_twice_opens_talks_once(stage: Stage) -> None:
    ticket = open_one(stage)
    assert open_one(stage) == ticket
    assert steps(stage, ticket.ticket_id) == [("opened", "asker")]
    other = OpenTicket(session_hash=NOBODY, network=NETWORK, kind=TicketKind.QUESTION, words="?", secret="3" * 16)
    question = stage.act(open_ticket, other, calendar=CALENDAR)
    with pytest.raises(FormSent):
        open_one(stage, session=NOBODY, secret="3" * 16, words="?")
    assert stage.read(lambda stored: stored.talks.get(question.ticket_id)) is None


def test_the_form_of_talks_is_no_second_way_to_write_in_them(stage: Stage) -> None:
    ticket = open_one(stage)
    propose(stage, ticket)
    before = (stage.rows(), now_of(stage, ticket))
    for changed in ({"words": "more"}, {"former": "4821093755"}, {"records": ("ver_01K00000000000000000000001",)}):
        with pytest.raises(FormSent):
            open_one(stage, **changed)
    assert (stage.rows(), now_of(stage, ticket)) == before
    assert open_one(stage) == ticket_now(stage, ticket)


def test_new_talks_follow_ones_of_the_same_account_that_have_ended(stage: Stage) -> None:
    first = open_one(stage)
    with pytest.raises(FormerRuns):
        open_one(stage, secret="2" * 16, former=first.number)
    leave_off(stage, own(first))
    assert now_of(stage, open_one(stage, secret="2" * 16, former=first.number)).former == first.number
    for number, session in ((first.number, WANG.session), ("1" * 10, LI.session)):
        with pytest.raises(FormerUnknown):
            open_one(stage, secret="4" * 16, session=session, former=number)
    assert stage.rows()["talks"] == 2


# --- proposed -----------------------------------------------------------------------------------------------------


def test_a_proposal_stands_for_working_days_and_is_told_and_attested(stage: Stage) -> None:
    ticket = open_one(stage)
    stage.empty_outbox()
    talk = propose(stage, ticket)
    assert (talk.stage, talk.proposed_at) == (At.PROPOSED, START)
    assert talk == now_of(stage, ticket)
    assert talk.answer_by == CALENDAR.due_after(START, STANDS_FOR)
    assert ticket_now(stage, ticket).state is TicketState.ANSWERED
    words = stage.read(lambda stored: open_words(ticket, stored=stored, keys=stage.keys))
    assert [(one.text, one.message_id == talk.proposal, one.operator) for one in words] == [
        (ASKED, False, None),
        (OFFERED, True, "li.na"),
    ]
    assert (kinds(stage)[-1], stage.topics(), acts_of(stage, ticket)) == (
        "talk_proposed",
        ["talk_proposed"],
        ["talk_proposed"],
    )
    assert OFFERED not in str(stage.messages()[0].params)


def test_a_newer_proposal_takes_the_place_of_the_older_one(stage: Stage) -> None:
    ticket = open_one(stage)
    older, newer = propose(stage, ticket), propose(stage, ticket, "三百元。")
    with pytest.raises(ProposalReplaced):
        accept(stage, own(ticket), older.proposal)
    with pytest.raises(ProposalReplaced):
        say(stage, own(ticket), older.proposal)
    assert accept(stage, own(ticket), newer.proposal).stage is At.SETTLED


def test_proposals_come_to_an_end(stage: Stage) -> None:
    ticket = open_one(stage)
    for _ in range(MAX_PROPOSALS):
        propose(stage, ticket)
    with pytest.raises(ProposalsFull):
        propose(stage, ticket)


def test_only_an_operator_of_role_legal_and_never_about_themselves_speaks_for_the_service(stage: Stage) -> None:
    ticket = open_one(stage)
    cases = operator(stage, "cases.only", OperatorRole.CASES)
    themselves = operator(stage, "wang.li", person=stage.holder().number_index)
    for by, refusal in ((OPERATOR, OperatorNeeded), (cases, RoleMissing), (themselves, AboutOneself)):
        for says in (propose, fail):
            with pytest.raises(refusal):
                says(stage, ticket, by=by)
    assert steps(stage, ticket.ticket_id) == [("opened", "asker")]
    with pytest.raises(TalkUnknown):
        propose(stage, replace(ticket, number="1" * 10))
    other = OpenTicket(session_hash=NOBODY, network=NETWORK, kind=TicketKind.QUESTION, words="?", secret="3" * 16)
    with pytest.raises(TalkUnknown):
        propose(stage, stage.act(open_ticket, other, calendar=CALENDAR))


def test_no_plain_answer_leaves_talks_nowhere(stage: Stage) -> None:
    ticket = open_one(stage)
    with pytest.raises(StageNeeded):
        stage.act(answer_ticket, AnswerTicket(number=ticket.number, words="好。", closes=True), by=operator(stage))
    with pytest.raises(StageNeeded):
        stage.act(add_to_ticket, AddToTicket(proof=own(ticket), words="好。"), calendar=CALENDAR)


# --- answered -----------------------------------------------------------------------------------------------------


def test_accepting_settles_closes_and_attests(stage: Stage) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket)
    stage.clock.pass_by(days=1)
    stage.unlock()
    stage.empty_outbox()
    settled = accept(stage, own(ticket), talk.proposal)
    assert (settled.stage, settled.ended_at) == (At.SETTLED, stage.clock.now())
    assert settled == now_of(stage, ticket)
    assert ticket_now(stage, ticket).state is TicketState.CLOSED
    assert acts_of(stage, ticket) == ["talk_proposed", "talk_settled"]
    assert (kinds(stage)[-1], stage.topics()) == ("talk_settled", ["talk_settled"])
    assert accept(stage, own(ticket), talk.proposal) == settled
    assert acts_of(stage, ticket) == ["talk_proposed", "talk_settled"]


@pytest.mark.parametrize("secret", ["2" * 16, None])
def test_nobody_else_answers_a_proposal(stage: Stage, secret: str | None) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket)
    proof = own(ticket, secret=secret, session=WANG.session)
    for act in (
        partial(accept, stage, proof, talk.proposal),
        partial(say, stage, proof, talk.proposal),
        partial(leave_off, stage, proof),
    ):
        with pytest.raises(TicketUnknown):
            act()
    with pytest.raises(SessionMissing):
        accept(stage, own(ticket, session=NOBODY), talk.proposal)


def test_another_answer_makes_it_the_services_turn_again_with_a_day_of_its_own(stage: Stage) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket)
    stage.clock.pass_by(days=1)
    countered = say(stage, own(ticket), talk.proposal)
    assert (countered.stage, countered) == (At.OPEN, now_of(stage, ticket))
    now = ticket_now(stage, ticket)
    assert (now.state, now.due) == (TicketState.OPEN, CALENDAR.due_after(stage.clock.now(), ANSWER_WITHIN))
    assert steps(stage, ticket.ticket_id)[-1] == ("countered", "asker")
    assert kinds(stage)[-1] == "talk_answered"
    stage.unlock()
    with pytest.raises(NothingProposed):
        accept(stage, own(ticket), talk.proposal)
    by_stranger = open_one(stage, session=NOBODY, secret="2" * 16)
    offered = propose(stage, by_stranger)
    assert say(stage, own(by_stranger, secret="2" * 16, session=NOBODY), offered.proposal).stage is At.OPEN


def test_words_while_it_is_the_services_turn_are_added_and_move_nothing(stage: Stage) -> None:
    ticket = open_one(stage)
    assert say(stage, own(ticket)).stage is At.OPEN
    assert (steps(stage, ticket.ticket_id), ticket_now(stage, ticket).due) == ([("opened", "asker")], ticket.due)
    for _ in range(MAX_MESSAGES - 2):
        say(stage, own(ticket))
    with pytest.raises(TicketFull):
        say(stage, own(ticket))
    propose(stage, ticket)
    with pytest.raises(ProposalReplaced):
        say(stage, own(ticket))


# --- failed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proposed", [False, True])
def test_the_asker_may_end_talks_at_any_stage_with_or_without_a_word(stage: Stage, *, proposed: bool) -> None:
    ticket = open_one(stage)
    if proposed:
        propose(stage, ticket)
    ended = leave_off(stage, own(ticket), words="没有诚意。" if proposed else "")
    assert (ended.stage, ended.why_failed, ended.ended_at) == (At.FAILED, WhyFailed.ASKER, START)
    assert ticket_now(stage, ticket).state is TicketState.CLOSED
    assert (acts_of(stage, ticket)[-1], stage.topics()[-1]) == ("talk_failed", "talk_failed")
    assert leave_off(stage, own(ticket)) == ended
    for late in (partial(propose, stage, ticket), partial(fail, stage, ticket), partial(say, stage, own(ticket))):
        with pytest.raises(TalkEnded):
            late()


def test_the_service_ends_talks_with_its_reason(stage: Stage) -> None:
    ticket = open_one(stage)
    ended = fail(stage, ticket)
    assert (ended.stage, ended.why_failed) == (At.FAILED, WhyFailed.SERVICE)
    assert steps(stage, ticket.ticket_id)[-1] == ("failed", "service")
    with pytest.raises(TalkEnded):
        leave_off(stage, own(ticket))


def test_silence_ends_talks_when_the_period_is_over_and_not_before(stage: Stage) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket)
    assert talk.answer_by is not None
    stage.clock.moment = talk.answer_by.at - timedelta(seconds=1)
    assert (lapse(stage).done, now_of(stage, ticket).stage) == (0, At.PROPOSED)
    pass_until(stage, talk)
    assert lapse(stage).done == 1
    ended = now_of(stage, ticket)
    assert (ended.stage, ended.why_failed) == (At.FAILED, WhyFailed.SILENCE)
    assert steps(stage, ticket.ticket_id)[-1] == (Move.FAILED, Side.TIME)
    assert (stage.topics()[-1], acts_of(stage, ticket)[-1]) == ("talk_failed", "talk_failed")
    assert lapse(stage).done == 0


def test_after_the_period_a_proposal_is_not_answered_although_no_job_ran(stage: Stage) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket)
    pass_until(stage, talk)
    stage.unlock()
    for late in (partial(accept, stage, own(ticket), talk.proposal), partial(say, stage, own(ticket), talk.proposal)):
        with pytest.raises(ProposalOver):
            late()


@pytest.mark.parametrize("answered", ["countered", "replaced", "settled", "gone"])
def test_the_job_of_a_proposal_that_does_not_stand_any_more_does_nothing(stage: Stage, answered: str) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket)
    if answered == "countered":
        say(stage, own(ticket), talk.proposal)
    elif answered == "replaced":
        stage.clock.pass_by(days=3)
        propose(stage, ticket)
    elif answered == "settled":
        accept(stage, own(ticket), talk.proposal)
    else:
        forget(stage)
    before = stage.read(lambda stored: stored.talks.get(ticket.ticket_id))
    pass_until(stage, talk)
    assert lapse(stage).done == 1
    assert stage.read(lambda stored: stored.talks.get(ticket.ticket_id)) == before


def test_a_worker_whose_lease_lapsed_ends_nothing(stage: Stage) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket)
    (job,) = [one for one in stage.read(lambda stored: stored.jobs.of_holder(stage.holder_id())) if one.kind == "talks"]
    pass_until(stage, talk)
    with pytest.raises(LeaseLost):
        lapse_proposal(LeasedJob(job, stage.clock.now()), services=stage.services)
    assert now_of(stage, ticket).stage is At.PROPOSED


def test_talks_that_moved_meanwhile_are_not_moved_twice(stage: Stage) -> None:
    ticket = open_one(stage)
    seen = now_of(stage, ticket)
    propose(stage, ticket)
    with pytest.raises(StateConflict):
        stage.act(move_talk, seen, seen, Taken(move=Move.FAILED, side=Side.ASKER))


# --- leaving ------------------------------------------------------------------------------------------------------


def test_talks_are_shown_before_leaving_hold_nobody_and_end_with_the_account(stage: Stage) -> None:
    ticket = open_one(stage, secret="5" * 16)
    talk = propose(stage, ticket)
    shown = stage.read(lambda stored: open_items(stage.holder(), stored=stored, now=stage.clock.now()))
    assert (shown.talks, shown.tickets) == (1, 0)
    leave(stage)
    ended = now_of(stage, ticket)
    assert (ended.stage, ended.why_failed, ended.ended_at) == (At.FAILED, WhyFailed.LEFT, stage.clock.now())
    proof = own(ticket, secret="5" * 16, session=NOBODY)
    refused: list[tuple[Callable[[], object], type[EztongError]]] = [
        (partial(accept, stage, proof, talk.proposal), TalkEnded),
        (partial(say, stage, proof, talk.proposal), TalkEnded),
        (partial(propose, stage, ticket), TalkEnded),
    ]
    for act, refusal in refused:
        with pytest.raises(refusal):
            act()
    pass_until(stage, talk)
    assert lapse(stage).done == 0


def test_who_left_answers_by_secret_while_the_account_cools(stage: Stage) -> None:
    ticket = open_one(stage, secret="5" * 16)
    talk = propose(stage, ticket)
    from_outside = own(ticket, secret="5" * 16, session=NOBODY)
    assert say(stage, from_outside, talk.proposal, ANSWERED).stage is At.OPEN
    stage.write(lambda uow: uow.talks.add(replace(talk, ticket_id="tkt_other")))
    with pytest.raises((HolderErased, TalkUnknown, TicketUnknown)):
        say(stage, replace(from_outside, number="1" * 10))


def test_days_are_counted_in_the_service_calendar() -> None:
    assert STANDS_FOR == ANSWER_WITHIN
    assert UNKNOWN.due_after(datetime(2026, 1, 15, tzinfo=UTC), STANDS_FOR).is_provisional
