"""Tables of work that outlives the process, and of the sandbox."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

outbox = table(
    "outbox",
    "Messages that were decided together with state and leave later.",
    text("message_id", "[id] the message; sorts by time", key=True),
    text("topic", "[state] what it is about"),
    binary("sealed", "[sealed] phone and parameters; emptied once delivered"),
    whole("priority", "[state] 0 for message codes, 1 for what puts an account at stake, 2 for all else"),
    instant("created_at", "when it was decided"),
    instant("next_attempt_at", "when to try next"),
    whole("attempts", "[state] tries so far"),
    instant("expires_at", "when nobody can use it any more", optional=True),
    instant("leased_until", "until when one worker alone may deliver it", optional=True),
    instant("delivered_at", "when it was delivered", optional=True),
)
Index(
    "ix_outbox_waiting",
    outbox.c.priority,
    outbox.c.next_attempt_at,
    sqlite_where=outbox.c.delivered_at.is_(None),
    postgresql_where=outbox.c.delivered_at.is_(None),
)
Index(
    "ix_outbox_delivered_at",
    outbox.c.delivered_at,
    sqlite_where=outbox.c.delivered_at.is_not(None),
    postgresql_where=outbox.c.delivered_at.is_not(None),
)

registration_queue = table(
    "registration_queue",
    "Applications that wait for the authority.",
    text("holder_id", "[id] the account", key=True),
    instant("next_attempt_at", "when to ask next"),
    whole("attempts", "[state] tries so far"),
    instant("leased_until", "until when one worker alone asks for it", optional=True),
)
Index("ix_registration_queue_next_attempt_at", registration_queue.c.next_attempt_at)

service_settings = table(
    "service_settings",
    "Small facts of the installation: the sandbox's clock and faults, the mode the data was made in, the fingerprint "
    "of its keyring, the values that its agreements were made with.",
    text("name", "[state] name", key=True),
    text("value", "[state] value"),
)

inbox = table(
    "inbox",
    "The sandbox's message inbox; empty in live mode.",
    text("message_id", "[id] the message", key=True),
    binary("phone_index", "[keyed] blind index of the phone"),
    binary("sealed", "[sealed] phone and text"),
    instant("at", "when it arrived"),
)
