"""The table of work that is done later."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

jobs = table(
    "jobs",
    "Work that was decided together with state and is done later: messages, applications, refusals that go on.",
    text("job_id", "[id] the job; sorts by time. A message keeps its own id", key=True),
    text("kind", "[state] outbox, registrations, refusals, documents or rechecks"),
    text("key", "[id] which work of its kind it is; the same work waits once only"),
    text("topic", "[state] what it is about, where a kind has several", optional=True),
    text("holder_id", "[id] the account that it is about", optional=True),
    binary("sealed", "[sealed] phone and parameters of a message; emptied when the job ends"),
    whole("priority", "[state] the lower goes first: messages 0 for codes, 1 for an account at stake, 2 for all else"),
    instant("created_at", "when it was decided"),
    instant("next_attempt_at", "when to try next"),
    whole("attempts", "[state] tries so far"),
    instant("expires_at", "when it is of no use any more", optional=True),
    instant("leased_until", "until when one worker alone may do it", optional=True),
    instant("ended_at", "when it ended", optional=True),
    text("ended_as", "[state] done, dropped or withdrawn", optional=True),
)
_WAITS, _ENDED, _OF_HOLDER = jobs.c.ended_at.is_(None), jobs.c.ended_at.is_not(None), jobs.c.holder_id.is_not(None)
Index(
    "ix_jobs_waiting",
    jobs.c.kind,
    jobs.c.priority,
    jobs.c.next_attempt_at,
    sqlite_where=_WAITS,
    postgresql_where=_WAITS,
)
Index("uq_jobs_waiting_key", jobs.c.kind, jobs.c.key, unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS)
Index("ix_jobs_ended_at", jobs.c.ended_at, sqlite_where=_ENDED, postgresql_where=_ENDED)
Index("ix_jobs_holder_id", jobs.c.holder_id, sqlite_where=_OF_HOLDER, postgresql_where=_OF_HOLDER)
