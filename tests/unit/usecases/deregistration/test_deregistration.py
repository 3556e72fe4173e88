"""Deregistration: stopped at once, undone to exactly the state before, erased when its time is over (2.13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.canonical_json import parse_document
from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.contact.phone_change import ContactCooling
from eztong.domain.deregistration.deregistration import (
    COOLING,
    DeregistrationOver,
    EffectsNotUnderstood,
    UndoneBy,
)
from eztong.domain.errors import AuthorityUnavailable, Locked, NotFound, SessionMissing, StateConflict
from eztong.domain.feedback.ticket import TicketKind, TicketState, TicketUnknown
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.authority_answer import RegistrationStatus
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import LEASE, Job, JobKind
from eztong.domain.working_days import ANSWER_WITHIN
from eztong.usecases.access.find_session import find_session
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.deregistration import execute_deregistration as executing
from eztong.usecases.deregistration.execute_deregistration import erase_again, execute_deregistration
from eztong.usecases.deregistration.read_deregistration import deregistration_receipt, open_items
from eztong.usecases.deregistration.undo_deregistration import undo_from_session, undo_with_secret
from eztong.usecases.feedback.find_ticket import TicketProof
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.vault import ended_index, number_index
from tests.unit.usecases.contact import acts as contact
from tests.unit.usecases.deregistration.leaving import (
    CALENDAR,
    SECRET,
    Listed,
    S,
    account,
    ask,
    leave,
    now_of,
    proof,
    revoke,
    run,
)
from tests.unit.usecases.stage import LI, WANG, Stage

# --- asked --------------------------------------------------------------------------------------------------------


def test_asking_stops_the_account_at_once_and_gives_number_day_and_message(stage: Stage) -> None:
    stage.act(issue_code, IssueCode(session_hash=LI.session))
    asked = ask(stage)
    assert asked.is_new
    assert stage.holder().state is HolderState.DEREGISTERING
    assert asked.deregistration == now_of(stage, asked)
    assert asked.deregistration.cooling_until == stage.clock.now() + COOLING
    assert (asked.ticket.kind, asked.ticket.state) == (TicketKind.DEREGISTRATION, TicketState.OPEN)
    assert asked.ticket.due == CALENDAR.due_after(stage.clock.now(), ANSWER_WITHIN)
    codes = stage.read(lambda stored: stored.own_data.codes(stage.holder_id()))
    assert [one for one in codes if one.code.state is CodeState.ISSUED] == []
    (message,) = stage.messages()
    assert (message.topic.value, message.phone) == ("deregistration_asked", LI.phone)
    assert [one.kind for one in stage.events()] == ["deregistration_asked"]


def test_whoever_took_the_number_over_ends_no_account(stage: Stage) -> None:
    contact.change(stage)
    stage.unlock()
    with pytest.raises(ContactCooling):
        ask(stage)
    assert stage.holder().state is HolderState.ACTIVE
    stage.clock.pass_by(hours=72)
    stage.unlock()
    assert ask(stage).is_new


def test_it_takes_the_tick_and_a_fresh_unlock(stage: Stage) -> None:
    with pytest.raises(EffectsNotUnderstood):
        ask(stage, understood=False)
    stage.lock()
    with pytest.raises(Locked):
        ask(stage)
    assert stage.holder().state is HolderState.ACTIVE


def test_asking_again_brings_what_runs(stage: Stage) -> None:
    first = ask(stage)
    again = ask(stage, secret="0" * 16, understood=False)
    assert (again.is_new, again.ticket, again.deregistration) == (False, first.ticket, first.deregistration)
    assert len(stage.messages()) == 1


@pytest.mark.parametrize("cause", sorted(set(FreezeCause) - {FreezeCause.DEATH}))
def test_a_frozen_account_may_go_and_what_froze_it_is_still_there_when_it_stays(
    stage: Stage, cause: FreezeCause
) -> None:
    frozen = stage.holder().frozen(cause)
    stage.write(lambda uow: uow.holders.update(frozen))
    asked = ask(stage)
    assert stage.act(undo_with_secret, proof(asked)) == frozen == stage.holder()
    assert now_of(stage, asked).undone_by is UndoneBy.SECRET


def test_a_terminated_account_never_becomes_active_by_asking_and_undoing(stage: Stage) -> None:
    ended = stage.holder().moved_to(HolderState.TERMINATED)
    stage.write(lambda uow: uow.holders.update(ended))
    ask(stage)
    assert stage.act(undo_from_session, LI.session).state is HolderState.TERMINATED


# --- undone -------------------------------------------------------------------------------------------------------


def test_undoing_leads_back_tells_and_closes_the_ticket(stage: Stage) -> None:
    before = stage.holder()
    asked = ask(stage)
    stage.empty_outbox()
    assert stage.act(undo_from_session, LI.session) == before == stage.holder()
    undone = now_of(stage, asked)
    assert (undone.state, undone.undone_by) == (S.CANCELLED, UndoneBy.SESSION)
    ticket = stage.read(lambda stored: stored.tickets.get(asked.ticket.ticket_id))
    assert ticket is not None
    assert ticket.state is TicketState.CLOSED
    assert stage.topics() == ["deregistration_undone"]
    stage.clock.pass_by(hours=73)
    assert run(stage) == 0
    assert stage.holder() == before


def test_nothing_is_undone_twice_by_a_wrong_secret_or_once_it_is_executed(stage: Stage) -> None:
    with pytest.raises(DeregistrationOver):
        stage.act(undo_from_session, LI.session)
    asked = ask(stage)
    with pytest.raises(TicketUnknown):
        stage.act(undo_with_secret, proof(asked, "0" * 16))
    stage.clock.pass_by(hours=72)
    stage.write(lambda uow: uow.deregistrations.begin(asked.deregistration))
    with pytest.raises(DeregistrationOver):
        stage.act(undo_with_secret, proof(asked))
    stage.unlock()
    with pytest.raises(DeregistrationOver):
        stage.act(undo_from_session, LI.session)


def test_what_rests_beyond_its_cooling_can_still_be_undone(stage: Stage) -> None:
    """After a restore, or while the clock is in doubt, nothing is erased at its time."""
    asked = ask(stage)
    stage.clock.pass_by(hours=100)
    assert stage.act(undo_with_secret, proof(asked)).state is HolderState.ACTIVE
    assert run(stage) == 0


def test_a_ticket_of_another_kind_undoes_nothing(stage: Stage) -> None:
    from tests.unit.usecases.feedback.test_feedback import write  # noqa: PLC0415 - the acts of another subject's test

    ticket = write(stage)
    with pytest.raises(DeregistrationOver):
        stage.act(undo_with_secret, TicketProof(number=ticket.number, secret=SECRET, session_hash=b""))


@pytest.mark.parametrize("reason", [FreezeReason.PHONE_LOST, FreezeReason.ACCOUNT_STOLEN])
def test_a_loss_that_is_told_undoes_it(stage: Stage, reason: FreezeReason) -> None:
    asked = ask(stage)
    freeze = FreezeHolder(holder_id=stage.holder_id(), cause=FreezeCause.SELF, channel="test", reason=reason)
    frozen = stage.act(freeze_holder, freeze)
    assert (frozen.state, frozen.is_leaving) == (HolderState.FROZEN, False)
    assert now_of(stage, asked).undone_by is UndoneBy.LOSS


def test_any_other_freeze_lies_over_it_and_it_goes_on(stage: Stage) -> None:
    asked = ask(stage)
    freeze = FreezeHolder(holder_id=stage.holder_id(), cause=FreezeCause.RISK, channel="test")
    assert stage.act(freeze_holder, freeze).is_leaving
    stage.clock.pass_by(hours=72)
    # Too late for a loss, too, once it is executed: it is stopped by nobody.
    stage.write(lambda uow: uow.deregistrations.begin(asked.deregistration))
    loss = replace(freeze, cause=FreezeCause.SELF, reason=FreezeReason.PHONE_LOST)
    assert stage.act(freeze_holder, loss).is_leaving
    assert run(stage) == 1
    done = now_of(stage, asked)
    assert (done.state, done.held) == (S.DONE, True)


# --- executed -----------------------------------------------------------------------------------------------------


def test_nothing_is_executed_before_its_time(stage: Stage) -> None:
    asked = ask(stage)
    stage.clock.pass_by(hours=71)
    assert run(stage) == 0
    lease = stage.clock.now() + LEASE
    job = Job(
        job_id="j", kind=JobKind.DEREGISTRATION, key=asked.ticket.ticket_id, created_at=lease, next_attempt_at=lease
    )
    early = execute_deregistration(LeasedJob(job, lease), services=stage.services, remember=Listed().add)
    assert early is Fate.POSTPONED
    assert now_of(stage, asked).state is S.COOLING


def test_when_its_time_is_over_nothing_is_left_that_opens_or_leads_to_the_person(stage: Stage) -> None:
    before, listed = stage.holder(), Listed()
    asked = ask(stage)
    stage.empty_outbox()
    stage.clock.pass_by(hours=72)
    assert run(stage, listed) == 1
    assert listed.holders == [before.holder_id]
    after = account(stage, before.holder_id)
    assert after == before.erased()
    assert after.is_erased
    assert stage.read(lambda stored: stored.holders.person(before.number_index or b"")) is None
    assert stage.read(lambda stored: stored.holders.by_phone_index(before.phone_index or b"")) == []
    assert stage.read(lambda stored: stored.holders.by_number_index(before.number_index or b"")) is None
    with pytest.raises(SessionMissing):
        stage.read(lambda stored: find_session(LI.session, stored=stored, now=stage.clock.now()))
    assert stage.read(lambda stored: stored.devices.list(before.holder_id)) == []
    events = stage.read(lambda stored: stored.holders.events(before.holder_id))
    assert [one.kind for one in events] == ["deregistered"]
    (message,) = stage.messages()
    assert (message.topic.value, message.phone) == ("deregistered", LI.phone)
    assert stage.queued()[0].holder_id is None
    assert now_of(stage, asked).state is S.DONE
    assert run(stage) == 0


def test_nobody_else_loses_anything(stage: Stage) -> None:
    wang = stage.holder(WANG)
    leave(stage)
    assert stage.holder(WANG) == wang
    assert stage.read(lambda stored: stored.holders.person(wang.number_index or b"")) is not None


def test_whoever_shares_the_phone_keeps_it(stage: Stage) -> None:
    index = stage.holder().phone_index
    stage.change(WANG, phone_index=index)
    leave(stage)
    assert [one.holder_id for one in stage.read(lambda stored: stored.holders.by_phone_index(index or b""))] == [
        stage.holder_id(WANG)
    ]


def test_a_list_that_cannot_be_written_erases_nothing_and_it_is_tried_again(stage: Stage) -> None:
    before, listed = stage.holder(), Listed()
    asked = ask(stage)
    stage.clock.pass_by(hours=72)
    listed.problem = OSError("disk")
    assert run(stage, listed) == 0
    assert now_of(stage, asked).state is S.EXECUTING
    assert not account(stage, before.holder_id).is_erased
    listed.problem = None
    stage.clock.pass_by(minutes=15)
    assert run(stage, listed) == 1
    assert account(stage, before.holder_id).is_erased


def test_a_worker_whose_lease_is_lost_writes_nothing(stage: Stage) -> None:
    before = stage.holder()
    asked = ask(stage)
    stage.clock.pass_by(hours=72)
    lease = stage.clock.now() + LEASE
    job = Job(
        job_id="j", kind=JobKind.DEREGISTRATION, key=asked.ticket.ticket_id, created_at=lease, next_attempt_at=lease
    )
    with pytest.raises(LeaseLost):
        execute_deregistration(LeasedJob(job, lease), services=stage.services, remember=Listed().add)
    assert not account(stage, before.holder_id).is_erased


def test_an_account_without_phone_or_number_ends_too(stage: Stage) -> None:
    holder_id = stage.holder_id()
    stage.change(phone_index=None, sealed_phone=None, number_index=None, authority_reference=None)
    leave(stage)
    assert account(stage, holder_id).is_erased
    assert revoke(stage) == 0


# --- kept ---------------------------------------------------------------------------------------------------------


def test_a_terminated_person_is_kept_by_an_index_of_its_own_with_the_generation(stage: Stage) -> None:
    before = stage.holder()
    stage.write(lambda uow: uow.holders.update(before.moved_to(HolderState.TERMINATED)))
    asked = leave(stage)
    kind = DocumentType.RESIDENT_ID.value
    index = ended_index(kind, LI.number, keys=stage.keys)
    assert index != number_index(kind, LI.number, keys=stage.keys) == before.number_index
    kept = stage.read(lambda stored: stored.holders.person(index))
    assert kept is not None
    assert (kept.holder_id, kept.generation, kept.service_ended) == (None, before.generation, True)
    assert kept.left_at == stage.clock.now()
    document = parse_document(now_of(stage, asked).receipt or b"")
    assert {"case", "termination"} < {one["what"] for one in document["kept"]}
    assert "history" not in document["deleted"]
    events = stage.read(lambda stored: stored.holders.events(before.holder_id))
    assert len(events) > 1


def test_the_receipt_proves_itself_and_is_there_when_it_is_done(stage: Stage) -> None:
    asked = ask(stage)
    with pytest.raises(NotFound):
        stage.act(deregistration_receipt, proof(asked))
    stage.clock.pass_by(hours=72)
    run(stage)
    file = stage.act(deregistration_receipt, proof(asked))
    assert file["document"]["ticket"] == asked.ticket.number
    assert {"format", "document", "leaf_index", "path", "note"} == set(file)
    with pytest.raises(TicketUnknown):
        stage.act(deregistration_receipt, proof(asked, "0" * 16))


def test_what_is_open_is_counted(stage: Stage) -> None:
    holder = stage.holder()
    items = stage.act(open_items, holder)
    assert (items.grants, items.tickets, items.is_held) == (0, 0, False)
    assert stage.act(open_items, holder.frozen(FreezeCause.OPERATOR)).is_held


# --- the authority ------------------------------------------------------------------------------------------------


def test_the_authority_is_told_until_it_confirms(stage: Stage) -> None:
    reference = stage.holder().authority_reference or ""
    stage.authority.registered[reference] = RegistrationStatus.ACTIVE
    asked = leave(stage)
    stage.authority.answer = AuthorityUnavailable()
    assert revoke(stage) == 0
    stage.authority.answer, stage.authority.revokes = None, False
    stage.clock.pass_by(hours=1)
    assert revoke(stage) == 0
    assert now_of(stage, asked).revoked_at is None
    stage.authority.revokes = True
    stage.clock.pass_by(hours=1)
    assert revoke(stage) == 1
    done = now_of(stage, asked)
    assert (done.revoked_at, done.authority_reference) == (stage.clock.now(), None)
    assert stage.authority.registered == {reference: RegistrationStatus.REVOKED}


def test_what_the_authority_does_not_know_needs_no_end(stage: Stage) -> None:
    asked = leave(stage)
    assert revoke(stage) == 1
    assert now_of(stage, asked).revoked_at == stage.clock.now()


# --- brought back -------------------------------------------------------------------------------------------------


def test_what_a_backup_brought_back_is_erased_again(stage: Stage) -> None:
    holder_id = stage.holder_id()
    assert stage.act(erase_again, holder_id)
    assert account(stage, holder_id).is_erased
    assert not stage.act(erase_again, holder_id)
    assert not stage.act(erase_again, HolderId("nobody"))


def test_one_that_cooled_in_the_backup_is_finished_with_its_receipt_and_told_nothing_again(stage: Stage) -> None:
    holder_id = stage.holder_id()
    asked = ask(stage)
    stage.empty_outbox()
    assert stage.act(erase_again, holder_id)
    assert now_of(stage, asked).state is S.DONE
    assert stage.topics() == []
    stage.clock.pass_by(hours=72)
    assert run(stage) == 0


def test_one_that_was_being_executed_in_the_backup_is_finished_too(stage: Stage) -> None:
    holder_id = stage.holder_id()
    asked = ask(stage)
    stage.clock.pass_by(hours=72)
    stage.act(executing._begin, asked.ticket.ticket_id)  # noqa: SLF001 - the first of its two units of work alone
    stage.empty_outbox()
    assert stage.act(erase_again, holder_id)
    assert now_of(stage, asked).state is S.DONE
    assert stage.topics() == ["deregistered"], "it may have been cut off before anybody was told"


def test_an_account_that_moves_meanwhile_is_not_left(stage: Stage) -> None:
    holder = stage.holder()
    with pytest.raises(StateConflict):
        holder.staying()
    assert timedelta(hours=72) == COOLING
