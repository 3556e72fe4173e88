"""The table of the counts that charts are drawn from."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import counter, instant, table, text

traffic = table(
    "traffic",
    "How much of what there was in each slot of time, for the charts of the console.",
    instant("slot_at", "when the slot began", key=True),
    text("name", "[state] what is counted", key=True),
    counter("count", "[state] how often"),
)
