"""What is left of evidence whose row erasure or retention removes; accounts without a key are found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leaf_stubs",
        sa.Column("batch_id", sa.Text(), nullable=False, comment="[id] batch that signed it"),
        sa.Column("leaf_index", sa.Integer(), nullable=False, comment="[evidence] its place in the batch"),
        sa.Column(
            "leaf_hash", sa.LargeBinary(), nullable=False, comment="[evidence] hash of the document that stood there"
        ),
        sa.Column("attested", sa.Text(), nullable=False, comment="[state] table that the row was in"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="[time] when what it said was"),
        sa.PrimaryKeyConstraint("batch_id", "leaf_index", name="pk_leaf_stubs"),
        comment="What is left of an attested row that erasure or retention removed: enough to tell that from loss.",
        sqlite_with_rowid=False,
    )
    erased = sa.text("length(data_key) = 0")
    op.create_index("ix_holders_erased", "holders", ["holder_id"], sqlite_where=erased, postgresql_where=erased)


def downgrade() -> None:
    op.drop_index("ix_holders_erased", table_name="holders")
    op.drop_table("leaf_stubs")
