"""Tables of operators' passkeys and backup codes."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

operator_passkeys = table(
    "operator_passkeys",
    "WebAuthn credentials of operators; public keys only.",
    binary("credential_id", "[id] the credential, as the authenticator named it", key=True),
    text("operator", "[id] name of the operator whose it is for good"),
    binary("public_key", "[public] COSE public key"),
    whole("sign_count", "[state] the authenticator's counter at the last use"),
    text("label", "[state] what the operator calls it"),
    instant("created_at", "when it was made"),
    instant("last_used_at", "when it was last used", optional=True),
    instant("removed_at", "when it was removed", optional=True),
)
Index("ix_operator_passkeys_operator", operator_passkeys.c.operator)

operator_backup_codes = table(
    "operator_backup_codes",
    "Codes that serve an operator once instead of the authenticator app; keyed hashes only.",
    text("operator", "[id] name of the operator", key=True),
    binary("code_hash", "[keyed] keyed hash of the code", key=True),
    instant("created_at", "when it was made"),
    instant("used_at", "when it was used", optional=True),
)
