"""Acts of the holder have one name: what was written as by ``self`` is by ``holder``, as the other acts were.

The changed table is sealed again by `eztong db upgrade`, which has the keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_SETTING = "FROM service_settings WHERE name = 'row_seals'"


def upgrade() -> None:
    changed = op.get_bind().execute(sa.text("UPDATE holder_events SET actor = 'holder' WHERE actor = 'self'"))
    if changed.rowcount:
        _seal_again()


def downgrade() -> None:
    # The version before reads both names.
    pass


def _seal_again() -> None:
    waiting = op.get_bind().execute(sa.text(f"SELECT value {_SETTING}")).scalar()
    tables = [] if waiting is None else waiting.split(",")
    # All tables wait already, or this one does: then there is nothing to add.
    if tables == ["pending"] or "holder_events" in tables:
        return
    op.execute(f"DELETE {_SETTING}")
    named = ",".join([*tables, "holder_events"])
    op.execute(f"INSERT INTO service_settings (name, value) VALUES ('row_seals', '{named}')")  # noqa: S608 - our own names
