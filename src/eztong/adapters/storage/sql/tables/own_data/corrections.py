"""Table of corrections of what was checked."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

corrections = table(
    "corrections",
    "Corrections of the name that holders, or relatives of a deceased one, asked for, and what came of them.",
    text("holder_id", "[id] the account", key=True),
    text("correction_id", "[id] the correction; sorts by time", key=True),
    text("state", "[state] proposed, applied or refused"),
    text("reason", "[state] why it was refused", optional=True),
    binary("sealed_old", "[sealed] the name of before"),
    binary("sealed_new", "[sealed] the name that was asked for"),
    instant("asked_at", "when it was asked for and decided"),
    text(
        "ticket_number",
        "[id] the ticket in which staff answers a refused one, or by which relatives asked",
        optional=True,
    ),
)
