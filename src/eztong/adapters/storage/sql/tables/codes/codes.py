"""Tables of presentation codes, refused tries with them, and warnings about used ones."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

codes = table(
    "codes",
    "Presentation codes; only keyed hashes of the digits.",
    text("code_id", "[id] the code; sorts by time, so that codes of one minute lie together", key=True),
    binary("number_hash", "[keyed] keyed hash of the 18 digits"),
    binary("qr_hash", "[keyed] keyed hash of the QR payload", optional=True),
    text("holder_id", "[id] the account"),
    text("device_id", "[id] the device that shows it"),
    text("acceptance_id", "[id] acceptance in force when it was issued"),
    text("channel", "[state] screen or spoken"),
    text("state", "[state] issued, consumed, expired, cancelled or superseded"),
    instant("issued_at", "when it was issued"),
    instant("expires_at", "when its life ends"),
    instant("ended_at", "when it left the state issued", optional=True),
    text("verification_id", "[id] the one verification that it made", optional=True),
    binary("asking_hash", "[keyed] SM3 of who asked for that verification, where and for what", optional=True),
    instant("replayed_at", "when it was first tried again by somebody else within its life", optional=True),
    binary("tag", "[keyed] keyed tag over what it was issued with"),
)
Index("uq_codes_number_hash", codes.c.number_hash, unique=True)
Index("uq_codes_qr_hash", codes.c.qr_hash, unique=True)
Index("ix_codes_holder_id", codes.c.holder_id, codes.c.code_id)

code_attempts = table(
    "code_attempts",
    "Refused tries with a known code, for its holder to see.",
    text("holder_id", "[id] the account", key=True),
    text("attempt_id", "[id] the try; sorts by time", key=True),
    text("code_id", "[id] the code"),
    text("partner_id", "[id] who tried"),
    text("scene", "[state] scene named"),
    text("desk", "[state] desk named", optional=True),
    text("reason", "[state] why it was refused"),
    instant("at", "when; of the same try again, the first time"),
    binary("try_hash", "[keyed] SM3 of code, partner, scene, desk and reason, which count once", optional=True),
    binary("salt", "[keyed] salt of the holder's commitment in the evidence document", optional=True),
    binary("document", "[evidence] canonical evidence document; no personal data", optional=True),
    text("batch_id", "[id] batch that signed it", optional=True),
    whole("leaf_index", "[evidence] its place in the batch", optional=True),
)
Index("uq_code_attempts_try_hash", code_attempts.c.holder_id, code_attempts.c.try_hash, unique=True)

replay_warnings = table(
    "replay_warnings",
    "The last warnings that a holder was sent about used codes: three places, each free again after an hour.",
    text("holder_id", "[id] the account", key=True),
    whole("place", "[state] which of the places", key=True),
    instant("warned_at", "when the place was last taken"),
)
