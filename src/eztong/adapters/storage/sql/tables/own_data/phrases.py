"""Table of the phrases by which holders know the service's pages."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

holder_phrases = table(
    "holder_phrases",
    "The phrase that its holder chose to see on pages of the service; it proves nothing and opens nothing.",
    text("holder_id", "[id] the account", key=True),
    binary("sealed", "[sealed] the phrase"),
    instant("set_at", "when its holder chose it"),
)
