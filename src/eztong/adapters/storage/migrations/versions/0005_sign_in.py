"""Unlocking, PINs, passkeys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sessions",
        sa.Column(
            "unlocked_until",
            sa.BigInteger(),
            nullable=True,
            comment="[time] when the last unlock by passkey or PIN ends",
        ),
    )


def downgrade() -> None:
    op.drop_column("sessions", "unlocked_until")
