"""Receipts of applications that organisations hand in themselves, and the index that finds a credit code again.

Applications of before have no receipt: an operator handed them in.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_TABLE = "partner_applications"
_BY_RECEIPT = sa.text("receipt_hash IS NOT NULL")


def upgrade() -> None:
    said = "[keyed] keyed hash of what opens it at the public door"
    op.add_column(_TABLE, sa.Column("receipt_hash", sa.LargeBinary(), nullable=True, comment=said))
    op.create_index("ix_partner_applications_credit_code", _TABLE, ["credit_code"])
    op.create_index(
        "uq_partner_applications_receipt_hash",
        _TABLE,
        ["receipt_hash"],
        unique=True,
        sqlite_where=_BY_RECEIPT,
        postgresql_where=_BY_RECEIPT,
    )


def downgrade() -> None:
    op.drop_index("uq_partner_applications_receipt_hash", table_name=_TABLE)
    op.drop_index("ix_partner_applications_credit_code", table_name=_TABLE)
    op.drop_column(_TABLE, "receipt_hash")
    _seal_again()


def _seal_again() -> None:
    database = op.get_bind()
    database.execute(sa.text("DELETE FROM row_seals WHERE table_name = :table"), {"table": _TABLE})
    if database.execute(sa.text(f"SELECT 1 FROM {_TABLE}")).first() is None:  # noqa: S608 - our own name
        return
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :table)"), {"table": _TABLE})
    elif waiting != "pending" and _TABLE not in waiting.split(","):
        both = {"tables": f"{waiting},{_TABLE}"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)
