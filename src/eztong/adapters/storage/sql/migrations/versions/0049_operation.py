"""Versions of the brand, counts that charts are drawn from, and what planned work refuses while it goes on.

The new column is empty at first, which changes no row's tag.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_TABLES = ("brand_versions", "traffic")


def upgrade() -> None:
    op.create_table(
        "brand_versions",
        sa.Column("version_id", sa.Text(), nullable=False, comment="[id] the version; sorts by time"),
        sa.Column("document", sa.Text(), nullable=False, comment="[public] what it says, with the mark in base64"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] proposed, published or refused"),
        sa.Column("made_by", sa.Text(), nullable=False, comment="[state] login of the operator who proposed it"),
        sa.Column("made_at", sa.BigInteger(), nullable=False, comment="[time] when it was proposed"),
        sa.Column("published_at", sa.BigInteger(), comment="[time] when the second operator approved it"),
        sa.PrimaryKeyConstraint("version_id", name="pk_brand_versions"),
        comment="Versions of the brand: name, look and words of the service, and since when.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_brand_versions_published_at", "brand_versions", ["published_at"])
    op.create_table(
        "traffic",
        sa.Column("slot_at", sa.BigInteger(), nullable=False, comment="[time] when the slot began"),
        sa.Column("name", sa.Text(), nullable=False, comment="[state] what is counted"),
        sa.Column("count", sa.BigInteger(), nullable=False, comment="[state] how often"),
        sa.PrimaryKeyConstraint("slot_at", "name", name="pk_traffic"),
        comment="How much of what there was in each slot of time, for the charts of the console.",
        sqlite_with_rowid=False,
    )
    refused = "[state] what is refused while it is open, with spaces between: registration, codes"
    op.add_column("incidents", sa.Column("refuses", sa.Text(), comment=refused))


def downgrade() -> None:
    op.drop_column("incidents", "refuses")
    for name in _TABLES:
        op.drop_table(name)
        op.execute(f"DELETE FROM row_seals WHERE table_name = '{name}'")  # noqa: S608 - our own names
    op.execute("DELETE FROM proposals WHERE kind = 'branding'")
    for table in ("proposals", "incidents"):
        _seal_again(table)


def _seal_again(table: str) -> None:
    database = op.get_bind()
    database.execute(sa.text("DELETE FROM row_seals WHERE table_name = :table"), {"table": table})
    if database.execute(sa.text(f"SELECT 1 FROM {table}")).first() is None:  # noqa: S608 - our own names
        return
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :table)"), {"table": table})
    elif waiting != "pending" and table not in waiting.split(","):
        both = {"tables": f"{waiting},{table}"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)
