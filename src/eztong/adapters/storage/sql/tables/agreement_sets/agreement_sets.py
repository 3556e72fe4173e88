"""Tables of sets of agreements and their members."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text, whole

agreement_sets = table(
    "agreement_sets",
    "Versions of the contract: which documents belong together, and since when.",
    text("set_id", "[id] the set", key=True),
    whole("number", "[public] number of the set; drafts have the next one"),
    text("state", "[state] draft, scheduled, in_force, superseded or called_off"),
    instant("in_force_from", "when it came or will come into force"),
    text("changes_zh", "[public] what is new, in Chinese", optional=True),
    text("changes_en", "[public] what is new, in English", optional=True),
    text("printed", "[public] settings that stand in its texts", optional=True),
    text("made_by", "[state] login of the operator who drafted it; none: the service itself", optional=True),
    instant("made_at", "when it was drafted"),
    instant("published_at", "when the second operator approved it", optional=True),
    text("told_until", "[id] holder up to whom everybody was told; none: nobody is to be told", optional=True),
    instant("told_at", "when everybody was told", optional=True),
)
Index("uq_agreement_sets_number", agreement_sets.c.number, unique=True)
_WAITS = agreement_sets.c.state == "scheduled"
Index("ix_agreement_sets_scheduled", agreement_sets.c.in_force_from, sqlite_where=_WAITS, postgresql_where=_WAITS)

agreement_members = table(
    "agreement_members",
    "Documents of a set, and what the set changed in them.",
    text("set_id", "[id] the set", key=True),
    text("kind", "[public] which document", key=True),
    text("version", "[public] version of the document, number of a notice", key=True),
    text("change_class", "[public] A, B or C: what the change asks of holders; none: unchanged", optional=True),
    instant("grace_until", "until when the acceptance of before is enough", optional=True),
    instant("grace_ended_at", "when that time was found to be over", optional=True),
)
