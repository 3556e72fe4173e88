"""The table of devices."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import instant, table, text, whole

devices = table(
    "devices",
    "Browsers and apps bound to an account.",
    text("holder_id", "[id] the account", key=True),
    text("device_id", "[id] the device", key=True),
    text("state", "[state] pending, bound, lost, unbound or superseded"),
    whole("is_primary", "[state] 1 for the one primary device"),
    text("label", "[state] coarse kind of browser, such as «Chrome on Android»"),
    instant("created_at", "when the device was first seen"),
    instant("bound_at", "when a message code was confirmed on it", optional=True),
)
