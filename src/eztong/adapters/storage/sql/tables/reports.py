"""Table of holders' reports."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

reports = table(
    "reports",
    "What holders reported as not theirs.",
    text("holder_id", "[id] the account", key=True),
    text("report_id", "[id] the report; sorts by time", key=True),
    text("record_id", "[id] the verification or refused try it is about"),
    text("ticket_id", "[id] the ticket that says where it stands"),
    whole("froze", "[state] 1 if the holder froze the account with it"),
    instant("created_at", "when it was made"),
    binary("sealed_note", "[sealed] the holder's own words", optional=True),
)
Index("uq_reports_record_id", reports.c.holder_id, reports.c.record_id, unique=True)
