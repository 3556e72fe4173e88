"""Operators are linked to persons, not accounts, and their rows say through whose hands a secret went.

Every secret of before counts as known to whoever added its operator, until that one renews it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from eztong.adapters.storage.sql.migrations.portable import hex_of

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_LINKED = """
UPDATE operators SET persons = (SELECT {hex} FROM holders
    WHERE holders.holder_id = operators.holder_id AND number_index IS NOT NULL)
"""
_KNOWN = "UPDATE operators SET secret_known_to = added_by, secret_at = created_at"
_UNLINKED = """
UPDATE operators SET holder_id = (SELECT holder_id FROM persons
    WHERE {hex} = operators.persons)
"""


def upgrade() -> None:
    op.add_column(
        "operators",
        sa.Column(
            "persons",
            sa.Text(),
            comment="[keyed] blind indexes of the operator's own numbers: nobody decides about oneself",
        ),
    )
    op.add_column(
        "operators",
        sa.Column("secret_known_to", sa.Text(), comment="[state] operators through whose hands the secret went"),
    )
    op.add_column(
        "operators", sa.Column("secret_at", sa.BigInteger(), comment="[time] since when the secret is as it is")
    )
    op.execute(_LINKED.format(hex=hex_of("number_index")))
    op.execute(_KNOWN)
    op.drop_index("ix_operators_holder_id", table_name="operators")
    op.drop_column("operators", "holder_id")
    _seal_again()


def downgrade() -> None:
    comment = "[id] the account that the operator holds, by which nobody decides about oneself"
    op.add_column("operators", sa.Column("holder_id", sa.Text(), comment=comment))
    op.execute(_UNLINKED.format(hex=hex_of("number_index")))
    only = sa.text("holder_id IS NOT NULL")
    op.create_index("ix_operators_holder_id", "operators", ["holder_id"], sqlite_where=only, postgresql_where=only)
    for column in ("secret_at", "secret_known_to", "persons"):
        op.drop_column("operators", column)
    _seal_again()


def _seal_again() -> None:
    database = op.get_bind()
    if database.execute(sa.text("SELECT 1 FROM operators")).first() is None:
        return
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', 'operators')"))
    elif waiting != "pending" and "operators" not in waiting.split(","):
        both = {"tables": f"{waiting},operators"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)
