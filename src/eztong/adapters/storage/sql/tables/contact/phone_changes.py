"""Table of changes of the phone."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

phone_changes = table(
    "phone_changes",
    "Changes of an account's phone: asked for, waiting, done, stopped or undone.",
    text("holder_id", "[id] the account", key=True),
    text("change_id", "[id] the change; sorts by time", key=True),
    text("state", "[state] asked, waiting, done, stopped or reverted"),
    text("way", "[state] what it rests on: both (numbers), matched (again) or appeal"),
    binary("session_hash", "[keyed] browser that asked for it"),
    binary("sealed_old", "[sealed] the number of before"),
    binary("sealed_new", "[sealed] the new number"),
    instant("asked_at", "when it was asked for"),
    binary("link_hash", "[keyed] keyed hash of the token in the link that keeps the number of before", optional=True),
    instant("begun_at", "when both numbers were proved, or when it began to wait", optional=True),
    instant(
        "until_at", "when one that waits takes effect, or until when one that is done can be undone", optional=True
    ),
    instant("ended_at", "when it was stopped or undone", optional=True),
    text("ended_by", "[state] by what: link, session, freeze, recovery, account or room", optional=True),
)
_IS_OPEN = sql("state IN ('asked', 'waiting')")
Index("uq_phone_changes_open", phone_changes.c.holder_id, unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)
_HAS_LINK = sql("link_hash IS NOT NULL")
Index(
    "uq_phone_changes_link_hash",
    phone_changes.c.link_hash,
    unique=True,
    sqlite_where=_HAS_LINK,
    postgresql_where=_HAS_LINK,
)
_IS_ASKED = sql("state = 'asked'")
Index("ix_phone_changes_asked", phone_changes.c.asked_at, sqlite_where=_IS_ASKED, postgresql_where=_IS_ASKED)
