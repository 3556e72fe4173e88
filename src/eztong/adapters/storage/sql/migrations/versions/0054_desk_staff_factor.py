"""Staff of desks may have an authenticator app, partners may want it of them, and have a quota; a desk may be ended.

All new columns are empty at first, which changes no row's tag: nobody needs an app, no partner has a quota, every desk is open.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    app = "[sealed] key of the authenticator app"
    op.add_column("staff", sa.Column("second_factor", sa.LargeBinary(), comment=app))
    step = "[state] half minute of the last one-time code that was taken"
    op.add_column("staff", sa.Column("used_step", sa.BigInteger(), comment=step))
    op.add_column("desks", sa.Column("ended_at", sa.BigInteger(), comment="[time] when it was ended"))
    wanted = "[state] required: staff of desks need an authenticator app; empty: they may"
    op.add_column("partners", sa.Column("staff_factor", sa.Text(), comment=wanted))
    quota = "[state] verifications in a month of China; empty: any number"
    op.add_column("partners", sa.Column("monthly_quota", sa.BigInteger(), comment=quota))
    over = "[state] refuse or warn, when the quota is used up"
    op.add_column("partners", sa.Column("over_quota", sa.Text(), comment=over))
    until = "[time] until when verifications are refused, as the quota is used up"
    op.add_column("partners", sa.Column("quota_until", sa.BigInteger(), comment=until))


def downgrade() -> None:
    # The version before would open an account by its password alone, and an ended desk: neither goes back open.
    op.execute("UPDATE staff SET state = 'disabled' WHERE second_factor IS NOT NULL")
    op.execute("DELETE FROM desks WHERE ended_at IS NOT NULL")
    op.execute("DELETE FROM service_settings WHERE name = 'staff_factor_sectors'")
    for column in ("quota_until", "over_quota", "monthly_quota", "staff_factor"):
        op.drop_column("partners", column)
    op.drop_column("desks", "ended_at")
    op.drop_column("staff", "used_step")
    op.drop_column("staff", "second_factor")
    for table in ("partners", "desks", "staff"):
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
