"""What was asked of an applicant waits thirty days; then the application ends, and nothing of the person is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from eztong.adapters.storage.sql.tables.holders import holders
from eztong.domain.guardianship.guardianship import CareEnd
from eztong.domain.holder import HolderState
from eztong.domain.registration import ANSWERED_WITHIN, Reason, StepKind
from eztong.usecases.registration.lapse_applications import answered_by, lapse_application, lapse_applications
from tests.unit.usecases.guardianship.family import (
    MINOR,
    account,
    confirmed_minor,
    invite,
    kinds,
    waiting_minor,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.registration.applying import apply
from tests.unit.usecases.registration.test_more_asked import QUESTION, acts, answer, asked, last_event
from tests.unit.usecases.registration.test_reviewed_by_people import review
from tests.unit.usecases.stage import FILE, LI, ZHAO, Stage


def lapse(stage: Stage) -> int:
    return lapse_applications(services=stage.services).done


def test_an_application_without_an_answer_ends_and_leaves_nothing_of_the_person(stage: Stage) -> None:
    holder = asked(stage)
    stage.clock.pass_by(days=ANSWERED_WITHIN.days - 1)
    assert lapse(stage) == 0
    stage.clock.pass_by(days=1)
    assert (lapse(stage), lapse(stage)) == (1, 0)
    over = stage.holder(ZHAO)
    assert (over.state, over.reason, over.decision, over.rules) == (HolderState.REFUSED, "unanswered", None, "")
    assert (over.number_index, over.phone_index, over.sealed_name, over.sealed_number) == (None, None, None, None)
    assert over.data_key != holder.data_key
    assert stage.select("SELECT count(*) FROM application_steps") == [(0,)]
    assert (acts(stage)[-1], last_event(stage)) == (("application_lapsed", "system"), "application_lapsed")
    assert stage.messages()[-1].phone == ZHAO.phone
    assert stage.topics()[-1] == "application_lapsed"


def test_after_each_question_the_applicant_has_the_whole_time_and_staff_are_waited_for(stage: Stage) -> None:
    asked(stage)
    stage.clock.pass_by(days=20)
    answer(stage)
    stage.clock.pass_by(days=20)
    assert lapse(stage) == 0
    review(stage, stage.holder(ZHAO), StepKind.SUPPLEMENT, operator(stage, "zhao"), QUESTION)
    by = stage.clock.now() + ANSWERED_WITHIN
    assert stage.read(lambda stored: answered_by(stage.holder(ZHAO), stored=stored)) == by
    stage.clock.pass_by(days=29)
    assert lapse(stage) == 0


def test_a_minor_whom_no_guardian_confirmed_is_forgotten_with_the_invitation(stage: Stage) -> None:
    minor = waiting_minor(stage)
    stage.clock.pass_by(days=20)
    invite(stage)
    stage.clock.pass_by(days=29)
    assert lapse(stage) == 0
    stage.clock.pass_by(days=1)
    assert lapse(stage) == 1
    assert account(stage, minor.holder_id).reason == Reason.UNANSWERED
    (over,) = stage.read(lambda stored: stored.guardianships.of_ward(minor.holder_id))
    assert (over.is_open, over.ended_by) == (False, CareEnd.APPLICATION)
    assert stage.messages()[-1].phone == MINOR.phone


def test_a_guardian_hears_that_it_ended_and_it_stands_in_the_history_of_both(stage: Stage) -> None:
    found = confirmed_minor(stage)
    ward = account(stage, found.ward_id)
    stage.write(lambda uow: uow.holders.update(replace(ward, state=HolderState.SUPPLEMENT_NEEDED, reason="more_asked")))
    stage.clock.pass_by(days=40)
    assert lapse(stage) == 1
    assert kinds(stage, found.ward_id)[-2:] == ["guardianship_ended", "application_lapsed"]
    assert "guardianship_ended" in kinds(stage, stage.holder_id(LI))
    assert [one.phone for one in stage.messages() if one.topic == "guardian_ended"] == [LI.phone]


NO_COLUMNS = {"holder_id", "state"}
DAMAGES = [
    (one.name, value)
    for one in holders.columns
    for value in ("damaged", None)
    if one.name not in NO_COLUMNS and (value is not None or one.nullable)
]


@pytest.mark.parametrize(("column", "value"), DAMAGES)
def test_one_whose_row_is_damaged_lapses_all_the_same(stage: Stage, column: str, value: str | None) -> None:
    holder = asked(stage)
    stage.damage("holders", column, value, of=holder.holder_id)
    stage.clock.pass_by(days=31)
    assert lapse(stage) == 1
    stage.take_left_out()
    kept = "state, reason, number_index, phone_index, sealed_name, sealed_number, sealed_phone"
    (row,) = stage.select(f"SELECT {kept} FROM holders WHERE holder_id = ?", holder.holder_id)  # noqa: S608 - our own
    assert row == ("refused", "unanswered", None, None, None, None, None)
    assert lapse(stage) == 0


@pytest.mark.parametrize("column", ["at", "kind", "detail", "actor"])
def test_one_whose_history_is_damaged_lapses_by_when_it_was_made(stage: Stage, column: str) -> None:
    holder = asked(stage)
    stage.damage("holder_events", column, of=holder.holder_id)
    stage.clock.pass_by(days=29)
    assert lapse(stage) == 0
    stage.clock.pass_by(days=2)
    assert (lapse(stage), stage.holder(ZHAO).reason) == (1, "unanswered")


def test_who_waits_for_staff_is_waited_for_though_the_row_is_damaged(stage: Stage) -> None:
    holder = asked(stage)
    stage.damage("holders", "reason", Reason.RELATION_WAITS.value, of=holder.holder_id)
    stage.damage("holders", "document_type", of=holder.holder_id)
    stage.clock.pass_by(days=400)
    assert lapse(stage) == 0


def test_one_that_cannot_be_ended_is_counted_and_keeps_no_other(stage: Stage) -> None:
    asked(stage)
    minor = apply(stage, replace(MINOR, session=b"other", phone="13900000077"))
    stage.clock.pass_by(days=31)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE ON holders WHEN OLD.holder_id = '{minor.holder_id}' "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    run = lapse_applications(services=stage.services)
    assert (run.done, sum(run.failures.values())) == (1, 1)


def test_an_application_that_was_answered_meanwhile_does_not_lapse(stage: Stage) -> None:
    holder = asked(stage)
    assert not stage.act(lapse_application, holder.holder_id)
    assert stage.holder(ZHAO) == holder
