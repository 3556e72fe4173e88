"""Tables of reports of incidents to the authorities."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

incident_reports = table(
    "incident_reports",
    "What is reported to the authorities about incidents and flaws, and what was reported when.",
    text("report_id", "[id] the report; sorts by time", key=True),
    text("kind", "[state] incident or flaw"),
    text("grade", "[state] most_grave, grave, larger or ordinary"),
    text("operator_kind", "[state] critical, central or other: who reports"),
    text("incident_id", "[id] the incident that people read of on the pages", optional=True),
    instant("noticed_at", "when it was noticed: the clock runs from then"),
    instant("opened_at", "when it was written down"),
    text("opened_by", "[state] name of the operator who did that"),
    binary("sealed_slots", "[sealed] what the report says, part by part"),
    instant("first_at", "when the first report was made", optional=True),
    instant("handled_at", "when the incident was dealt with", optional=True),
    instant("final_at", "when the final report was made", optional=True),
    instant("closed_at", "when nothing was left to report", optional=True),
    whole("changes", "[state] how often it was changed"),
)
_OPEN = incident_reports.c.closed_at.is_(None)
Index("ix_incident_reports_open", incident_reports.c.report_id, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_incident_reports_closed_at", incident_reports.c.closed_at)

incident_report_steps = table(
    "incident_report_steps",
    "What was done with reports to the authorities, when, and by whom.",
    text("report_id", "[id] the report", key=True),
    text("step_id", "[id] the step; sorts by time", key=True),
    text("move", "[state] what was done: opened, written, first, final and so on"),
    instant("at", "when it was done"),
    text("operator", "[state] name of the operator who did it"),
    text("recipient", "[state] whom a report was made to, with the number they gave", optional=True),
    text("content_hash", "[evidence] SM3 of what the report said", optional=True),
)
