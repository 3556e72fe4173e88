"""How many rows each table has is kept with the tags; a database with tags is counted once, by whoever has the keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    database = op.get_bind()
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        # A database without a tag is new: the store counts it when it opens it first.
        op.execute(
            "INSERT INTO service_settings (name, value) SELECT 'row_seals', 'counts' "
            "WHERE EXISTS (SELECT 1 FROM row_seals)"
        )
    elif waiting != "pending":
        both = {"tables": f"{waiting},counts"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)


def downgrade() -> None:
    op.execute("DELETE FROM row_seals WHERE table_name = '#count'")
    database = op.get_bind()
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    tables = [table for table in (waiting or "").split(",") if table and table != "counts"]
    if waiting is not None and not tables:
        op.execute("DELETE FROM service_settings WHERE name = 'row_seals'")
    elif waiting is not None:
        left = {"tables": ",".join(tables)}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), left)
