"""Versions of the policy for applications, and its decisions with what they looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_versions",
        _text("version_id", "[id] the version; sorts by time"),
        _text("version", "[state] name of the version, as decisions give it"),
        _text("document", "[state] what it says"),
        _text("state", "[state] proposed, published, refused or called_off"),
        _text("made_by", "[state] login of the operator who proposed it"),
        _instant("made_at", "when it was proposed"),
        _instant("in_force_from", "since when it is in force", optional=True),
        _instant("published_at", "when the second operator approved it", optional=True),
        _text("called_off_by", "[state] login of the operator who called it off", optional=True),
        _instant("called_off_at", "when it was called off", optional=True),
        _text("called_off_because", "[state] why it was called off; no personal data", optional=True),
        sa.PrimaryKeyConstraint("version_id", name="pk_policy_versions"),
        comment="Versions of the policy for applications: what each says, and since when.",
        sqlite_with_rowid=False,
    )
    named = sa.text("state IN ('proposed', 'published')")
    op.create_index(
        "uq_policy_versions_version",
        "policy_versions",
        ["version"],
        unique=True,
        sqlite_where=named,
        postgresql_where=named,
    )
    op.create_table(
        "policy_decisions",
        _text("holder_id", "[id] the application"),
        _text("decision_id", "[id] the decision; sorts by time"),
        _instant("at", "when it was made"),
        _text("policy_version", "[state] version of the policy that decided"),
        _text("verdict", "[state] approve, approve_restricted, refuse, review or supplement"),
        _text("reason", "[state] why, as a machine word", optional=True),
        _text("rules", "[state] rules that hit"),
        sa.Column(
            "sealed_facts",
            sa.LargeBinary(),
            nullable=False,
            comment="[sealed] what it looked at: decade of age, region, kind of document, coded answers",
        ),
        sa.PrimaryKeyConstraint("holder_id", "decision_id", name="pk_policy_decisions"),
        comment="Decisions of the policy on applications, each with what it looked at.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_policy_decisions_at_decision_id", "policy_decisions", ["at", "decision_id"])


def downgrade() -> None:
    op.drop_table("policy_decisions")
    op.drop_table("policy_versions")
    op.execute("DELETE FROM row_seals WHERE table_name IN ('policy_decisions', 'policy_versions')")


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")
