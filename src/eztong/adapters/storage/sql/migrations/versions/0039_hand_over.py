"""Guardianships: since when the ward's account is handed over, what the ward proves, when it went over.

All columns are empty at first, which changes no row's tag.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    since = "[time] since when the guardian hands the account over to the ward"
    op.add_column("guardianships", sa.Column("offered_at", sa.BigInteger(), comment=since))
    phone = "[sealed] the phone that the ward is proving, under the ward's key"
    op.add_column("guardianships", sa.Column("sealed_phone", sa.LargeBinary(), comment=phone))
    taken = "[time] when the ward took the account over"
    op.add_column("guardianships", sa.Column("taken_at", sa.BigInteger(), comment=taken))


def downgrade() -> None:
    # The version before would take the digits for an invitation's, of which an active guardianship has none.
    op.execute("UPDATE guardianships SET invite_hash = NULL, sealed_digits = NULL WHERE offered_at IS NOT NULL")
    op.drop_column("guardianships", "taken_at")
    op.drop_column("guardianships", "sealed_phone")
    op.drop_column("guardianships", "offered_at")
    _seal_again("guardianships")


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
