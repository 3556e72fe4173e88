"""Table of the e-mail addresses that notices go to, too."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

holder_emails = table(
    "holder_emails",
    "The one e-mail address of an account, for notices only; it proves nothing and recovers nothing.",
    text("holder_id", "[id] the account", key=True),
    binary("sealed", "[sealed] the address"),
    instant("asked_at", "when its holder gave it, with a consent of its own"),
    binary("link_hash", "[keyed] keyed hash of the token in the link that proves it", optional=True),
    instant("link_until", "until when the link works", optional=True),
    instant("proven_at", "when the link was used", optional=True),
)
_HAS_LINK, _UNPROVEN = holder_emails.c.link_hash.is_not(None), holder_emails.c.proven_at.is_(None)
Index(
    "uq_holder_emails_link_hash",
    holder_emails.c.link_hash,
    unique=True,
    sqlite_where=_HAS_LINK,
    postgresql_where=_HAS_LINK,
)
Index("ix_holder_emails_unproven", holder_emails.c.asked_at, sqlite_where=_UNPROVEN, postgresql_where=_UNPROVEN)
