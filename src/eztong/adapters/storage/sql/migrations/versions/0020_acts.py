"""Acts on accounts that a clause gives weight to, each a leaf of a signed batch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("act_id", sa.Text(), nullable=False, comment="[id] the act; sorts by time"),
        sa.Column("kind", sa.Text(), nullable=False, comment="[state] which act"),
        sa.Column("actor", sa.Text(), nullable=False, comment="[state] who did it"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="[time] when"),
        sa.Column(
            "about", sa.Text(), nullable=False, comment="[state] what it touched, by ids and public values, as JSON"
        ),
        sa.Column(
            "salt",
            sa.LargeBinary(),
            nullable=False,
            comment="[keyed] salt of the holder's commitment in the evidence document",
        ),
        sa.Column(
            "document",
            sa.LargeBinary(),
            nullable=False,
            comment="[evidence] canonical evidence document; no personal data",
        ),
        sa.Column("batch_id", sa.Text(), nullable=False, comment="[id] batch that signed it"),
        sa.Column("leaf_index", sa.Integer(), nullable=False, comment="[evidence] its place in the batch"),
        sa.PrimaryKeyConstraint("holder_id", "act_id", name=op.f("pk_acts")),
        comment="Acts on accounts that a clause gives weight to, each a leaf of a signed batch.",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("acts")
    op.execute("DELETE FROM row_seals WHERE table_name = 'acts'")
