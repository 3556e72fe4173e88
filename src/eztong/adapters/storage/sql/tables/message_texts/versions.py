"""The table of versions of texts."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

text_versions = table(
    "text_versions",
    "Versions of the texts of messages that stand in the place of the program's own, and since when.",
    text("version_id", "[id] the version; sorts by time", key=True),
    text("text_id", "[state] which text of which message"),
    text("zh", "[public] what it says in Chinese; empty for the program's own"),
    text("en", "[public] what it says in English; empty for the program's own"),
    text("state", "[state] proposed, published or refused"),
    text("made_by", "[state] login of the operator who proposed it"),
    instant("made_at", "when it was proposed"),
    instant("published_at", "when the second operator approved it", optional=True),
)
Index("ix_text_versions_text_id", text_versions.c.text_id, text_versions.c.version_id)
Index("ix_text_versions_published_at", text_versions.c.published_at)
