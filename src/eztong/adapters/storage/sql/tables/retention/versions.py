"""The table of versions of the periods."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

retention_versions = table(
    "retention_versions",
    "Versions of how long things are kept, where operators changed it, and from when.",
    text("version_id", "[id] the version; sorts by time", key=True),
    text("periods", "[public] days by kind, as JSON"),
    instant("starts_at", "from when it was meant to hold"),
    text("based_on", "[id] the version that was published last when it was proposed; empty for none"),
    text("state", "[state] proposed, published or refused"),
    text("made_by", "[state] login of the operator who proposed it"),
    instant("made_at", "when it was proposed"),
    instant("published_at", "when the second operator approved it", optional=True),
)
Index("ix_retention_versions_published_at", retention_versions.c.published_at)
