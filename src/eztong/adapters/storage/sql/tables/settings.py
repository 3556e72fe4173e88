"""The table of small facts of the installation."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import table, text

service_settings = table(
    "service_settings",
    "Small facts of the installation: the sandbox's clock and faults, the mode the data was made in, the fingerprint "
    "of its keyring, the values that its agreements were made with.",
    text("name", "[state] name", key=True),
    text("value", "[state] value"),
)
