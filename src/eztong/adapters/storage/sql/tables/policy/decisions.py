"""The table of the policy's decisions."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

policy_decisions = table(
    "policy_decisions",
    "Decisions of the policy on applications, each with what it looked at.",
    text("holder_id", "[id] the application", key=True),
    text("decision_id", "[id] the decision; sorts by time", key=True),
    instant("at", "when it was made"),
    text("policy_version", "[state] version of the policy that decided"),
    text("verdict", "[state] approve, approve_restricted, refuse, review or supplement"),
    text("reason", "[state] why, as a machine word", optional=True),
    text("rules", "[state] rules that hit"),
    binary("sealed_facts", "[sealed] what it looked at: decade of age, region, kind of document, coded answers"),
)
Index("ix_policy_decisions_at_decision_id", policy_decisions.c.at, policy_decisions.c.decision_id)
