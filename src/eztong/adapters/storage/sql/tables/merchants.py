"""Tables of merchants and account keys: the Tencent Cloud door."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

merchants = table(
    "merchants",
    "What partners open E证通 flows as.",
    text("merchant_id", "[id] the merchant", key=True),
    text("partner_id", "[id] the partner that it belongs to"),
    text("scene", "[state] the partner's scene that its flows are for"),
    text("name", "[public] name shown to holders"),
    text("state", "[state] active or suspended"),
    text("options", "[state] layouts and permissions, as JSON"),
    instant("created_at", "when it was registered"),
    binary("certified_key", "[public] approved SM2 key that identity is sealed to", optional=True),
)
Index("ix_merchants_partner_id", merchants.c.partner_id)

account_keys = table(
    "account_keys",
    "Keys that partners sign with at the Tencent Cloud door.",
    text("secret_id", "[id] the key's public name", key=True),
    text("partner_id", "[id] the partner"),
    text("label", "[state] what the operator called it"),
    binary("sealed_secret", "[sealed] the secret key: signatures are keyed with it"),
    instant("created_at", "when it was issued"),
    binary("token_hash", "[keyed] keyed hash of a temporary key's token", optional=True),
    instant("expires_at", "when a temporary key ends by itself", optional=True),
    instant("revoked_at", "when it was revoked", optional=True),
)
Index("ix_account_keys_partner_id", account_keys.c.partner_id)

certificate_requests = table(
    "certificate_requests",
    "Merchants' requests that an SM2 key be certified, and who decided them.",
    text("request_id", "[id] the certificate request", key=True),
    text("merchant_id", "[id] the merchant"),
    text("common_name", "[public] subject that the request names"),
    binary("public_key", "[public] SM2 key that signed the request"),
    binary("document", "[public] the request as it was handed in"),
    text("requested_by", "[state] operator who took it in"),
    instant("requested_at", "when it was taken in"),
    text("state", "[state] pending, approved or rejected"),
    text("decided_by", "[state] operator who decided, another one", optional=True),
    text("decision_reason", "[state] why", optional=True),
    instant("decided_at", "when it was decided", optional=True),
)
Index("ix_certificate_requests_merchant_id", certificate_requests.c.merchant_id)
