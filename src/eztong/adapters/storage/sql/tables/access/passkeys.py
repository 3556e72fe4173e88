"""Tables of passkeys and of the challenges that they answer."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

passkeys = table(
    "passkeys",
    "WebAuthn credentials of holders; public keys only.",
    binary("credential_id", "[id] the credential, as the authenticator named it", key=True),
    text("holder_id", "[id] the account"),
    text("device_id", "[id] the device on which it was made"),
    binary("public_key", "[public] COSE public key"),
    whole("sign_count", "[state] the authenticator's counter at the last use"),
    text("label", "[state] what the holder calls it"),
    instant("created_at", "when it was made"),
    instant("last_used_at", "when it was last used", optional=True),
)
Index("ix_passkeys_holder_id", passkeys.c.holder_id)

passkey_challenges = table(
    "passkey_challenges",
    "Challenges for authenticators; each serves one session, one purpose, once.",
    binary("challenge_hash", "[keyed] keyed hash of the challenge", key=True),
    binary("session_hash", "[keyed] session that asked for it"),
    text("purpose", "[state] what an answer will do"),
    instant("created_at", "when it was given out"),
    instant("used_at", "when it was answered, or a newer one ended it", optional=True),
    text("holder_id", "[id] the account of the session, if it had one", optional=True),
)
Index("ix_passkey_challenges_created_at", passkey_challenges.c.created_at)
Index("ix_passkey_challenges_session_hash", passkey_challenges.c.session_hash, passkey_challenges.c.purpose)
