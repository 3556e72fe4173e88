"""Reports of incidents to the authorities, with what was done with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0046"
branch_labels = None
depends_on = None

_TABLES = ("incident_report_steps", "incident_reports")
_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    _make_reports()
    _make_steps()


def _make_reports() -> None:
    op.create_table(
        "incident_reports",
        sa.Column("report_id", sa.Text(), nullable=False, comment="[id] the report; sorts by time"),
        sa.Column("kind", sa.Text(), nullable=False, comment="[state] incident or flaw"),
        sa.Column("grade", sa.Text(), nullable=False, comment="[state] most_grave, grave, larger or ordinary"),
        sa.Column(
            "operator_kind", sa.Text(), nullable=False, comment="[state] critical, central or other: who reports"
        ),
        sa.Column("incident_id", sa.Text(), comment="[id] the incident that people read of on the pages"),
        sa.Column(
            "noticed_at",
            sa.BigInteger(),
            nullable=False,
            comment="[time] when it was noticed: the clock runs from then",
        ),
        sa.Column("opened_at", sa.BigInteger(), nullable=False, comment="[time] when it was written down"),
        sa.Column("opened_by", sa.Text(), nullable=False, comment="[state] name of the operator who did that"),
        sa.Column(
            "sealed_slots", sa.LargeBinary(), nullable=False, comment="[sealed] what the report says, part by part"
        ),
        sa.Column("first_at", sa.BigInteger(), comment="[time] when the first report was made"),
        sa.Column("handled_at", sa.BigInteger(), comment="[time] when the incident was dealt with"),
        sa.Column("final_at", sa.BigInteger(), comment="[time] when the final report was made"),
        sa.Column("closed_at", sa.BigInteger(), comment="[time] when nothing was left to report"),
        sa.Column("changes", sa.Integer(), nullable=False, comment="[state] how often it was changed"),
        sa.PrimaryKeyConstraint("report_id", name="pk_incident_reports"),
        comment="What is reported to the authorities about incidents and flaws, and what was reported when.",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_incident_reports_open", "incident_reports", ["report_id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_incident_reports_closed_at", "incident_reports", ["closed_at"])


def _make_steps() -> None:
    op.create_table(
        "incident_report_steps",
        sa.Column("report_id", sa.Text(), nullable=False, comment="[id] the report"),
        sa.Column("step_id", sa.Text(), nullable=False, comment="[id] the step; sorts by time"),
        sa.Column(
            "move",
            sa.Text(),
            nullable=False,
            comment="[state] what was done: opened, written, first, final and so on",
        ),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="[time] when it was done"),
        sa.Column("operator", sa.Text(), nullable=False, comment="[state] name of the operator who did it"),
        sa.Column("recipient", sa.Text(), comment="[state] whom a report was made to, with the number they gave"),
        sa.Column("content_hash", sa.Text(), comment="[evidence] SM3 of what the report said"),
        sa.PrimaryKeyConstraint("report_id", "step_id", name="pk_incident_report_steps"),
        comment="What was done with reports to the authorities, when, and by whom.",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
        op.execute(f"DELETE FROM row_seals WHERE table_name = '{name}'")  # noqa: S608 - our own names
