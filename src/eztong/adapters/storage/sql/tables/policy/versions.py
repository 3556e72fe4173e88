"""The table of the policy's versions."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

policy_versions = table(
    "policy_versions",
    "Versions of the policy for applications: what each says, and since when.",
    text("version_id", "[id] the version; sorts by time", key=True),
    text("version", "[state] name of the version, as decisions give it"),
    text("document", "[state] what it says"),
    text("state", "[state] proposed, published, refused or called_off"),
    text("made_by", "[state] login of the operator who proposed it"),
    instant("made_at", "when it was proposed"),
    instant("in_force_from", "since when it is in force", optional=True),
    instant("published_at", "when the second operator approved it", optional=True),
    text("called_off_by", "[state] login of the operator who called it off", optional=True),
    instant("called_off_at", "when it was called off", optional=True),
    text("called_off_because", "[state] why it was called off; no personal data", optional=True),
)
_HAS_NAME = policy_versions.c.state.in_(("proposed", "published"))
Index(
    "uq_policy_versions_version",
    policy_versions.c.version,
    unique=True,
    sqlite_where=_HAS_NAME,
    postgresql_where=_HAS_NAME,
)
