"""Tables of partners: who may ask what, with which key, at which desk."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, counter, instant, table, text, whole

partners = table(
    "partners",
    "Relying parties.",
    text("partner_id", "[id] the partner", key=True),
    text("name", "[public] registered name"),
    text("name_en", "[public] name in English"),
    text("sector_id", "[id] sector that fixes the partner codes"),
    text("state", "[state] applied, approved, suspended or closed"),
    instant("created_at", "when it was registered"),
    text("stage", "[state] sandbox or live; empty: registered before there were stages, live", optional=True),
    text("networks", "[state] networks that its servers call from, with spaces between; empty: any", optional=True),
    text("redirects", "[state] addresses that its flows may return to, with spaces between; empty: any", optional=True),
    whole("per_minute", "[state] calls in a minute, where not the service's own limit holds", optional=True),
    text("staff_factor", "[state] required: staff of desks need an authenticator app; empty: they may", optional=True),
    counter("monthly_quota", "[state] verifications in a month of China; empty: any number", optional=True),
    text("over_quota", "[state] refuse or warn, when the quota is used up", optional=True),
    instant("quota_until", "until when verifications are refused, as the quota is used up", optional=True),
)

scenes = table(
    "scenes",
    "What a partner does and may ask.",
    text("partner_id", "[id] the partner", key=True),
    text("scene", "[id] the scene", key=True),
    text("title", "[public] title in Chinese"),
    text("title_en", "[public] title in English"),
    text("purpose", "[public] purpose in Chinese, as holders read it"),
    text("purpose_en", "[public] purpose in English"),
    text("floor", "[state] assurance needed: low, substantial or high"),
    text("claims", "[state] claims it may ask, separated by spaces"),
    whole("fresh_days", "[state] days within which a confirmation counts as fresh; 0: always", optional=True),
    text("when_old", "[state] what happens beyond them: stale or unavailable", optional=True),
    text("application_id", "[id] application with its purpose and impact assessment", optional=True),
)

desks = table(
    "desks",
    "Counters of a partner.",
    text("partner_id", "[id] the partner", key=True),
    text("desk", "[id] the desk", key=True),
    text("name", "[public] name of the desk"),
    instant("ended_at", "when it was ended", optional=True),
)

api_keys = table(
    "api_keys",
    "API keys; only keyed hashes, the key was shown once.",
    binary("key_hash", "[keyed] keyed hash of the key", key=True),
    text("key_id", "[id] the key's public name"),
    text("partner_id", "[id] the partner"),
    text("label", "[state] what the operator called it"),
    text("scopes", "[state] what it may do, separated by spaces"),
    instant("created_at", "when it was issued"),
    instant("expires_at", "when it ends by itself", optional=True),
    instant("revoked_at", "when it was revoked", optional=True),
    text("prefix", "[public] how the key begins; empty: made before this was kept", optional=True),
    instant("used_at", "when it was used last, to the hour", optional=True),
)
Index("ix_api_keys_partner_id", api_keys.c.partner_id)
