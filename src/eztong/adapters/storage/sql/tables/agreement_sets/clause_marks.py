"""Table of marks on clauses."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

clause_marks = table(
    "clause_marks",
    "Clauses that are void or suspended, as everybody may read it.",
    text("mark_id", "[id] the mark; sorts by time", key=True),
    text("kind", "[public] which document"),
    text("version", "[public] version of the document"),
    text("clause", "[public] number of the clause"),
    text("effect", "[public] void or suspended"),
    instant("since", "from when on the clause does not apply"),
    text("reason_zh", "[public] why, in Chinese"),
    text("reason_en", "[public] why, in English"),
    text("state", "[state] proposed, standing, lifted or refused"),
    text("made_by", "[state] login of the operator who proposed it"),
    instant("made_at", "when it was proposed"),
    instant("lifted_at", "when it was lifted", optional=True),
    text("told_until", "[id] holder up to whom everybody was told; none: nobody is to be told", optional=True),
    instant("told_at", "when everybody was told", optional=True),
)
_STANDS = clause_marks.c.state.in_(("proposed", "standing"))
Index(
    "uq_clause_marks_clause",
    *(clause_marks.c.kind, clause_marks.c.version, clause_marks.c.clause),
    unique=True,
    sqlite_where=_STANDS,
    postgresql_where=_STANDS,
)
