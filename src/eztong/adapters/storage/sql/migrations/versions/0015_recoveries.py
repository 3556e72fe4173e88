"""Recoveries that wait; and what state a freeze, termination or deregistration stopped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Until now an account could be stopped in these two states only, and the decision tells them apart.
_KEEP = """
UPDATE holders
SET stopped = CASE WHEN decision = 'approve_restricted' THEN 'restricted' ELSE 'active' END
WHERE state IN ('frozen', 'terminated', 'deregistering')
"""


def upgrade() -> None:
    _keep_what_was_stopped()
    _add_recoveries()


def _keep_what_was_stopped() -> None:
    op.add_column(
        "holders",
        sa.Column(
            "stopped",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="[state] states that a freeze, termination or deregistration stopped, oldest first",
        ),
    )
    op.execute(_KEEP)


def _add_recoveries() -> None:
    op.create_table(
        "recoveries",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("recovery_id", sa.Text(), nullable=False, comment="[id] the recovery; sorts by time"),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="[state] waiting, stopped, replaced, withdrawn or completed"
        ),
        sa.Column("session_hash", sa.LargeBinary(), nullable=False, comment="[keyed] browser that began it"),
        sa.Column(
            "stop_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="[keyed] keyed hash of the token in the link that stops it",
        ),
        sa.Column(
            "device_label", sa.Text(), nullable=False, comment="[state] coarse kind of the browser that began it"
        ),
        sa.Column("started_at", sa.BigInteger(), nullable=False, comment="[time] when it began to wait"),
        sa.Column("due_at", sa.BigInteger(), nullable=False, comment="[time] when the waiting is over"),
        sa.Column(
            "ended_at", sa.BigInteger(), nullable=True, comment="[time] when it was stopped, replaced or completed"
        ),
        sa.Column(
            "ended_by",
            sa.Text(),
            nullable=True,
            comment="[state] what stopped it: session, link, freeze or recovery",
        ),
        sa.PrimaryKeyConstraint("holder_id", "recovery_id", name="pk_recoveries"),
        comment="Recoveries by message code and known data alone: they wait, and can be stopped.",
        sqlite_with_rowid=False,
    )
    waits = sa.text("state = 'waiting'")
    op.create_index("ix_recoveries_session_hash", "recoveries", ["session_hash"])
    op.create_index("uq_recoveries_stop_hash", "recoveries", ["stop_hash"], unique=True)
    op.create_index(
        "uq_recoveries_waiting",
        "recoveries",
        ["holder_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_table("recoveries")
    op.drop_column("holders", "stopped")
