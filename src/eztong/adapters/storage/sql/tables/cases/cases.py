"""Tables of cases about misuse of accounts."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, counter, instant, table, text, whole

cases = table(
    "cases",
    "Cases about misuse of an account, what was decided in them, and where an objection stands.",
    text("case_id", "[id] the case; sorts by time", key=True),
    text("number", "[id] the number by which the holder calls it"),
    text("holder_id", "[id] the account that it is about"),
    text("reason", "[state] fraud, unlawful, harm, breach, rules or malice"),
    text("state", "[state] open, proposed, decided, appealed or closed"),
    text("opened_by", "[state] name of the operator who opened it"),
    instant("opened_at", "when it was opened"),
    instant("due_at", "by when staff take the next step"),
    whole("is_due_provisional", "[state] 1 while the working days of a year that it reaches into are not known"),
    text("measure", "[state] warn, restrict or terminate", optional=True),
    text("ceiling", "[state] what still passes under a restriction", optional=True),
    text("proposal_id", "[id] the proposal that a second operator decided", optional=True),
    text("proposed_by", "[state] name of the operator who proposed the measure", optional=True),
    text("decided_by", "[state] name of the operator who decided it", optional=True),
    instant("decided_at", "when it was decided", optional=True),
    instant("appeal_until_at", "until when the holder may object", optional=True),
    whole("is_appeal_provisional", "[state] 1 while the working days of that period are not known", optional=True),
    instant("appealed_at", "when the holder objected", optional=True),
    instant("lifted_at", "when the measure was taken back", optional=True),
    instant("over_at", "when nobody waits for anything any more; ahead while an objection is possible", optional=True),
    counter("claim", "[state] damages that are claimed, in fen", optional=True),
    binary("secret_hash", "[keyed] keyed hash of the secret that was sent with the decision", optional=True),
)
_WAITS = cases.c.over_at.is_(None)
Index("uq_cases_number", cases.c.number, unique=True)
Index("ix_cases_holder_id", cases.c.holder_id)
Index("ix_cases_waiting", cases.c.due_at, cases.c.case_id, sqlite_where=_WAITS, postgresql_where=_WAITS)
_IS_OVER = cases.c.over_at.is_not(None)
# Not over the others: SQLite would look for what waits by this index, and sort all of it.
Index("ix_cases_over_at", cases.c.over_at, sqlite_where=_IS_OVER, postgresql_where=_IS_OVER)

case_steps = table(
    "case_steps",
    "What was done in a case, with the words of staff or of the holder.",
    text("case_id", "[id] the case", key=True),
    text("step_id", "[id] the step; sorts by time", key=True),
    text("holder_id", "[id] the account that it is about"),
    text("move", "[state] what was done: opened, proposed, decided, appealed and so on"),
    text("operator", "[state] name of the operator who did it", optional=True),
    instant("at", "when it was done"),
    binary("sealed_words", "[sealed] the words that went with it", optional=True),
)
Index("ix_case_steps_holder_id", case_steps.c.holder_id)

case_evidence = table(
    "case_evidence",
    "What cases hold as evidence: it is kept as long as they are.",
    text("case_id", "[id] the case", key=True),
    text("evidence_id", "[id] a verification, a refused try or a ticket", key=True),
    text("holder_id", "[id] the account that the case is about"),
    text("kind", "[state] verification, refused_try or ticket"),
    text("added_by", "[state] name of the operator who added it"),
    instant("added_at", "when it was added"),
)
Index("ix_case_evidence_holder_id", case_evidence.c.holder_id)
Index("ix_case_evidence_evidence_id", case_evidence.c.evidence_id)
