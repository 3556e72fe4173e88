"""Of an application that ended, nothing stays that a full check of the database would find and could not open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from rich.progress import Progress

from eztong.cli.data.audit_report import AuditReport, Rows
from eztong.cli.data.audit_sealed import check_sealed
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import OperatorRole
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.registration.lapse_applications import lapse_applications
from tests.unit.usecases.guardianship import family
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.registration.test_more_asked import asked, withdraw
from tests.unit.usecases.stage import FILE, Stage


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
    stage.clock.pass_by(days=31)
    assert lapse_applications(services=stage.services).done == 1
    return holder_id


def withdrawn(stage: Stage) -> HolderId:
    holder_id = asked(stage).holder_id
    withdraw(stage)
    return holder_id


def lapsed_with_invitation(stage: Stage) -> HolderId:
    minor = family.waiting_minor(stage)
    family.invite(stage)
    stage.clock.pass_by(days=31)
    assert lapse_applications(services=stage.services).done == 1
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
