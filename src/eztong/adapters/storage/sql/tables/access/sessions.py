"""Tables of browser sessions and message codes."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

sessions = table(
    "sessions",
    "Browser sessions; the token itself is only in the cookie.",
    binary("session_hash", "[keyed] keyed hash of the session token", key=True),
    text("holder_id", "[id] the account, once there is one", optional=True),
    text("device_id", "[id] the device, once it is bound", optional=True),
    binary("phone_index", "[keyed] blind index of the phone that was confirmed", optional=True),
    instant("created_at", "when the session began"),
    instant("expires_at", "when it ends by itself"),
    instant("revoked_at", "when it was ended", optional=True),
    instant("unlocked_until", "when the last unlock by passkey or PIN ends", optional=True),
)
Index("ix_sessions_holder_id", sessions.c.holder_id)
Index("ix_sessions_expires_at", sessions.c.expires_at)

otp_challenges = table(
    "otp_challenges",
    "Message codes that were sent; only keyed hashes.",
    text("challenge_id", "[id] the message", key=True),
    binary("session_hash", "[keyed] session that asked for it"),
    text("purpose", "[state] what the code is for"),
    binary("phone_index", "[keyed] blind index of the phone"),
    binary("code_hash", "[keyed] keyed hash of the digits"),
    whole("tries", "[state] wrong tries so far"),
    instant("created_at", "when it was sent"),
    instant("used_at", "when it was confirmed", optional=True),
    text("holder_id", "[id] the account or application that it serves", optional=True),
    whole("is_sent", "[state] 1 if the digits went to a phone", optional=True),
    whole("digits", "[state] how many digits the code has", optional=True),
)
Index("ix_otp_challenges_created_at", otp_challenges.c.created_at)
Index("ix_otp_challenges_session_hash", otp_challenges.c.session_hash, otp_challenges.c.created_at)
Index("ix_otp_challenges_phone_index", otp_challenges.c.phone_index, otp_challenges.c.created_at)
