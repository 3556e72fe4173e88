"""The table of webhook endpoints."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

webhook_endpoints = table(
    "webhook_endpoints",
    "Where partners' servers hear of events.",
    text("partner_id", "[id] whose server it is", key=True),
    text("endpoint_id", "[id] the endpoint", key=True),
    text("url", "[state] the address that is called"),
    text("event_types", "[state] what it is told of"),
    text("state", "[state] active or disabled"),
    instant("created_at", "when it was added"),
    binary("sealed_secret", "[sealed] the secret and the key that deliveries are signed with"),
    text("public_key", "[public] the key that checks the asymmetric signature"),
    instant("secret_made_at", "when the secret was made"),
    binary("sealed_previous", "[sealed] the secret before, while it signs beside the new one", optional=True),
    text("previous_public_key", "[public] the key of the secret before", optional=True),
    instant("previous_until", "until when the secret before signs", optional=True),
    text("disabled_because", "[state] partner, operator, failing or gone", optional=True),
    instant("disabled_at", "when it was switched off", optional=True),
    instant("delivered_at", "when something arrived there last", optional=True),
    whole("is_slow", "[state] 1: what arrived last took long"),
    whole("failures", "[state] tries that failed since"),
    instant("rests_until", "until when nothing is tried there after a failure", optional=True),
)
