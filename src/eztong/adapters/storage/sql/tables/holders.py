"""Tables of holders: accounts, persons, devices, sessions, message codes, events."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

holders = table(
    "holders",
    "One account of one person; personal data only sealed under the account's own data key.",
    text("holder_id", "[id] the account", key=True),
    text("state", "[state] state machine of the account"),
    text("freeze_cause", "[state] self, operator or risk while frozen", optional=True),
    text("document_type", "[state] kind of identity document", optional=True),
    text("kek_id", "[id] key that wraps the data key"),
    binary("data_key", "[sealed] wrapped data key; emptied at deregistration, which erases all sealed fields"),
    binary("number_index", "[keyed] blind index of document type and number", optional=True),
    binary("phone_index", "[keyed] blind index of the phone", optional=True),
    binary("sealed_number", "[sealed] citizen number", optional=True),
    binary("sealed_name", "[sealed] real name", optional=True),
    binary("sealed_phone", "[sealed] phone", optional=True),
    binary("sealed_eid_mark", "[sealed] eid mark of the authority", optional=True),
    whole("generation", "[state] counts voluntary re-registrations; input of the partner code"),
    text("service_acceptance", "[id] acceptance of the service agreement", optional=True),
    text("authorisation_acceptance", "[id] acceptance of the authorisation agreement", optional=True),
    text("decision", "[state] verdict on the application", optional=True),
    text("reason", "[state] reason of the verdict, told to the holder only", optional=True),
    text("rules", "[state] ids of the rules that decided"),
    text("policy_version", "[state] version of the policy that decided", optional=True),
    text("authority_reference", "[id] case number at the authority", optional=True),
    instant("created_at", "when the agreements were accepted"),
    text("stopped", "[state] states that a freeze, termination or deregistration stopped, oldest first"),
)
Index("ix_holders_number_index", holders.c.number_index, holders.c.created_at)
Index("ix_holders_phone_index", holders.c.phone_index)
Index(
    "ix_holders_drafts",
    holders.c.created_at,
    sqlite_where=holders.c.state == "draft",
    postgresql_where=holders.c.state == "draft",
)

persons = table(
    "persons",
    "What outlives an account: which generation a citizen number is in, and whether service was ended for it.",
    binary("number_index", "[keyed] blind index of document type and number", key=True),
    text("holder_id", "[id] the live account, if any", optional=True),
    whole("generation", "[state] counts voluntary re-registrations"),
    whole("service_ended", "[state] 1 if the service was terminated for breach"),
)

devices = table(
    "devices",
    "Browsers and apps bound to an account.",
    text("holder_id", "[id] the account", key=True),
    text("device_id", "[id] the device", key=True),
    text("state", "[state] pending, bound, lost, unbound or superseded"),
    whole("is_primary", "[state] 1 for the one primary device"),
    text("label", "[state] coarse kind of browser, such as «Chrome on Android»"),
    instant("created_at", "when the device was first seen"),
    instant("bound_at", "when a message code was confirmed on it", optional=True),
)

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

holder_events = table(
    "holder_events",
    "What happened to an account, for its holder to read.",
    text("holder_id", "[id] the account", key=True),
    text("event_id", "[id] the event; sorts by time", key=True),
    text("kind", "[state] what happened, by the names in domain/events.py"),
    text("actor", "[state] who did it: holder, operator, risk, system"),
    text("detail", "[state] more in machine words; no personal data"),
    instant("at", "when it happened"),
)
