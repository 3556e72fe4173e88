"""The table of disputes."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import instant, table, text

disputes = table(
    "disputes",
    "For which records holders asked the service to help.",
    text("holder_id", "[id] the account", key=True),
    text("record_id", "[id] the verification or refused try it is about", key=True),
    text("ticket_id", "[id] the ticket that says where it stands"),
    instant("opened_at", "when help was asked for"),
)
