"""The authority says that a holder died: everything stops, relatives are answered by two, a mistake is mended."""

from __future__ import annotations

from functools import partial

import pytest

from eztong.domain.assistance.assistance import AssistanceState
from eztong.domain.codes.verification import Outcome
from eztong.domain.death.after_death import (
    GRACE,
    ArrangedOtherwise,
    NotApproved,
    NotDeceased,
    NothingAsked,
    NotOfRelatives,
    RelativesAsk,
    Wish,
    wish_of,
)
from eztong.domain.errors import (
    AuthorityUnavailable,
    HolderFrozen,
    Locked,
    NotFound,
    SessionMissing,
    StateConflict,
    TooMany,
)
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import Ticket, TicketKind
from eztong.domain.holder import FreezeCause, FreezeReason, Holder, HolderState
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.phone import parse_phone
from eztong.domain.identity.real_name import NameInvalid
from eztong.domain.jobs.job import JobKind
from eztong.domain.notices import Topic
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import Proposal
from eztong.domain.own_data.correction import CorrectionState, RefusedBecause
from eztong.domain.own_data.sighting import Occasion
from eztong.domain.recovery import SETTLED
from eztong.domain.restrictions.recheck import CHECKS_BY_STAFF, CHECKS_BY_TICKET, REST
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.access.find_session import find_session
from eztong.usecases.access.sign_in import AskToSignIn, ask_to_sign_in
from eztong.usecases.death.answer_relatives import (
    ProposeForRelatives,
    check_for_relatives,
    copy_for_relatives,
    correct_for_relatives,
    names_for_relatives,
    propose_for_relatives,
)
from eztong.usecases.death.choose_after_death import choose_after_death
from eztong.usecases.death.keep_after_death import keep_after_death
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.own_data.list_sightings import walk_sightings
from eztong.usecases.own_data.reveal_identity import open_identity
from eztong.usecases.proposals.decide_proposal import (
    DecideProposal,
    WithdrawProposal,
    decide_proposal,
    withdraw_proposal,
)
from tests.unit.usecases.assistance.helping import again, helping
from tests.unit.usecases.codes.asking import answered, asking, show
from tests.unit.usecases.deregistration.leaving import Listed
from tests.unit.usecases.deregistration.leaving import run as run_erasures
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.restrictions.acts import answers, check, confirms
from tests.unit.usecases.stage import LI, NETWORK, WANG, Person, Stage, asker


def die(stage: Stage) -> None:
    """Let the authority say so when Li's identity is checked, and the job that follows be done."""
    answers(stage, AuthorityVerdict.DECEASED)
    check(stage)
    keep(stage)


def keep(stage: Stage) -> None:
    """Do what is due on the accounts of those who died."""
    run_due(JobKind.DEATH, partial(keep_after_death, services=stage.services), services=stage.services)


def ticket(stage: Stage, kind: TicketKind = TicketKind.RELATIVE) -> Ticket:
    """Let a daughter write, without an account."""
    ((before,),) = stage.select("SELECT count(*) FROM tickets")
    command = OpenTicket(session_hash=b"", network=NETWORK, kind=kind, words="我是女儿", secret=f"{before:016}")
    return stage.act(open_ticket, command, calendar=WorkCalendar())


def propose(
    stage: Stage, by: Acting, asked: RelativesAsk, *, of: Ticket | None = None, who: Person = LI, name: str = ""
) -> Proposal:
    written = of or ticket(stage)
    command = ProposeForRelatives(
        ticket_number=written.number, number=who.number, asked=asked, reason="household seen", name=name
    )
    return propose_for_relatives(command, by=by, services=stage.services)


def ask_authority(stage: Stage, by: Acting, *, of: Ticket | None = None, number: str = LI.number) -> Holder:
    """Have it asked by staff; return the account as it stands then."""
    written = of or ticket(stage)
    return check_for_relatives(written.number, number, by=by, services=stage.services)


def approve(stage: Stage, proposal: Proposal, by: Acting) -> None:
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=True, reason="seen too")
    stage.act(decide_proposal, command, by=by, calendar=WorkCalendar())


# --- the signal -----------------------------------------------------------------------------------------------------


def test_everything_stops_on_every_door_and_nobody_is_told(stage: Stage) -> None:
    shown = show(stage)
    die(stage)
    holder = stage.holder()
    assert (holder.state, holder.freeze_cause, holder.is_erased) == (HolderState.FROZEN, FreezeCause.DEATH, False)
    made = answered(stage, asking(stage, shown.number))
    assert (made.verification.outcome, made.verification.reason) == (Outcome.NOT_PASSED, HolderFrozen.code)
    with pytest.raises(SessionMissing):
        stage.act(find_session, LI.session)
    assert stage.topics() == []


def test_a_phone_that_only_the_dead_carried_gets_no_message_code(stage: Stage) -> None:
    die(stage)
    command = AskToSignIn(asker=asker(b"new browser"), phone=parse_phone(LI.phone), language="zh-CN")
    stage.act(ask_to_sign_in, command)
    assert stage.topics() == []


def test_help_ends_for_both_and_the_helper_alone_is_told(stage: Stage) -> None:
    began = helping(stage)
    die(stage)
    assert again(stage, began).state is AssistanceState.ENDED
    assert {one.phone for one in stage.messages()} == {WANG.phone}


def test_a_freeze_that_comes_later_tells_no_phone_either(stage: Stage) -> None:
    die(stage)
    command = FreezeHolder(
        holder_id=stage.holder_id(), cause=FreezeCause.SELF, channel="hotline", reason=FreezeReason.PHONE_LOST
    )
    stage.act(freeze_holder, command)
    assert stage.topics() == []


# --- a mistake ------------------------------------------------------------------------------------------------------


def test_once_the_authority_knows_the_person_again_the_stop_lifts_by_itself(stage: Stage) -> None:
    die(stage)
    confirms(stage)
    stage.clock.pass_by(days=REST.days)
    keep(stage)
    assert (stage.holder().state, stage.holder().is_deceased) == (HolderState.ACTIVE, False)
    assert "restriction_lifted" in stage.topics()
    kinds = [(event.kind.value, event.fact("cause")) for event in stage.events()]
    assert ("frozen", "death") in kinds
    assert ("unfrozen", "death") in kinds


def test_staff_have_the_authority_asked_at_once_and_an_outage_decides_nothing(stage: Stage) -> None:
    die(stage)
    by = operator(stage, "li.na")
    stage.authority.answer = AuthorityUnavailable()
    with pytest.raises(AuthorityUnavailable):
        ask_authority(stage, by)
    assert stage.holder().is_deceased
    confirms(stage)
    assert not ask_authority(stage, by).is_deceased


def test_staff_ask_by_an_open_ticket_alone_so_often_a_day_and_it_stands_in_the_history(stage: Stage) -> None:
    by, question = operator(stage, "li.na"), ticket(stage, TicketKind.QUESTION)
    for number in ("0000000000", "closed"):
        with pytest.raises(NothingAsked):
            check_for_relatives(number, LI.number, by=by, services=stage.services)
    confirms(stage)
    for _ in range(CHECKS_BY_STAFF.amount):
        ask_authority(stage, by)
    with pytest.raises(TooMany):
        ask_authority(stage, by, of=question)
    read = [event for event in stage.events() if event.kind is EventKind.STAFF_READ]
    assert len({event.fact("asked_by") for event in read}) == CHECKS_BY_STAFF.amount
    with stage.store.read() as stored:
        seen = [found.occasion for found in walk_sightings(stage.holder_id(), stored=stored)]
    assert seen.count(Occasion.RELATIVES_ANSWERED) == CHECKS_BY_STAFF.amount


def test_one_ticket_walks_through_nobody_else_and_anothers_ticket_asks_nothing(stage: Stage) -> None:
    by, question = operator(stage, "li.na"), ticket(stage, TicketKind.QUESTION)
    confirms(stage)
    for _ in range(CHECKS_BY_TICKET.amount - 1):
        ask_authority(stage, by, of=question)
    ask_authority(stage, by, of=question, number=WANG.number)
    with pytest.raises(TooMany):
        ask_authority(stage, by, of=question, number=WANG.number)
    own = OpenTicket(session_hash=WANG.session, network=NETWORK, kind=TicketKind.QUESTION, words="?", secret="5" * 16)
    written = stage.act(open_ticket, own, calendar=WorkCalendar())
    with pytest.raises(NothingAsked):
        ask_authority(stage, by, of=written)


def test_an_outage_postpones_the_question_and_loses_nothing(stage: Stage) -> None:
    die(stage)
    stage.clock.pass_by(days=REST.days)
    stage.authority.answer = AuthorityUnavailable()
    keep(stage)
    confirms(stage)
    stage.clock.pass_by(hours=7)
    keep(stage)
    assert not stage.holder().is_deceased


# --- kept, then erased ----------------------------------------------------------------------------------------------


def live_on(stage: Stage, days: int) -> None:
    """Let time pass, and do what is due each month."""
    for _ in range(0, days, REST.days):
        stage.clock.pass_by(days=REST.days)
        keep(stage)


def test_it_is_kept_as_it_is_and_erased_when_the_time_is_over(stage: Stage) -> None:
    holder_id = stage.holder_id()
    die(stage)
    live_on(stage, stage.services.deployment.deceased_kept.days - 31)
    kept = stage.read(lambda stored: stored.holders.get(holder_id))
    assert kept is not None
    assert (kept.is_leaving, open_identity(kept, keys=stage.keys).name) == (False, LI.name)
    live_on(stage, 60)
    stage.clock.pass_by(days=4)
    listed = Listed()
    run_erasures(stage, listed)
    erased = stage.read(lambda stored: stored.holders.get(holder_id))
    assert erased is not None
    assert (erased.is_erased, listed.holders) == (True, [holder_id])
    assert stage.topics() == []


def test_a_holder_who_wanted_everything_deleted_is_erased_soon_and_relatives_get_nothing(stage: Stage) -> None:
    stage.act(choose_after_death, LI.session, Wish.ERASE)
    holder_id = stage.holder_id()
    die(stage)
    with pytest.raises(ArrangedOtherwise):
        propose(stage, operator(stage, "li.na"), RelativesAsk.COPY)
    live_on(stage, GRACE.days)
    stage.clock.pass_by(days=4)
    run_erasures(stage)
    erased = stage.read(lambda stored: stored.holders.get(holder_id))
    assert erased is not None
    assert erased.is_erased


def test_the_wish_takes_an_unlock_is_on_record_and_can_be_changed(stage: Stage) -> None:
    for wish in (Wish.ERASE, Wish.ERASE, Wish.RELATIVES):
        stage.act(choose_after_death, LI.session, wish)
    assert stage.holder().after_death is None
    assert [one.detail for one in stage.events()] == ["wish=erase", "wish=relatives"]
    assert stage.topics() == [Topic.AFTER_DEATH_CHOSEN] * 2
    stage.lock()
    with pytest.raises(Locked):
        stage.act(choose_after_death, LI.session, Wish.ERASE)


def lose(stage: Stage) -> None:
    command = FreezeHolder(
        holder_id=stage.holder_id(), cause=FreezeCause.SELF, channel="hotline", reason=FreezeReason.PHONE_LOST
    )
    stage.act(freeze_holder, command)


@pytest.mark.parametrize(("days", "stays"), [(0, False), (SETTLED.days, True)])
def test_a_told_loss_takes_a_new_choice_back_to_the_settled_one(stage: Stage, days: int, stays: bool) -> None:
    stage.act(choose_after_death, LI.session, Wish.ERASE)
    stage.clock.pass_by(days=days)
    lose(stage)
    assert wish_of(stage.holder()) is (Wish.ERASE if stays else Wish.RELATIVES)
    details = [one.detail for one in stage.events() if one.kind is EventKind.AFTER_DEATH_CHOSEN]
    assert details == (["wish=erase"] if stays else ["wish=erase", "wish=relatives by=loss"])
    assert stage.topics().count(Topic.AFTER_DEATH_CHOSEN) == len(details)


def test_a_told_loss_never_brings_back_what_the_holder_changed_to_what_the_law_has(stage: Stage) -> None:
    stage.act(choose_after_death, LI.session, Wish.ERASE)
    stage.clock.pass_by(days=2)
    stage.unlock()
    stage.act(choose_after_death, LI.session, Wish.RELATIVES)
    stage.clock.pass_by(days=2)
    lose(stage)
    assert wish_of(stage.holder()) is Wish.RELATIVES


def test_a_loss_that_is_told_after_the_death_changes_no_arrangement(stage: Stage) -> None:
    stage.act(choose_after_death, LI.session, Wish.ERASE)
    die(stage)
    lose(stage)
    assert wish_of(stage.holder()) is Wish.ERASE


# --- relatives ------------------------------------------------------------------------------------------------------


def test_two_operators_give_a_copy_and_its_holder_would_read_of_it(stage: Stage) -> None:
    die(stage)
    one, other = operator(stage, "li.na"), operator(stage, "wang.wei")
    proposal = propose(stage, one, RelativesAsk.COPY)
    with pytest.raises(NotApproved):
        copy_for_relatives(proposal.proposal_id, by=one, services=stage.services)
    with pytest.raises(SameOperator):
        approve(stage, proposal, one)
    approve(stage, proposal, other)
    copy = copy_for_relatives(proposal.proposal_id, by=one, services=stage.services)
    assert copy["account"][0]["name"] == LI.name
    with stage.store.read() as stored:
        seen = [found.occasion for found in walk_sightings(stage.holder_id(), stored=stored)]
    assert Occasion.RELATIVES_COPY in seen
    stage.clock.pass_by(days=7)
    with pytest.raises(NotApproved):
        copy_for_relatives(proposal.proposal_id, by=one, services=stage.services)


def corrections(stage: Stage) -> list[tuple[CorrectionState, RefusedBecause | None]]:
    kept = stage.read(lambda stored: stored.corrections.list(stage.holder_id()))
    return [(one.state, one.reason) for one in kept]


def test_two_operators_correct_a_name_that_both_saw_once_and_the_matched_one_stays(stage: Stage) -> None:
    die(stage)
    one, other = operator(stage, "li.na"), operator(stage, "wang.wei")
    with pytest.raises(NameInvalid):
        propose(stage, one, RelativesAsk.CORRECT)
    proposal = propose(stage, one, RelativesAsk.CORRECT, name="李更正")
    with pytest.raises(NotApproved):
        stage.act(correct_for_relatives, proposal.proposal_id, by=one)
    with pytest.raises(SameOperator):
        stage.act(names_for_relatives, proposal.proposal_id, by=one)
    names = stage.act(names_for_relatives, proposal.proposal_id, by=other)
    assert (names.old, names.new) == (LI.name, "李更正")
    approve(stage, proposal, other)
    stage.act(correct_for_relatives, proposal.proposal_id, by=one)
    with pytest.raises(StateConflict):
        stage.act(correct_for_relatives, proposal.proposal_id, by=one)
    assert corrections(stage) == [(CorrectionState.APPLIED, None)]
    assert open_identity(stage.holder(), keys=stage.keys).name == LI.name, "the authority is asked by it"
    with stage.store.read() as stored:
        seen = [found.occasion for found in walk_sightings(stage.holder_id(), stored=stored)]
    assert seen.count(Occasion.RELATIVES_ANSWERED) == 2
    copy = propose(stage, one, RelativesAsk.COPY)
    approve(stage, copy, other)
    given = copy_for_relatives(copy.proposal_id, by=one, services=stage.services)
    assert "李更正" in str(given["corrections"])


@pytest.mark.parametrize("way", ["reject", "withdraw"])
def test_a_name_that_was_only_proposed_is_no_correction(stage: Stage, way: str) -> None:
    die(stage)
    one, other = operator(stage, "li.na"), operator(stage, "wang.wei")
    proposal = propose(stage, one, RelativesAsk.CORRECT, name="李更正")
    assert corrections(stage) == [(CorrectionState.PROPOSED, None)]
    copy = propose(stage, operator(stage, "zhao"), RelativesAsk.COPY)
    with pytest.raises(NotFound):
        stage.act(names_for_relatives, copy.proposal_id, by=other)
    for who, refusal in ((OPERATOR, OperatorNeeded), (operator(stage, "sys", OperatorRole.SYSTEM), RoleMissing)):
        with pytest.raises(refusal):
            stage.act(names_for_relatives, proposal.proposal_id, by=who)
    if way == "reject":
        command = DecideProposal(proposal_id=proposal.proposal_id, approve=False, reason="no")
        stage.act(decide_proposal, command, by=other, calendar=WorkCalendar())
    else:
        back = WithdrawProposal(proposal_id=proposal.proposal_id, reason="no")
        stage.act(withdraw_proposal, back, by=one, calendar=WorkCalendar())
    assert corrections(stage) == [(CorrectionState.REFUSED, RefusedBecause.NOT_AGREED)]
    with pytest.raises(NotApproved):
        stage.act(names_for_relatives, proposal.proposal_id, by=other)


def test_what_was_approved_in_one_stop_is_done_in_no_other_and_to_no_other_name(stage: Stage) -> None:
    die(stage)
    one, other = operator(stage, "li.na"), operator(stage, "wang.wei")
    asked = {what: propose(stage, one, what, name="李更正") for what in (RelativesAsk.CORRECT, RelativesAsk.COPY)}
    for proposal in asked.values():
        approve(stage, proposal, other)
    confirms(stage)
    ask_authority(stage, one)
    stage.clock.pass_by(days=1)
    answers(stage, AuthorityVerdict.DECEASED)
    assert ask_authority(stage, one).is_deceased
    with pytest.raises(NotDeceased):
        stage.act(correct_for_relatives, asked[RelativesAsk.CORRECT].proposal_id, by=one)
    with pytest.raises(NotDeceased):
        copy_for_relatives(asked[RelativesAsk.COPY].proposal_id, by=one, services=stage.services)


def test_one_ticket_serves_for_one_holder(stage: Stage) -> None:
    die(stage)
    by, written = operator(stage, "li.na"), ticket(stage)
    propose(stage, by, RelativesAsk.COPY, of=written)
    with pytest.raises(NotOfRelatives):
        propose(stage, by, RelativesAsk.ERASE, of=written, who=WANG)
    with pytest.raises(NotOfRelatives):
        ask_authority(stage, by, of=written, number=WANG.number)


def test_two_operators_erase_by_the_list_of_deregistrations(stage: Stage) -> None:
    holder_id = stage.holder_id()
    die(stage)
    approve(stage, propose(stage, operator(stage, "li.na"), RelativesAsk.ERASE), operator(stage, "wang.wei"))
    keep(stage)
    assert stage.holder().is_leaving
    stage.clock.pass_by(days=4)
    run_erasures(stage)
    erased = stage.read(lambda stored: stored.holders.get(holder_id))
    assert erased is not None
    assert erased.is_erased
    assert stage.topics() == []


def test_nothing_is_proposed_about_the_living_by_another_ticket_or_by_whoever_may_not(stage: Stage) -> None:
    by = operator(stage, "li.na")
    with pytest.raises(NotDeceased):
        propose(stage, by, RelativesAsk.ERASE)
    die(stage)
    question = OpenTicket(session_hash=b"", network=NETWORK, kind=TicketKind.QUESTION, words="?", secret="6" * 16)
    other = stage.act(open_ticket, question, calendar=WorkCalendar())
    with pytest.raises(NotOfRelatives):
        propose(stage, by, RelativesAsk.ERASE, of=other)
    system = operator(stage, "sys", OperatorRole.SYSTEM)
    for who, refusal in ((OPERATOR, OperatorNeeded), (system, RoleMissing)):
        with pytest.raises(refusal):
            propose(stage, who, RelativesAsk.COPY)
    with pytest.raises(NotFound):
        ask_authority(stage, by, number="110101199003070273")


def test_a_word_that_is_taken_back_ends_what_was_proposed(stage: Stage) -> None:
    die(stage)
    proposal = propose(stage, operator(stage, "li.na"), RelativesAsk.ERASE)
    confirms(stage)
    ask_authority(stage, operator(stage, "zhao"))
    with pytest.raises(NotDeceased):
        approve(stage, proposal, operator(stage, "wang.wei"))
