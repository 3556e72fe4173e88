"""Of an application that ended, nothing stays that a full check of the database would find and could not open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from rich.progress import Progress

from eztong.adapters.storage.stored.facts import ended_applications, not_erased
from eztong.cli.data.audit_report import AuditReport, Rows
from eztong.cli.data.audit_sealed import check_sealed
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import OperatorRole
from eztong.usecases.deregistration.erase_listed import erase_listed
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.registration.lapse_applications import lapse_applications
from tests.unit.usecases.guardianship import family
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.registration.test_more_asked import asked, withdraw
from tests.unit.usecases.stage import FILE, ZHAO, Stage


def checked(stage: Stage) -> tuple[list[str], int]:
    """Return what a full check says of sealed fields, and how many it only counts."""
    report = AuditReport()
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, Progress(disable=True) as bar:
        check_sealed(Rows(connection), stage.keys, report, bar)
    return report.problems, report.erased


def told(stage: Stage, holder_id: HolderId) -> list[tuple[str]]:
    return stage.select("SELECT topic FROM holder_notices WHERE holder_id = ?", holder_id)


def lapsed(stage: Stage) -> HolderId:
    holder_id = asked(stage).holder_id
    assert told(stage, holder_id)
    lapse(stage)
    return holder_id


def lapse(stage: Stage) -> None:
    stage.clock.pass_by(days=31)
    assert lapse_applications(services=stage.services).done == 1


def withdrawn(stage: Stage) -> HolderId:
    holder_id = asked(stage).holder_id
    withdraw(stage)
    return holder_id


def lapsed_with_invitation(stage: Stage) -> HolderId:
    minor = family.waiting_minor(stage)
    family.invite(stage)
    lapse(stage)
    return minor.holder_id


def refused_child(stage: Stage) -> HolderId:
    claim = family.claimed_child(stage)
    refused = DecideRelation(guardianship_id=claim.guardianship_id, holds=False, words="seen")
    stage.act(decide_relation, refused, by=operator(stage, "qian", OperatorRole.CASES))
    return claim.ward_id


@pytest.mark.parametrize("end", [lapsed, withdrawn, lapsed_with_invitation, refused_child])
def test_nothing_that_cannot_be_opened_stays(stage: Stage, end: Callable[[Stage], HolderId]) -> None:
    holder_id = end(stage)
    assert told(stage, holder_id) == []
    assert checked(stage)[0] == []


def test_what_an_earlier_version_left_is_counted_and_of_anybody_else_it_is_told(stage: Stage) -> None:
    holder_id = asked(stage).holder_id
    left = stage.select("SELECT * FROM holder_notices WHERE holder_id = ?", holder_id)
    withdraw(stage)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.executemany("INSERT INTO holder_notices VALUES (?, ?, ?, ?, ?, ?)", left)
    assert checked(stage) == ([], len(left))
    stage.damage("holders", "state", "active", of=holder_id)
    assert checked(stage) == ([f"holder_notices.sealed of {holder_id}: the sealed value does not open"] * len(left), 0)


@pytest.mark.parametrize("end", [withdraw, lapse])
def test_one_that_a_backup_brings_back_is_erased_again_and_nobody_hears_twice(
    stage: Stage, end: Callable[[Stage], None]
) -> None:
    before, file = asked(stage), stage.folder / FILE
    assert ended_applications(file).named == []
    end(stage)
    listed = ended_applications(file).named
    assert listed == [before.holder_id]
    assert (not_erased(file, listed), erase_listed(listed, services=stage.services)) == ([], [])
    assert stage.holder(ZHAO).state is HolderState.REFUSED
    # As in a backup of before.
    stage.write(lambda uow: uow.holders.update(before))
    stage.empty_outbox()
    assert (ended_applications(file).named, not_erased(file, listed)) == ([], listed)
    assert erase_listed(listed, services=stage.services) == []
    kept = "length(data_key), sealed_name, sealed_number, sealed_phone, number_index, phone_index"
    (row,) = stage.select(f"SELECT {kept} FROM holders WHERE holder_id = ?", before.holder_id)  # noqa: S608 - our own
    assert row == (0, None, None, None, None, None)
    assert (stage.messages(), not_erased(file, listed)) == ([], [])


def test_an_application_that_was_refused_is_on_no_list(stage: Stage) -> None:
    holder = asked(stage)
    stage.write(lambda uow: uow.holders.update(replace(holder, state=HolderState.REFUSED, reason=None)))
    assert ended_applications(stage.folder / FILE).named == []
    assert not_erased(stage.folder / FILE, [holder.holder_id]) == [holder.holder_id]
