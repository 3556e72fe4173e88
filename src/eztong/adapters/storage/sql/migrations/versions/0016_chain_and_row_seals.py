"""Batches stand in a chain, rows have tags. Rows of before are sealed by `eztong db upgrade`, which has the keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "batches",
        sa.Column(
            "writer",
            sa.Text(),
            nullable=True,
            comment="[id] writer that signed it; empty before notes named their writer",
        ),
    )
    op.add_column(
        "batches",
        sa.Column("number", sa.BigInteger(), nullable=True, comment="[evidence] the how manieth of its writer"),
    )
    op.create_index("uq_batches_number", "batches", ["writer", "number"], unique=True)
    op.create_table(
        "row_seals",
        sa.Column("table_name", sa.Text(), nullable=False, comment="[state] table of the row"),
        sa.Column("row_key", sa.Text(), nullable=False, comment="[id] the row's key, as SQL writes it"),
        sa.Column("tag", sa.LargeBinary(), nullable=False, comment="[keyed] keyed tag over the row's columns"),
        sa.PrimaryKeyConstraint("table_name", "row_key", name="pk_row_seals"),
        comment="Keyed tags of rows, by which a check finds rows that were changed, added or removed without the keys.",
        sqlite_with_rowid=False,
    )
    # Whatever was in use has settings; a database that is only now being made has none.
    if (
        op.get_bind().execute(sa.text("SELECT 1 FROM service_settings UNION SELECT 1 FROM partners")).first()
        is not None
    ):
        op.execute("INSERT INTO service_settings (name, value) VALUES ('row_seals', 'pending')")


def downgrade() -> None:
    op.drop_table("row_seals")
    op.drop_index("uq_batches_number", table_name="batches")
    op.drop_column("batches", "number")
    op.drop_column("batches", "writer")
