"""Tables of the partner portal: people of partners, and their signed-in browsers."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, counter, instant, table, text

portal_people = table(
    "portal_people",
    "People of partners, who act at the partner portal.",
    text("partner_id", "[id] the partner", key=True),
    text("name", "[id] the name under which the person acts; never given again", key=True),
    text("person_id", "[id] the person, as evidence names them"),
    text("role", "[state] administrator, developer or auditor"),
    text("state", "[state] active or disabled"),
    instant("created_at", "when the person was added"),
    text("added_by", "[state] operator or person who added this one"),
    text("secret_hash", "[keyed] argon2id hash of the person's secret; empty until it was set up"),
    binary("second_factor", "[sealed] key of the authenticator app", optional=True),
    counter("used_step", "[state] half minute of the last one-time code that was taken", optional=True),
    binary("invite_hash", "[keyed] keyed hash of the word that lets the person set themselves up", optional=True),
    instant("invite_until", "until when that word works", optional=True),
)

portal_sessions = table(
    "portal_sessions",
    "Signed-in browsers at the partner portal; only keyed hashes of their tokens.",
    binary("session_hash", "[keyed] keyed hash of the cookie's token", key=True),
    text("session_id", "[id] the session, as pages name it"),
    text("partner_id", "[id] the partner"),
    text("name", "[id] name of the person"),
    instant("created_at", "when it began"),
    instant("active_at", "when it was last used"),
    instant("ended_at", "when it was ended", optional=True),
    instant("proven_at", "when its person last proved a second factor in it", optional=True),
)
Index("ix_portal_sessions_person", portal_sessions.c.partner_id, portal_sessions.c.name)
