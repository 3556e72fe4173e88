"""Tables of grants and of holders' switches for partners."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import instant, table, text, whole

grants = table(
    "grants",
    "What a holder allowed one partner in one scene.",
    text("holder_id", "[id] the account", key=True),
    text("grant_id", "[id] the grant", key=True),
    text("partner_id", "[id] the partner"),
    text("scene", "[state] scene"),
    text("claims", "[state] claims, separated by spaces"),
    text("purpose", "[public] purpose as it was shown"),
    text("state", "[state] granted, withdrawn or lapsed"),
    instant("granted_at", "when"),
    instant("expires_at", "when it lapses"),
    text("request_id", "[id] request that asked for it", optional=True),
    instant("withdrawn_at", "when it was withdrawn", optional=True),
)

partner_switches = table(
    "partner_switches",
    "A holder's own switch for one partner; no row means on.",
    text("holder_id", "[id] the account", key=True),
    text("partner_id", "[id] the partner", key=True),
    whole("is_on", "[state] 0 if the holder switched the partner off"),
    instant("changed_at", "when the switch was last moved"),
)
