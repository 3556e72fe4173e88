"""Tables of what holders chose to be told, and of the links in what they are told."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

notice_choices = table(
    "notice_choices",
    "What a holder chose to be told beyond what every holder is told.",
    text("holder_id", "[id] the account", key=True),
    whole("per_use", "[state] 1 if each use is told"),
    whole("promotions", "[state] 1 if promotional notices may come"),
    text("told_until", "[id] the newest use that was told, or was there when the choice was made"),
    instant("changed_at", "when the holder chose last"),
)
_PER_USE = sql("per_use = 1")
Index("ix_notice_choices_per_use", notice_choices.c.holder_id, sqlite_where=_PER_USE, postgresql_where=_PER_USE)

freeze_links = table(
    "freeze_links",
    "Links in notices of a use: each freezes one account, once, for a day.",
    binary("link_hash", "[keyed] keyed hash of the token in the link", key=True),
    text("holder_id", "[id] the account"),
    instant("made_at", "when it was sent"),
    instant("until", "when it ends"),
    instant("used_at", "when it was used", optional=True),
)
Index("ix_freeze_links_holder_id", freeze_links.c.holder_id)
Index("ix_freeze_links_until", freeze_links.c.until)
