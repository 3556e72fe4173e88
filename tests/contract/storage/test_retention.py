"""Rows that end by age: every table has its place in the list, and each kind is found and removed as it says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, LargeBinary, Text

from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.retention.kept import EMPTIED, SWEPT, Outlived, Transient
from eztong.domain.retention.stays import STAYS
from tests.contract.storage.stage import START, World

MOMENTS = {
    Transient.MESSAGE_CODES: "created_at",
    Transient.PASSKEY_CHALLENGES: "created_at",
    Transient.SESSIONS: "expires_at",
    Transient.STAFF_SESSIONS: "active_at",
    Transient.OPERATOR_SESSIONS: "active_at",
    Transient.PORTAL_SESSIONS: "active_at",
    Transient.SENT_FORMS: "sent_at",
    Transient.AUDIT: "at",
    Transient.DRAFTS: "created_at",
    Transient.ENDED_JOBS: "ended_at",
    Transient.UNDELIVERED_MESSAGES: "created_at",
    Transient.INBOX: "at",
    Transient.IDEMPOTENCY_KEYS: "created_at",
    Transient.INPUT_SESSIONS: "used_at",
    Transient.BUDGETS: "slot",
    Transient.TICKETS: "closed_at",
    Transient.INCIDENTS: "ended_at",
    Transient.INCIDENT_REPORTS: "closed_at",
    Transient.NOTICES: "at",
    Transient.UNPROVEN_EMAILS: "asked_at",
    Transient.FREEZE_LINKS: "until",
    Transient.DEREGISTRATIONS: "done_at",
    Transient.ENDED_SERVICES: "left_at",
    Transient.UNPROVED_PHONES: "asked_at",
    Transient.PARTNER_EVENTS: "tell_at",
    Transient.WEBHOOK_DELIVERIES: "due_at",
    Transient.WEBHOOK_ATTEMPTS: "at",
    Transient.CASES: "over_at",
    Transient.TRAFFIC: "slot_at",
}
FIXED: dict[Transient, dict[str, Any]] = {
    Transient.DRAFTS: {"state": "draft"},
    Transient.UNPROVED_PHONES: {"state": "asked"},
    Transient.UNDELIVERED_MESSAGES: {"kind": "outbox", "ended_at": None},
    Transient.UNPROVEN_EMAILS: {"proven_at": None},
}
OTHERWISE: dict[Transient, dict[str, Any]] = {
    Transient.DRAFTS: {"state": "active"},
    Transient.UNPROVED_PHONES: {"state": "waiting"},
    Transient.UNDELIVERED_MESSAGES: {"kind": "registrations", "ended_at": None},
    Transient.UNPROVEN_EMAILS: {"proven_at": 1},
    Transient.ENDED_JOBS: {"kind": "registrations", "ended_at": None},
}
BEFORE = START + timedelta(hours=1)
OF_AN_ACCOUNT = ("devices", "sessions", "holder_events", "jobs", "pins", "passkeys", "holder_notices")


def row(table: str, number: int, **fixed: Any) -> dict[str, Any]:  # noqa: ANN401 - as the columns take them
    """Return a row in which every column has a value."""
    values: dict[str, Any] = {}
    for column in metadata.tables[table].columns:
        match column.type:
            case LargeBinary():
                values[column.name] = f"{column.name}{number}".encode()
            case BigInteger() | Integer():
                values[column.name] = number
            case _:
                values[column.name] = f"{column.name}{number}"
    return values | fixed


def insert(world: World, table: str, values: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(values))
    with world.aside() as connection:
        statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608 - our own names
        connection.execute(statement, list(values.values()))


def rows_in(world: World, table: str) -> int:
    with world.aside() as connection:
        return int(connection.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - our own names


def sweep(world: World, kind: Transient) -> int:
    with world.store.read() as stored:
        keys = stored.retention.outdated(kind, before=BEFORE, limit=10)
    return world.store.write(lambda uow: sum(uow.retention.remove(kind, key, before=BEFORE) for key in keys)).value


def test_every_table_is_swept_or_stays_for_a_reason() -> None:
    assert {swept.table for swept in SWEPT.values()} | set(STAYS) == set(metadata.tables)
    assert set(SWEPT) == set(Transient)
    assert all(STAYS.values())


def test_what_strangers_can_add_to_is_swept() -> None:
    """Pages that need no account write to these."""
    assert {"holders", "sessions", "otp_challenges", "passkey_challenges", "jobs", "inbox"} <= {
        swept.table for swept in SWEPT.values()
    }


@pytest.mark.parametrize("kind", Transient)
def test_what_is_older_goes_and_what_is_not_stays(world: World, kind: Transient) -> None:
    table, moment = SWEPT[kind].table, MOMENTS[kind]
    for number, when in enumerate((BEFORE - timedelta(milliseconds=1), BEFORE, BEFORE + timedelta(days=1))):
        insert(world, table, row(table, number, **FIXED.get(kind, {}), **{moment: to_ms(when)}))
    assert (sweep(world, kind), rows_in(world, table), sweep(world, kind)) == (1, 2, 0)


@pytest.mark.parametrize("kind", OTHERWISE)
def test_rows_of_the_same_table_that_are_no_such_thing_stay(world: World, kind: Transient) -> None:
    table = SWEPT[kind].table
    old = {MOMENTS[kind]: to_ms(START)} | OTHERWISE[kind]
    insert(world, table, row(table, 1, **old))
    assert (sweep(world, kind), rows_in(world, table)) == (0, 1)


WITH_A_TICKET = ("ticket_messages", "disputes", "talks", "talk_steps")


def test_what_was_written_goes_with_its_ticket_alone(world: World) -> None:
    for number, when in enumerate((BEFORE - timedelta(milliseconds=1), BEFORE)):
        insert(world, "tickets", row("tickets", number, closed_at=to_ms(when)))
        for table in WITH_A_TICKET:
            insert(world, table, row(table, number))
    assert sweep(world, Transient.TICKETS) == 1
    assert [rows_in(world, table) for table in ("tickets", *WITH_A_TICKET)] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("kind", Transient)
def test_no_more_is_found_than_asked_for(world: World, kind: Transient) -> None:
    table, moment = SWEPT[kind].table, MOMENTS[kind]
    for number in range(3):
        insert(world, table, row(table, number, **FIXED.get(kind, {}), **{moment: to_ms(START)}))
    with world.store.read() as stored:
        assert len(stored.retention.outdated(kind, before=BEFORE, limit=2)) == 2


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", [Transient.INBOX, Transient.ENDED_JOBS, Transient.DRAFTS, Transient.BUDGETS])
def test_a_row_whose_key_cannot_be_read_keeps_no_other(world: World, kind: Transient) -> None:
    table, moment = SWEPT[kind].table, MOMENTS[kind]
    key = next(column.name for column in metadata.tables[table].primary_key.columns if isinstance(column.type, Text))
    for number in range(2):
        insert(world, table, row(table, number, **FIXED.get(kind, {}), **{moment: to_ms(START)}))
    with closing(sqlite3.connect(world.path)) as connection, connection:
        one = f"(SELECT min({key}) FROM {table})"  # noqa: S608 - our own names
        connection.execute(f"UPDATE {table} SET {key} = CAST(x'ff' AS TEXT) WHERE {key} = {one}")  # noqa: S608
    assert (sweep(world, kind), rows_in(world, table)) == (1, 1)


def test_a_row_that_changed_after_it_was_found_stays(world: World) -> None:
    insert(world, "holders", row("holders", 1, state="draft", created_at=to_ms(START)))
    insert(world, "devices", row("devices", 1, holder_id="holder_id1"))
    with world.store.read() as stored:
        keys = stored.retention.outdated(Transient.DRAFTS, before=BEFORE, limit=10)
    with world.aside() as connection:
        connection.execute("UPDATE holders SET state = 'applied'")
    removed = world.store.write(lambda uow: [uow.retention.remove(Transient.DRAFTS, k, before=BEFORE) for k in keys])
    assert (removed.value, rows_in(world, "holders"), rows_in(world, "devices")) == ([False], 1, 1)


def test_with_a_draft_goes_all_that_is_its_own_and_nothing_of_others(world: World) -> None:
    insert(world, "holders", row("holders", 1, state="draft", created_at=to_ms(START)))
    for table in (*OF_AN_ACCOUNT, "acceptances"):
        for number in (1, 2):
            insert(world, table, row(table, number, holder_id=f"holder_id{number}"))
    assert sweep(world, Transient.DRAFTS) == 1
    assert {table: rows_in(world, table) for table in OF_AN_ACCOUNT} == dict.fromkeys(OF_AN_ACCOUNT, 1)
    assert rows_in(world, "acceptances") == 2


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", Transient)
def test_old_rows_are_found_without_reading_the_whole_table(world: World, kind: Transient) -> None:
    """Only what stays small is read through: sessions of staff, the sandbox's inbox, and messages that wait."""
    if kind in (Transient.STAFF_SESSIONS, Transient.OPERATOR_SESSIONS, Transient.PORTAL_SESSIONS, Transient.INBOX):
        return
    table, moment = SWEPT[kind].table, MOMENTS[kind]
    waits = "AND kind = 'outbox' AND ended_at IS NULL"
    only = {
        "drafts": "AND state = 'draft'",
        "undelivered_messages": waits,
        "unproven_emails": "AND proven_at IS NULL",
        "unproved_phones": "AND state = 'asked'",
    }.get(kind.value, "")
    world.store.close()
    asked = f"SELECT 1 FROM {table} WHERE {moment} < 1 {only} ORDER BY {moment} LIMIT 9"  # noqa: S608 - our own names
    with closing(sqlite3.connect(world.path)) as connection:
        query = f"EXPLAIN QUERY PLAN {asked}"
        plan = " ".join(r[3] for r in connection.execute(query))
    assert any(f"USING {how}" in plan for how in ("INDEX", "COVERING INDEX", "PRIMARY KEY"))


def test_of_a_receipt_that_ends_a_stub_keeps_the_claim(world: World) -> None:
    old = row("deregistrations", 1, done_at=to_ms(START))
    insert(world, "deregistrations", old)
    insert(world, "deregistrations", row("deregistrations", 2, done_at=to_ms(BEFORE)))
    assert sweep(world, Transient.DEREGISTRATIONS) == 1
    left = (old["batch_id"], old["leaf_index"], leaf_hash(old["receipt"]), "deregistrations", old["done_at"])
    with world.aside() as connection:
        stubs = connection.rows("SELECT batch_id, leaf_index, leaf_hash, attested, at FROM leaf_stubs")
    assert stubs == [left]


VALUES_MOMENTS = {
    Outlived.GUARDIAN_DIGITS: "offered_at",
    Outlived.HELPER_DIGITS: "asked_at",
    Outlived.PARTNER_CONTACTS: "ended_at",
}


def old_values(world: World, kind: Outlived, *numbers: int, when: datetime = START) -> None:
    for number in numbers:
        table = EMPTIED[kind].table
        insert(world, table, row(table, number, **{VALUES_MOMENTS[kind]: to_ms(when)}))


def empty(world: World, kind: Outlived) -> int:
    with world.store.read() as stored:
        keys = stored.retention.outlived(kind, before=BEFORE, limit=10)
    return world.store.write(lambda uow: sum(uow.retention.empty(kind, key, before=BEFORE) for key in keys)).value


@pytest.mark.parametrize("kind", Outlived)
def test_old_values_are_emptied_and_newer_ones_stay(world: World, kind: Outlived) -> None:
    old_values(world, kind, 1, when=BEFORE - timedelta(milliseconds=1))
    old_values(world, kind, 2, when=BEFORE)
    assert (empty(world, kind), empty(world, kind)) == (1, 0)
    columns = " AND ".join(f"{name} IS NULL" for name in EMPTIED[kind].columns)
    with world.aside() as connection:
        query = f"SELECT count(*) FROM {EMPTIED[kind].table} WHERE {columns}"  # noqa: S608 - our own names
        assert connection.rows(query) == [(1,)]


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", Outlived)
def test_values_of_a_row_whose_key_cannot_be_read_keep_no_others(world: World, kind: Outlived) -> None:
    old_values(world, kind, 1, 2)
    table = EMPTIED[kind].table
    (key,) = (column.name for column in metadata.tables[table].primary_key)
    with closing(sqlite3.connect(world.path)) as connection, connection:
        connection.execute(f"UPDATE {table} SET {key} = CAST(x'ff' AS TEXT) WHERE {key} = '{key}1'")  # noqa: S608
    assert empty(world, kind) == 1


def test_digits_that_were_made_anew_after_they_were_found_stay(world: World) -> None:
    kind = Outlived.GUARDIAN_DIGITS
    old_values(world, kind, 1)
    with world.store.read() as stored:
        (key,) = stored.retention.outlived(kind, before=BEFORE, limit=10)
    with world.aside() as connection:
        connection.execute("UPDATE guardianships SET offered_at = ?", (to_ms(BEFORE),))
    assert not world.store.write(lambda uow: uow.retention.empty(kind, key, before=BEFORE)).value


# Organisations that applied are few; whoever was invited may be anybody.
@pytest.mark.sqlite
@pytest.mark.parametrize("kind", [Outlived.GUARDIAN_DIGITS, Outlived.HELPER_DIGITS])
def test_old_values_are_found_among_those_that_have_digits(world: World, kind: Outlived) -> None:
    world.store.close()
    asked = f"SELECT 1 FROM {EMPTIED[kind].table} WHERE invite_hash IS NOT NULL AND asked_at < 1"  # noqa: S608 - ours
    with closing(sqlite3.connect(world.path)) as connection:
        plan = " ".join(r[3] for r in connection.execute(f"EXPLAIN QUERY PLAN {asked}"))
    assert "USING INDEX" in plan
