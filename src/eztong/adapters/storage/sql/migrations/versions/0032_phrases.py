"""Phrases by which holders know the service's pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holder_phrases",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="[sealed] the phrase"),
        sa.Column("set_at", sa.BigInteger(), nullable=False, comment="[time] when its holder chose it"),
        sa.PrimaryKeyConstraint("holder_id", name="pk_holder_phrases"),
        comment="The phrase that its holder chose to see on pages of the service; it proves nothing and opens nothing.",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("holder_phrases")
