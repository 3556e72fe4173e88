"""What staff tick off stays with the line of their own desk."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from eztong.domain.desks.staff import DeskEntry
from eztong.domain.errors import DeskUnknown, NotFound, SessionMissing
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.desks.check_at_desk import check_at_desk
from eztong.usecases.desks.sign_in_staff import OnDuty, hash_desk_session, sign_out_staff, take_place
from eztong.usecases.desks.tick_off_steps import LAST, TickOff, tick_off_steps
from eztong.usecases.refusal import Refused
from tests.unit.usecases.codes.asking import show
from tests.unit.usecases.desks.duty import TOKEN, at_desk, hire, on_duty, sign_in
from tests.unit.usecases.stage import Stage


def line(stage: Stage, duty: OnDuty) -> DeskEntry:
    """Check LI at the desk; return the line that it left."""
    done = stage.act(check_at_desk, at_desk(stage, duty, show(stage).number), duty.session.session_hash)
    assert not isinstance(done, Refused)
    return done.entry


def add(entry: DeskEntry, uow: UnitOfWork) -> None:
    uow.staff.add_entry(entry)


def tick(stage: Stage, duty: OnDuty, entry: DeskEntry, *steps: str) -> None:
    command = TickOff(staff_session=duty.session.session_hash, entry_id=entry.entry_id, ticked=frozenset(steps))
    stage.act(tick_off_steps, command)


def checklist(stage: Stage, entry: DeskEntry) -> str:
    found = stage.read(lambda stored: stored.staff.entry(entry.partner_id, entry.desk, entry.entry_id))
    assert found is not None
    return found.checklist


def test_steps_of_the_scene_are_kept_in_their_order_and_others_left_out(stage: Stage) -> None:
    duty = on_duty(stage)
    entry = line(stage, duty)
    tick(stage, duty, entry, "report", "identity", "opened")
    assert checklist(stage, entry) == "identity report"
    tick(stage, duty, entry)
    assert checklist(stage, entry) == ""


def test_only_the_newest_lines_of_the_own_desk_are_in_hand(stage: Stage) -> None:
    duty = on_duty(stage)
    first = line(stage, duty)
    later = [replace(first, entry_id=f"{first.entry_id}-{number:02d}") for number in range(LAST)]
    for one in later:
        stage.write(partial(add, one))
    with pytest.raises(NotFound):
        tick(stage, duty, first)
    tick(stage, duty, later[0])
    stage.act(take_place, duty.session.session_hash, desk="front-2", scene="hotel_check_in")
    with pytest.raises(NotFound):
        tick(stage, duty, later[0])


def test_a_line_whose_scene_is_gone_has_no_steps(stage: Stage) -> None:
    duty = on_duty(stage)
    gone = replace(line(stage, duty), entry_id="dsk_gone", scene="gone")
    stage.write(lambda uow: uow.staff.add_entry(gone))
    with pytest.raises(NotFound):
        tick(stage, duty, gone)


def test_without_a_session_nothing_is_ticked(stage: Stage) -> None:
    duty = on_duty(stage)
    entry = line(stage, duty)
    stage.act(sign_out_staff, duty.session.session_hash)
    for session in (duty.session.session_hash, b"nobody"):
        with pytest.raises(SessionMissing):
            tick(stage, replace(duty, session=replace(duty.session, session_hash=session)), entry)


def test_whoever_stands_nowhere_ticks_nothing_off(stage: Stage) -> None:
    sign_in(stage, hire(stage))
    command = TickOff(staff_session=stage.act(hash_desk_session, TOKEN), entry_id="dsk_1", ticked=frozenset())
    with pytest.raises(DeskUnknown):
        stage.act(tick_off_steps, command)
