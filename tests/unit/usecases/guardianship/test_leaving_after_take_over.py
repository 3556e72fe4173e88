"""Whoever took an account over ends it for nobody as long as it can be had back, and not past that (2.13, ADR 0078)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.contact.phone_change import ContactCooling
from eztong.domain.deregistration.deregistration import UndoneBy
from eztong.domain.feedback.ticket import TicketUnknown
from eztong.domain.guardianship.guardianship import TAKE_BACK_WITHIN, WardActsAlone
from eztong.domain.holder import HolderState
from eztong.domain.jobs.job import JobKind
from eztong.usecases.deregistration.undo_deregistration import undo_ward
from eztong.usecases.feedback.find_ticket import find_ticket
from eztong.usecases.guardianship.take_back import take_back_new
from tests.unit.usecases.access.ways import FRESH
from tests.unit.usecases.deregistration.leaving import ask, now_of, proof
from tests.unit.usecases.guardianship.family import account, run_birthdays
from tests.unit.usecases.guardianship.handing import end_account, grown, taken, unlock_later
from tests.unit.usecases.stage import LI, Stage


def test_who_took_it_over_ends_it_only_when_it_can_be_had_back_no_more(stage: Stage) -> None:
    found = grown(stage)
    holder = taken(stage, found)
    with pytest.raises(ContactCooling):
        ask(stage, session=FRESH)
    assert account(stage, found.ward_id) == holder
    assert stage.read(lambda stored: stored.jobs.waiting(JobKind.DEREGISTRATION, found.ward_id)) is None


def test_a_relation_that_cannot_be_read_keeps_nobody_from_leaving(stage: Stage) -> None:
    taken(stage, grown(stage))
    stage.damage("guardianships", "state")
    assert ask(stage, session=FRESH).is_new
    assert ("care", "RowDamaged") in stage.take_left_out()


def test_a_late_take_back_undoes_the_ending_and_its_secret_opens_nothing(stage: Stage) -> None:
    """A recovery that waited counts from when it was asked for: the account may be leaving when it is done."""
    found = grown(stage)
    taken(stage, found)
    asked_at = stage.clock.now() + TAKE_BACK_WITHIN - timedelta(minutes=1)
    stage.clock.moment += TAKE_BACK_WITHIN
    unlocked = replace(stage.session(FRESH), unlocked_until=stage.clock.now() + timedelta(minutes=1))
    stage.write(lambda uow: uow.sessions.update(unlocked))
    asked = ask(stage, session=FRESH)
    stage.act(lambda act: take_back_new(act, stage.holder(LI), at=asked_at, by="recovery"))
    back = account(stage, found.ward_id)
    assert (back.state, back.phone_index) == (HolderState.ACTIVE, None)
    assert now_of(stage, asked).undone_by is UndoneBy.GUARDIAN
    with pytest.raises(TicketUnknown):
        stage.act(find_ticket, proof(asked))


def test_an_end_that_was_asked_before_the_18th_birthday_is_undone_after_it_by_the_guardian_alone(stage: Stage) -> None:
    found = grown(stage, years=3)
    stage.clock.moment = stage.clock.moment.replace(year=stage.clock.moment.year + 1) - timedelta(days=1)
    unlock_later(stage, LI)
    end_account(stage, found)
    stage.clock.moment += timedelta(days=1)
    run_birthdays(stage)
    stage.unlock(LI)
    back = stage.act(undo_ward, LI.session, found.ward_id)
    assert (back.state, back.is_leaving) == (HolderState.ACTIVE, False)
    with pytest.raises(WardActsAlone):
        end_account(stage, found)
