"""Tables of codes, verifications and batches: what every verification touches."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, counter, instant, table, text, whole

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
)
Index("uq_code_attempts_try_hash", code_attempts.c.holder_id, code_attempts.c.try_hash, unique=True)

replay_warnings = table(
    "replay_warnings",
    "The last warnings that a holder was sent about used codes: three places, each free again after an hour.",
    text("holder_id", "[id] the account", key=True),
    whole("place", "[state] which of the places", key=True),
    instant("warned_at", "when the place was last taken"),
)

verifications = table(
    "verifications",
    "Authentications and their immutable outcomes.",
    text("partner_id", "[id] who asked", key=True),
    text("verification_id", "[id] the verification; sorts by time", key=True),
    text("holder_id", "[id] the account, if known", optional=True),
    text("code_id", "[id] the code that was used", optional=True),
    text("request_id", "[id] the request that was answered", optional=True),
    text("outcome", "[state] passed, not_passed, declined, expired or unavailable"),
    text("reason", "[state] exact reason, never told to the partner", optional=True),
    text("scene", "[state] scene"),
    text("desk", "[state] desk", optional=True),
    text("method", "[state] qr, number or request"),
    text("claims", "[state] claims that were told, separated by spaces"),
    instant("created_at", "when it was decided"),
    binary("result", "[evidence] canonical result without a name; empty if sealed", optional=True),
    binary("sealed_result", "[sealed] canonical result that tells a masked name", optional=True),
    text("batch_id", "[id] batch that signed it"),
    whole("leaf_index", "[evidence] its place in the batch"),
    text("api_key_id", "[id] key that asked", optional=True),
)
Index("ix_verifications_holder_id", verifications.c.holder_id, verifications.c.verification_id)

batches = table(
    "batches",
    "Signed and chained roots: one for each group commit that attested something.",
    text("batch_id", "[id] the batch", key=True),
    text("note", "[evidence] signed note with size, root and time"),
    binary("leaves", "[evidence] the leaf hashes in order, 32 bytes each"),
    instant("created_at", "when it was signed"),
    text("writer", "[id] writer that signed it; empty before notes named their writer", optional=True),
    counter("number", "[evidence] the how manieth of its writer", optional=True),
)
Index("uq_batches_number", batches.c.writer, batches.c.number, unique=True)

idempotency_keys = table(
    "idempotency_keys",
    "First use of each idempotency key of a partner.",
    text("partner_id", "[id] the partner", key=True),
    binary("key_hash", "[keyed] SM3 of the key", key=True),
    text("operation", "[state] which call"),
    binary("body_hash", "[keyed] SM3 of the body"),
    text("resource_id", "[id] what was made"),
    instant("created_at", "when"),
)
Index("ix_idempotency_keys_created_at", idempotency_keys.c.created_at)
