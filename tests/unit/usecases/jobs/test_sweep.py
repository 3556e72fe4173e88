"""Old rows are swept away after their time and not before; one kind that fails keeps no other."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from eztong.domain.notices import Message, Topic
from eztong.domain.retention.kept import SWEPT, Transient
from eztong.usecases.access.find_session import SESSION_LIFE
from eztong.usecases.jobs.queue_run import counted
from eztong.usecases.jobs.sweep_old_rows import sweep_old_rows
from eztong.usecases.notices.send_message import send_message
from tests.unit.usecases.fakes import CollectingObserver
from tests.unit.usecases.stage import FILE, Stage


def test_nothing_is_swept_before_its_time(stage: Stage) -> None:
    before = stage.rows()
    sweep = sweep_old_rows(services=stage.services)
    assert (sweep.removed, sweep.failures) == ({}, {})
    assert stage.rows() == before


def test_sessions_stay_a_month_after_they_ended_and_accounts_stay(stage: Stage) -> None:
    stage.clock.pass_by(seconds=SESSION_LIFE.total_seconds() + SWEPT[Transient.SESSIONS].after.total_seconds())
    assert Transient.SESSIONS not in sweep_old_rows(services=stage.services).removed
    stage.clock.pass_by(milliseconds=1)
    assert sweep_old_rows(services=stage.services).removed == {Transient.SESSIONS: 2}
    assert (stage.rows()["sessions"], stage.rows()["holders"]) == (0, 2)
    assert sweep_old_rows(services=stage.services).removed == {}


def test_a_run_removes_no_more_of_a_kind_than_its_limit(stage: Stage) -> None:
    for _ in range(3):
        stage.act(send_message, Message(topic=Topic.CODE_USED, phone="1", language="en", params={}))
    stage.empty_outbox()
    stage.clock.pass_by(days=400)
    sweep = sweep_old_rows(services=stage.services, limit=1)
    assert sweep.removed
    assert set(sweep.removed.values()) == {1}


def test_a_kind_that_cannot_be_swept_is_counted_and_keeps_no_other(stage: Stage) -> None:
    stage.clock.pass_by(days=400)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection:
        connection.execute("ALTER TABLE jobs RENAME TO lost")
    sweep = sweep_old_rows(services=stage.services)
    assert set(sweep.failures) == {"OperationalError"}
    assert ("queue_failure", "retention", "OperationalError") in stage.observer.seen
    assert sweep.removed[Transient.SESSIONS] == 2


def test_failures_are_counted_by_kind_for_log_and_metrics() -> None:
    observer = CollectingObserver()
    assert counted("queue", ["A", "B", "A"], observer=observer) == {"A": 2, "B": 1}
    assert sorted(observer.seen) == [("queue_failure", "queue", "A")] * 2 + [("queue_failure", "queue", "B")]
