"""Lists across accounts: what can be read is worked at, and what cannot is counted and keeps nobody else waiting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from eztong.domain.agreements import AgreementKind
from eztong.domain.errors import EztongError
from eztong.domain.guardianship.guardianship import HandOverWrong
from eztong.domain.holder import FreezeCause
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import LastOfSystem, OperatorRole
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR
from eztong.usecases.agreement_sets.keep_agreements import keep_agreements
from eztong.usecases.assistance.end_assistance import end_all, end_pending
from eztong.usecases.feedback.redate_tickets import redate_tickets
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.operators.manage_operators import AddOperator, add_operator, disable_operator, forget_person
from eztong.usecases.own_data.note_reading import note_reading
from tests.unit.usecases.agreement_sets.publishing import published
from tests.unit.usecases.assistance import helping
from tests.unit.usecases.feedback.test_feedback import OTHER, SECRET, write
from tests.unit.usecases.guardianship.family import (
    MINOR,
    account,
    confirmed_minor,
    guardianship,
    kinds,
    registered_child,
    run_birthdays,
)
from tests.unit.usecases.guardianship.handing import ask, grown, offer
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage


@pytest.fixture(autouse=True)
def taken(stage: Stage) -> Iterator[None]:
    """Every part that was left out met something damaged, and nothing else."""
    yield
    assert {kind for _, kind in stage.take_left_out()} <= {"RowDamaged", "SealedDataDamaged"}


def freeze(stage: Stage, holder_id: HolderId) -> None:
    stage.act(freeze_holder, FreezeHolder(holder_id=holder_id, cause=FreezeCause.OPERATOR, channel="t"))


def test_a_stop_ends_every_hand_over_beside_a_damaged_guardianship_and_its_own(stage: Stage) -> None:
    found = grown(stage)
    digits = offer(stage, found)
    other = registered_child(stage)
    stage.damage("guardianships", "state", of=other.guardianship_id)
    freeze(stage, stage.holder_id(LI))
    stands = guardianship(stage, found.guardianship_id)
    assert (stands.offered_at, stands.invite_hash, stands.sealed_digits, stands.sealed_phone) == (None,) * 4
    with pytest.raises(HandOverWrong):
        ask(stage, digits)


def test_digits_of_a_guardianship_that_cannot_be_read_end_unread(stage: Stage) -> None:
    found = grown(stage)
    offer(stage, found)
    stage.damage("guardianships", "asked_at", of=found.guardianship_id)
    freeze(stage, found.ward_id)
    (left,) = stage.select("SELECT invite_hash, sealed_digits, offered_at, sealed_phone FROM guardianships")
    assert left == (None,) * 4


def test_the_other_helps_of_an_account_end_beside_a_damaged_one(stage: Stage) -> None:
    mine = helping.helping(stage)
    theirs = helping.helping(stage, WANG, LI)
    helping.invite(stage)
    ((waits,),) = stage.select("SELECT assistance_id FROM assistances WHERE state = 'invited'")
    stage.damage("assistances", "asked_at", of=mine.assistance_id)
    stage.act(end_pending, stage.holder())
    assert stage.select("SELECT state FROM assistances WHERE assistance_id = ?", waits) == [("ended",)]
    stage.act(end_all, stage.holder())
    assert helping.again(stage, theirs).ended_by is not None
    assert ("contact", "RowDamaged") in stage.left_out


def test_who_comes_of_age_is_a_ward_no_more_though_a_guardianship_cannot_be_read(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.damage("guardianships", "relation", of=found.guardianship_id)
    stage.clock.moment = stage.clock.moment.replace(year=2027, month=6, day=2)
    run_birthdays(stage)
    left = stage.select("SELECT state, ended_by FROM guardianships")
    assert left == [("ended", "age")]
    assert kinds(stage, found.ward_id).count("came_of_age") == 1
    assert (MINOR.phone, "came_of_age") in {(one.phone, one.topic.value) for one in stage.messages()}


def test_a_guardian_who_keeps_an_adult_is_not_ended_with_a_row_that_cannot_be_read(stage: Stage) -> None:
    found = grown(stage, years=3)
    stage.damage("guardianships", "relation", of=found.guardianship_id)
    stage.clock.moment = stage.clock.moment.replace(year=2030, month=3, day=11)
    run_birthdays(stage)
    assert stage.select("SELECT state FROM guardianships") == [("active",)]
    assert account(stage, found.ward_id).state.value == "active"


def test_tickets_are_dated_again_beside_one_that_cannot_be_read(stage: Stage) -> None:
    for secret in (SECRET, OTHER):
        write(stage, secret=secret)
    first, _ = (name for (name,) in stage.select("SELECT ticket_id FROM tickets ORDER BY ticket_id"))
    with_years = WorkCalendar()
    stage.damage("tickets", "is_due_provisional", 1)
    stage.damage("tickets", "due_at", 0)
    stage.damage("tickets", "kind", of=first)
    assert stage.act(redate_tickets, calendar=with_years) == 1
    assert stage.take_left_out() == {("dates", "RowDamaged")}


def test_nobody_is_the_first_operator_beside_rows_that_cannot_be_read(stage: Stage) -> None:
    operator(stage)
    stage.damage("operators", "state")
    command = AddOperator(name="somebody", roles=frozenset({OperatorRole.SYSTEM}), secret_hash="x")
    with pytest.raises(EztongError):
        stage.act(add_operator, command, by=OPERATOR)
    assert stage.select("SELECT count(*) FROM operators") == [(1,)]


def test_an_operator_that_cannot_be_read_is_not_the_one_who_is_left(stage: Stage) -> None:
    by, _other = operator(stage, "li.na"), operator(stage, "wang.li")
    operator(stage, "leaver")
    stage.damage("operators", "created_at", of="wang.li")
    assert stage.act(disable_operator, "leaver", by=by).is_active is False
    with pytest.raises(LastOfSystem):
        stage.act(disable_operator, "li.na", by=by)


def test_a_person_is_forgotten_beside_an_operator_that_cannot_be_read(stage: Stage) -> None:
    for name in ("a.a", "b.b"):
        operator(stage, name)
    stage.damage("operators", "state", "disabled")
    stage.damage("operators", "persons", b"1".hex())
    stage.damage("operators", "roles", of="a.a")
    stage.act(forget_person, b"1")
    assert stage.select("SELECT persons FROM operators WHERE name = 'b.b'") == [(None,)]
    assert stage.take_left_out() == {("erasing", "RowDamaged")}


def test_staff_are_noted_for_all_they_are_shown_beside_an_account_that_cannot_be_read(stage: Stage) -> None:
    by = operator(stage, "zhao", OperatorRole.CASES)
    shown = [stage.holder_id(LI), stage.holder_id(WANG)]
    stage.damage("holders", "state", of=shown[0])
    stage.act(note_reading, StaffReads.GUARDIANSHIP, shown, by=by)
    noted = stage.select("SELECT holder_id FROM holder_events WHERE kind = 'staff_read'")
    assert {name for (name,) in noted} == {*shown}


def test_a_set_that_cannot_be_read_is_counted_and_graces_end(stage: Stage) -> None:
    later = stage.clock.now() + timedelta(days=40)
    published(stage, {AgreementKind.SERVICE.value: "C"}, starts=later)
    stage.damage("agreement_sets", "made_at", of=stage.select("SELECT max(set_id) FROM agreement_sets")[0][0])
    stage.clock.moment = later
    keep_agreements(stage.services)
    assert ("queue_failure", "agreements", "RowDamaged") in stage.observer.seen
