"""A migration keeps what is there: messages that wait get their place in the order, and nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from tests.contract.storage.revisions import move

BEFORE_PRIORITIES, WITH_PRIORITIES = "0009", "0010"
FIVE_MINUTES_MS = 300_000


def test_waiting_messages_get_their_priority_and_their_end_and_keep_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE_PRIORITIES)
    messages = [
        ("msg_1", "otp", b"one", 1000, 1000, 0, None),
        ("msg_2", "account_frozen", b"two", 1000, 1000, 3, None),
        ("msg_3", "code_replayed", b"three", 1000, 5000, 0, None),
        ("msg_4", "otp", b"", 1000, 1000, 0, 2000),
    ]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?)", messages)
        connection.execute("INSERT INTO registration_queue VALUES ('hld_1', 1000, 41)")
    move(path, WITH_PRIORITIES)
    kept = "message_id, topic, sealed, created_at, next_attempt_at, attempts, delivered_at"
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(f"SELECT {kept} FROM outbox ORDER BY message_id")  # noqa: S608 - our own columns
        assert found.fetchall() == messages
        added = connection.execute("SELECT priority, expires_at, leased_until FROM outbox ORDER BY message_id")
        end = 1000 + FIVE_MINUTES_MS
        assert added.fetchall() == [(0, end, None), (1, None, None), (2, None, None), (0, end, None)]
        queued = connection.execute("SELECT holder_id, next_attempt_at, attempts, leased_until FROM registration_queue")
        assert queued.fetchall() == [("hld_1", 1000, 41, None)]
    upgrade_schema(path)
    assert schema_differences(path) == []


def test_a_message_that_the_version_before_adds_meanwhile_is_the_least_urgent(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    move(path, WITH_PRIORITIES)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO outbox (message_id, topic, sealed, created_at, next_attempt_at, attempts) "
            "VALUES ('msg_1', 'code_used', x'00', 1, 1, 0)"
        )
        assert connection.execute("SELECT priority FROM outbox").fetchone() == (2,)
