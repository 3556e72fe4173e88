"""Reports of holders about uses that were not theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("report_id", sa.Text(), nullable=False, comment="[id] the report; sorts by time"),
        sa.Column("record_id", sa.Text(), nullable=False, comment="[id] the verification or refused try it is about"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] open or closed"),
        sa.Column("froze", sa.Integer(), nullable=False, comment="[state] 1 if the holder froze the account with it"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was made"),
        sa.Column("due_at", sa.BigInteger(), nullable=False, comment="[time] when it must be answered"),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True, comment="[sealed] the holder's own words"),
        sa.PrimaryKeyConstraint("holder_id", "report_id", name="pk_reports"),
        comment="What holders reported as not theirs.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_reports_record_id", "reports", ["holder_id", "record_id"], unique=True)


def downgrade() -> None:
    op.drop_table("reports")
