"""Scenes: how old the authority's last word may be. Accounts: what shall become of them after their holder's death.

All columns are empty at first, which changes no row's tag.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_TABLES = ("scenes", "holders")


def upgrade() -> None:
    days = "[state] days within which a confirmation counts as fresh; 0: always"
    op.add_column("scenes", sa.Column("fresh_days", sa.Integer(), comment=days))
    op.add_column(
        "scenes", sa.Column("when_old", sa.Text(), comment="[state] what happens beyond them: stale or unavailable")
    )
    wish = "[state] what shall become of it after the holder's death: erase; empty: relatives may ask"
    op.add_column("holders", sa.Column("after_death", sa.Text(), comment=wish))


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'deaths'")
    op.drop_column("holders", "after_death")
    op.drop_column("scenes", "when_old")
    op.drop_column("scenes", "fresh_days")
    for table in _TABLES:
        _seal_again(table)


def _seal_again(table: str) -> None:
    database = op.get_bind()
    if database.execute(sa.text(f"SELECT 1 FROM {table}")).first() is None:  # noqa: S608 - our own names
        return
    database.execute(sa.text("DELETE FROM row_seals WHERE table_name = :table"), {"table": table})
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :table)"), {"table": table})
    elif waiting != "pending" and table not in waiting.split(","):
        both = {"tables": f"{waiting},{table}"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)
