"""Tables of what is told to holders."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

holder_notices = table(
    "holder_notices",
    "What was told to a holder by message, to be read again on the own page.",
    text("holder_id", "[id] the account", key=True),
    text("notice_id", "[id] the message's own id; sorts by time", key=True),
    text("topic", "[state] what it is about"),
    binary("sealed", "[sealed] what fills the words, without a link"),
    instant("at", "when it was told"),
    instant("read_at", "when its holder marked it as read", optional=True),
)
_UNREAD = holder_notices.c.read_at.is_(None)
Index("ix_holder_notices_unread", holder_notices.c.holder_id, sqlite_where=_UNREAD, postgresql_where=_UNREAD)
Index("ix_holder_notices_at", holder_notices.c.at)
