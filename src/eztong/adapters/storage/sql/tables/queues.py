"""Small facts of the installation, and the sandbox's inbox."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

service_settings = table(
    "service_settings",
    "Small facts of the installation: the sandbox's clock and faults, the mode the data was made in, the fingerprint "
    "of its keyring, the values that its agreements were made with.",
    text("name", "[state] name", key=True),
    text("value", "[state] value"),
)

inbox = table(
    "inbox",
    "The sandbox's message inbox; empty in live mode.",
    text("message_id", "[id] the message", key=True),
    binary("phone_index", "[keyed] blind index of the phone"),
    binary("sealed", "[sealed] phone and text"),
    instant("at", "when it arrived"),
)
