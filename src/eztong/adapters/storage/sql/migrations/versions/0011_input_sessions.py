"""Session keys of integrators, each bound to the account that brought it first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "input_sessions",
        sa.Column("session_mac", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the session key"),
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the account that brought it first"),
        sa.Column(
            "iv_mac",
            sa.LargeBinary(),
            nullable=False,
            comment="[keyed] keyed hash of its initialisation vector; empty where any may be used",
        ),
        sa.Column("failed", sa.Integer(), nullable=False, comment="[state] 1 if what came with it did not open"),
        sa.Column("used_at", sa.BigInteger(), nullable=False, comment="[time] when it was brought first"),
        sa.PrimaryKeyConstraint("session_mac", name="pk_input_sessions"),
        comment="Session keys that integrators encrypted parameters with, by keyed hash.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_input_sessions_failures", "input_sessions", ["partner_id", "failed", "used_at"])
    op.create_index("ix_input_sessions_used_at", "input_sessions", ["used_at"])


def downgrade() -> None:
    op.drop_table("input_sessions")
