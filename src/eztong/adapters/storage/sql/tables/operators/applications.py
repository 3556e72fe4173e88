"""The table of steps that people take in applications."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

application_steps = table(
    "application_steps",
    "What people did with an application after the policy: its applicant's appeal, operators' decisions.",
    text("holder_id", "[id] the application", key=True),
    text("step_id", "[id] the step; sorts by time", key=True),
    text("kind", "[state] appeal, approve or refuse"),
    text("rules", "[state] rule that the decision goes by"),
    text("operator", "[state] name of the operator who decided", optional=True),
    instant("at", "when it was done"),
    instant("due_at", "by when an appeal is decided", optional=True),
    whole("is_due_provisional", "[state] 1 while the working days of a year that it reaches into are not known"),
    binary("sealed_words", "[sealed] the applicant's or the operator's words"),
)
