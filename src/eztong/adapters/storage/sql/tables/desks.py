"""Tables of the partner desk: staff accounts, their sessions, the desk's record, printed signs."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, counter, instant, table, text, whole

staff = table(
    "staff",
    "Accounts of a partner's staff.",
    text("partner_id", "[id] the partner", key=True),
    text("staff_id", "[id] the account", key=True),
    text("login", "[id] sign-in name"),
    text("label", "[state] counter or shift, as the partner calls the account"),
    text("password_hash", "[keyed] argon2id hash of the password"),
    text("state", "[state] active or disabled"),
    instant("created_at", "when it was made"),
    whole("wrong_tries", "[state] wrong passwords since the last right one"),
    instant("locked_until", "until when no password is taken", optional=True),
    binary("second_factor", "[sealed] key of the authenticator app", optional=True),
    counter("used_step", "[state] half minute of the last one-time code that was taken", optional=True),
)
Index("uq_staff_login", staff.c.login, unique=True)

staff_sessions = table(
    "staff_sessions",
    "Signed-in browsers at desks; only keyed hashes of their tokens.",
    binary("session_hash", "[keyed] keyed hash of the cookie's token", key=True),
    text("partner_id", "[id] the partner"),
    text("staff_id", "[id] the account"),
    text("desk", "[state] desk that was chosen", optional=True),
    text("scene", "[state] scene that was chosen", optional=True),
    instant("created_at", "when it began"),
    instant("active_at", "when staff last did something"),
    instant("ended_at", "when it was ended", optional=True),
)
Index("ix_staff_sessions_staff", staff_sessions.c.partner_id, staff_sessions.c.staff_id)

desk_entries = table(
    "desk_entries",
    "What happened at a desk: checks by code, and requests that citizens opened there.",
    text("partner_id", "[id] the partner", key=True),
    text("desk", "[id] the desk", key=True),
    text("entry_id", "[id] the line; sorts by time", key=True),
    text("staff_id", "[id] who checked", optional=True),
    text("scene", "[state] scene"),
    text("verification_id", "[id] the verification", optional=True),
    text("request_id", "[id] the request", optional=True),
    instant("created_at", "when"),
    text("checklist", "[state] steps that staff ticked off, separated by spaces; no personal data"),
    text("refusal", "[state] why a known code was refused, if it was", optional=True),
)

desk_signs = table(
    "desk_signs",
    "Printed counter signs.",
    text("partner_id", "[id] the partner", key=True),
    text("desk", "[id] the desk", key=True),
    text("scene", "[state] the scene", key=True),
    text("sign_id", "[id] the sign; sorts by time", key=True),
    text("token", "[public] what the sign's QR carries"),
    instant("created_at", "when it was made"),
    instant("revoked_at", "when it was taken out of use", optional=True),
)
Index("uq_desk_signs_token", desk_signs.c.token, unique=True)
