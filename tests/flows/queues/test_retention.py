"""What is not continued ends: an application that nobody finished is erased after thirty days, and only that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from rich.progress import Progress

from eztong.cli.data.database_audit import audit
from eztong.domain.holder import HolderState
from eztong.domain.notices import Topic
from eztong.domain.retention.kept import SWEPT, Transient
from eztong.ports.sandbox import AuthorityFault
from eztong.usecases.jobs.sweep_old_rows import sweep_old_rows
from tests.flows.citizen.browser import Browser, Person, Town
from tests.flows.queues.carrier import write_messages
from tests.simulators.due_work import deliver_due_messages

DAY = 86_400
DRAFT_DAYS = 30


def rows(town: Town, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection:
        return connection.execute(query).fetchall()


def count(town: Town, table: str) -> object:
    return rows(town, f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our own table names


def test_an_unfinished_application_is_erased_after_thirty_days_with_its_key_and_its_acceptances_stay(
    town: Town, browser: Browser
) -> None:
    assert SWEPT[Transient.DRAFTS].after == timedelta(days=DRAFT_DAYS)
    browser.bind_phone()
    town.pass_time(DRAFT_DAYS * DAY - 60)
    assert Transient.DRAFTS not in sweep_old_rows(services=town.services).removed
    town.pass_time(120)
    assert sweep_old_rows(services=town.services).removed[Transient.DRAFTS] == 1
    for table in ("holders", "devices", "sessions", "holder_events"):
        assert count(town, table) == 0, table
    assert count(town, "acceptances") == 2
    assert audit(town.built.settings, Progress(disable=True)).problems == []
    assert browser.get("/register/identity").url.path == "/", "whoever comes back begins again"


def test_the_data_key_of_an_erased_application_is_nowhere_in_the_file(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.browser().bind_phone()
    (key,) = rows(town, "SELECT data_key FROM holders")[0]
    assert isinstance(key, bytes)
    town.pass_time(DRAFT_DAYS * DAY + 1)
    sweep_old_rows(services=town.services)
    town.built.close()
    assert key not in town.built.settings.database_file.read_bytes()


def test_an_application_that_went_on_and_an_account_stay(town: Town) -> None:
    town.browser().register()
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(AuthorityFault.PENDING)
    town.browser().register(Person("测一二", "110000199003080023", "19900000002"))
    town.pass_time(400 * DAY)
    sweep_old_rows(services=town.services)
    assert (town.accounts_in(HolderState.ACTIVE), town.accounts_in(HolderState.APPLIED)) == (1, 1)


def test_delivered_messages_message_codes_and_the_inbox_are_swept_in_bounded_batches(town: Town) -> None:
    write_messages(town.services, Topic.CODE_REPLAYED, count=25)
    while deliver_due_messages(services=town.services, notifier=town.built.notifier).done:
        pass
    town.pass_time(SWEPT[Transient.ENDED_JOBS].after.days * DAY + 1)
    batches = []
    while removed := sweep_old_rows(services=town.services, limit=10).removed:
        batches.append(removed)
    assert batches == [{Transient.ENDED_JOBS: count} for count in (10, 10, 5)]
    assert (count(town, "jobs"), count(town, "inbox")) == (0, 25)
    town.pass_time(SWEPT[Transient.INBOX].after.days * DAY)
    sweep_old_rows(services=town.services)
    assert count(town, "inbox") == 0


def test_what_a_stranger_leaves_behind_is_gone_after_a_while(town: Town) -> None:
    for number in range(3):
        stranger = town.browser()
        stranger.accept()
        stranger.send("/register/phone", phone=f"1990000020{number}")
    town.pass_time(3 * 366 * DAY)
    sweep_old_rows(services=town.services)
    for swept in SWEPT.values():
        assert count(town, swept.table) == 0, swept.table


def test_a_row_that_cannot_be_swept_stays_and_keeps_no_other_from_it(town: Town) -> None:
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection, connection:
        connection.execute(
            "CREATE TRIGGER stuck BEFORE DELETE ON holders BEGIN SELECT raise(ABORT, 'for 19900000001'); END"
        )
    town.browser().bind_phone()
    town.pass_time(400 * DAY)
    sweep = sweep_old_rows(services=town.services)
    assert sweep.failures == {}
    assert sweep.removed[Transient.ENDED_JOBS] == 1
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection:
        assert connection.execute("SELECT count(*) FROM holders").fetchone() == (1,)
