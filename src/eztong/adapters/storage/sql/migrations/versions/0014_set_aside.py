"""Requests that are declined by themselves because their holder refused the same before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "requests",
        sa.Column(
            "aside_for",
            sa.Text(),
            nullable=True,
            comment="[id] account that refused the same before and opened it",
        ),
    )
    op.add_column(
        "requests",
        sa.Column(
            "declines_at",
            sa.BigInteger(),
            nullable=True,
            comment="[time] when it is declined by itself; empty if the account took it up",
        ),
    )
    op.create_index(
        "ix_requests_declines_at",
        "requests",
        ["declines_at"],
        sqlite_where=sa.text("declines_at IS NOT NULL"),
        postgresql_where=sa.text("declines_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_requests_declines_at", "requests")
    op.drop_column("requests", "declines_at")
    op.drop_column("requests", "aside_for")
