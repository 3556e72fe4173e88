"""Scenes: how old the authority's last word may be, and what happens beyond it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    days = "[state] days within which a confirmation counts as fresh; 0: always"
    when_old = "[state] what happens beyond them: stale or unavailable"
    with op.batch_alter_table("scenes") as batch:
        batch.add_column(sa.Column("fresh_days", sa.Integer(), nullable=True, comment=days))
        batch.add_column(sa.Column("when_old", sa.Text(), nullable=True, comment=when_old))


def downgrade() -> None:
    with op.batch_alter_table("scenes") as batch:
        batch.drop_column("when_old")
        batch.drop_column("fresh_days")
