"""The authority says that a holder died: everything stops, a mistake is mended."""

from __future__ import annotations

import pytest

from eztong.domain.assistance.assistance import AssistanceState
from eztong.domain.codes.verification import Outcome
from eztong.domain.death.after_death import (
    GRACE,
    ArrangedOtherwise,
    NothingAsked,
    RelativesAsk,
    Wish,
    wish_of,
)
from eztong.domain.errors import (
    AuthorityUnavailable,
    HolderFrozen,
    Locked,
    SessionMissing,
    TooMany,
)
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.guardianship.guardianship import DecidedBy, Guardianship, WardMissing
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.phone import parse_phone
from eztong.domain.notices import Topic
from eztong.domain.own_data.sighting import Occasion, StaffReads
from eztong.domain.recovery import SETTLED
from eztong.domain.restrictions.recheck import CHECKS_BY_STAFF, CHECKS_BY_TICKET, REST
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_session
from eztong.usecases.access.sign_in import AskToSignIn, ask_to_sign_in
from eztong.usecases.death.answer_relatives import (
    check_for_relatives,
)
from eztong.usecases.death.choose_after_death import choose_after_death
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.guardianship.settle_relation import confirm
from eztong.usecases.own_data.list_sightings import walk_sightings
from eztong.usecases.own_data.reveal_identity import open_identity
from tests.unit.usecases.assistance.helping import again, helping
from tests.unit.usecases.codes.asking import answered, asking, show
from tests.unit.usecases.death.dying import ask_authority, die, keep, propose, ticket
from tests.unit.usecases.deregistration.leaving import Listed
from tests.unit.usecases.deregistration.leaving import run as run_erasures
from tests.unit.usecases.guardianship.family import registered_child
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.restrictions.acts import answers, check, confirms
from tests.unit.usecases.stage import LI, NETWORK, WANG, Stage, asker

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
    assert read.pop().fact("what") == StaffReads.ACCOUNT, "the one that was refused reads of it, too"
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


def test_what_was_due_after_a_death_is_not_done_once_the_person_is_alive(stage: Stage) -> None:
    answers(stage, AuthorityVerdict.DECEASED)
    check(stage)
    stage.change(state=HolderState.ACTIVE, freeze_cause=None)
    before = stage.holder()
    keep(stage)
    assert stage.holder() == before


def test_nobody_is_confirmed_as_guardian_of_somebody_who_died(stage: Stage) -> None:
    found = registered_child(stage)
    with pytest.raises(WardMissing):
        stage.act(confirm_of_dead, found)


def confirm_of_dead(act: Act, found: Guardianship) -> None:
    ward = act.uow.holders.get(found.ward_id)
    assert ward is not None
    assert act.uow.holders.move(ward, ward.frozen(FreezeCause.DEATH))
    confirm(act, found, DecidedBy.STAFF)
