"""Tables of talks with the service."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

talks = table(
    "talks",
    "Disagreements with the service, and where the talks about them stand.",
    text("ticket_id", "[id] the ticket that holds what was written", key=True),
    text("stage", "[state] open, proposed, settled or failed"),
    instant("opened_at", "when they were opened"),
    text("proposal", "[id] the message with the proposal that stands or stood", optional=True),
    instant("proposed_at", "when that proposal was made", optional=True),
    instant("answer_by_at", "until when it stands or stood", optional=True),
    whole(
        "is_answer_by_provisional",
        "[state] 1 while the working days of a year that it reaches into are not known",
        optional=True,
    ),
    instant("ended_at", "when they were settled or failed", optional=True),
    text("why_failed", "[state] asker, service, silence or left", optional=True),
    text("former", "[id] number of earlier talks that these follow", optional=True),
    text("records", "[id] verifications and refused tries that they are about, with spaces between"),
    binary("draft", "[sealed] words for somebody without an account that wait for a second operator", optional=True),
)
_RUNS = talks.c.ended_at.is_(None)
Index("ix_talks_running", talks.c.opened_at, sqlite_where=_RUNS, postgresql_where=_RUNS)

talk_steps = table(
    "talk_steps",
    "What either side did in talks with the service.",
    text("ticket_id", "[id] the ticket", key=True),
    text("step_id", "[id] the step; sorts by time", key=True),
    text("move", "[state] opened, proposed, countered, accepted or failed"),
    text("side", "[state] asker, service or time"),
    instant("at", "when it was done"),
    text("message_id", "[id] the message that went with it", optional=True),
)
