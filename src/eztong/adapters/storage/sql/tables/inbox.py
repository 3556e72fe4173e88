"""The table of the sandbox's inbox."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

inbox = table(
    "inbox",
    "The sandbox's message inbox; empty in live mode.",
    text("message_id", "[id] the message", key=True),
    binary("phone_index", "[keyed] blind index of the phone"),
    binary("sealed", "[sealed] phone and text"),
    instant("at", "when it arrived"),
)
