"""The table of attested acts."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

acts = table(
    "acts",
    "Acts that are attested: one document each, a leaf of the batch that it was committed with.",
    text("act_id", "[id] the act; sorts by time", key=True),
    text("kind", "[state] what was done"),
    text("subject", "[id] what it was done to"),
    text("actor", "[state] who acted: holder, operator, system ..."),
    text("operator", "[state] name of the operator who acted", optional=True),
    text("holder_id", "[id] the account that it concerns", optional=True),
    instant("at", "when it was done"),
    binary("salt", "[keyed] salt of the commitments in the document"),
    binary("document", "[evidence] canonical evidence document; no personal data"),
    text("batch_id", "[id] batch that signed it"),
    whole("leaf_index", "[evidence] its place in the batch"),
)
_CONCERNS = acts.c.holder_id.is_not(None)
Index("ix_acts_subject", acts.c.subject)
Index("ix_acts_holder_id", acts.c.holder_id, sqlite_where=_CONCERNS, postgresql_where=_CONCERNS)
