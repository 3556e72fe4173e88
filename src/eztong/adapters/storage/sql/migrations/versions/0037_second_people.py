"""What waits for a second operator in talks, and how long whoever gave a secret counts as its operator.

Both columns are empty in every row of before, and what is empty is in no row's tag.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "operators",
        sa.Column(
            "given_counts_until",
            sa.BigInteger(),
            comment="[time] until when those count who gave a secret that was renewed since",
        ),
    )
    op.add_column(
        "talks",
        sa.Column(
            "draft",
            sa.LargeBinary(),
            comment="[sealed] words for somebody without an account that wait for a second operator",
        ),
    )


def downgrade() -> None:
    # The version before knows neither the wait nor the kind: who gave a secret counts until it is renewed once more.
    op.execute("DELETE FROM proposals WHERE kind = 'settlement'")
    op.drop_column("talks", "draft")
    op.drop_column("operators", "given_counts_until")
    for table in ("operators", "proposals", "talks"):
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
