"""Flows of the Tencent Cloud door."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

eid_flows = table(
    "eid_flows",
    "What an E证通 flow adds to its request.",
    text("partner_id", "[id] who asks", key=True),
    text("eid_token", "[id] the flow, as the partner names it", key=True),
    text("request_id", "[id] the request that it is"),
    text("merchant_id", "[id] the merchant that asks"),
    binary("sealed_settings", "[sealed] what the merchant set, with the person it expects"),
    instant("created_at", "when it was opened"),
    text("tries", "[state] how each try ended, as JSON"),
    whole("confirmed", "[state] 1 if the holder confirmed the intention, 0 if not; empty while open", optional=True),
    text("eid_sign", "[evidence] signature over the partner code", optional=True),
    text("des_key", "[sealed] session key for the merchant's key", optional=True),
    text("user_info", "[sealed] identity under the session key", optional=True),
    binary("sealed_confirmations", "[sealed] what was confirmed, with the salt of the evidence", optional=True),
    binary("evidence", "[evidence] salted commitments to the intention", optional=True),
    text("evidence_batch", "[id] batch that attests the evidence", optional=True),
    whole("evidence_leaf", "[evidence] its leaf there", optional=True),
)
Index("uq_eid_flows_eid_token", eid_flows.c.eid_token, unique=True)
Index("uq_eid_flows_request_id", eid_flows.c.request_id, unique=True)
