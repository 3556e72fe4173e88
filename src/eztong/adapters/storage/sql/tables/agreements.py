"""Tables of agreements and acceptances."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

agreements = table(
    "agreements",
    "Versions of the documents, with the operator's values filled in.",
    text("kind", "[public] service or authorisation", key=True),
    text("version", "[public] version", key=True),
    text("language", "[public] language of the text", key=True),
    text("title", "[public] title"),
    text("text", "[public] full text with emphasis marks"),
    text("text_hash", "[evidence] SM3 of the text"),
    text("change_class", "[public] A, B or C: what the version asks of holders"),
    text("state", "[public] draft, scheduled, in_force or superseded"),
    instant("in_force_from", "when it came into force"),
)

acceptances = table(
    "acceptances",
    "That a holder accepted exactly one text; one row for each document.",
    text("holder_id", "[id] the account", key=True),
    text("acceptance_id", "[id] the acceptance", key=True),
    text("kind", "[state] service or authorisation"),
    text("version", "[state] version accepted"),
    text("language", "[state] language shown"),
    text("title", "[public] title shown"),
    text("text_hash", "[evidence] SM3 of the text shown"),
    instant("shown_at", "when the page was shown"),
    instant("accepted_at", "when it was accepted"),
    text("act", "[state] what the holder did"),
    binary("salt", "[keyed] salt of the holder's commitment in the evidence document"),
    binary("sealed_context", "[sealed] address and browser of the act"),
    instant("withdrawn_at", "when it was withdrawn", optional=True),
    binary("document", "[evidence] canonical evidence document; no personal data"),
    text("batch_id", "[id] batch that signed it"),
    whole("leaf_index", "[evidence] its place in the batch"),
)

# All that a verification asks of the newest acceptances: the rows themselves hold whole documents.
Index(
    "ix_acceptances_signed",
    acceptances.c.holder_id,
    acceptances.c.acceptance_id,
    acceptances.c.kind,
    acceptances.c.version,
    acceptances.c.withdrawn_at,
)
