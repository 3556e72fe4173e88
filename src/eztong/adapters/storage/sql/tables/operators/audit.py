"""The table of the audit."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

audit_entries = table(
    "audit_entries",
    "What operators meant to do, did and were refused; no personal data.",
    text("entry_id", "[id] the entry; sorts by time", key=True),
    instant("at", "when"),
    text("step", "[state] intended, done, refused or failed"),
    text("what", "[state] what: a permission, or the command"),
    text("operator", "[state] name of the operator"),
    text("roles", "[state] roles of the operator then, separated by spaces"),
    text("door", "[state] console, command or elsewhere"),
    text("correlation", "[id] joins what belongs to one act"),
    text("subject", "[id] what it was done to, as far as known"),
    text("error", "[state] code of the refusal"),
    text("change", "[state] before and after, in machine words; no personal data"),
    binary("salt", "[keyed] salt of the commitments in the document"),
    binary("document", "[evidence] canonical evidence document; no personal data"),
    text("batch_id", "[id] batch that signed it"),
    whole("leaf_index", "[evidence] its place in the batch"),
)
Index("ix_audit_entries_operator", audit_entries.c.operator, audit_entries.c.entry_id)
Index("ix_audit_entries_subject", audit_entries.c.subject, audit_entries.c.entry_id)
Index("ix_audit_entries_what", audit_entries.c.what, audit_entries.c.entry_id)
Index("ix_audit_entries_correlation", audit_entries.c.correlation, audit_entries.c.entry_id)
Index("ix_audit_entries_at", audit_entries.c.at)
