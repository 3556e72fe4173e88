"""The table of the brand's versions."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

brand_versions = table(
    "brand_versions",
    "Versions of the brand: name, look and words of the service, and since when.",
    text("version_id", "[id] the version; sorts by time", key=True),
    text("document", "[public] what it says, with the mark in base64"),
    text("state", "[state] proposed, published or refused"),
    text("made_by", "[state] login of the operator who proposed it"),
    instant("made_at", "when it was proposed"),
    instant("published_at", "when the second operator approved it", optional=True),
)
Index("ix_brand_versions_published_at", brand_versions.c.published_at)
