"""Forms of the console that were sent, and the indexes by which queues are turned.

No row of before changes; the new table is empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0049"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_IS_OVER = sa.text("over_at IS NOT NULL")


def upgrade() -> None:
    form = "[keyed] keyed hash of the form as it was shown, and of what was filled in"
    led = "[state] address of the console that answered it; empty where a page did"
    op.create_table(
        "sent_forms",
        sa.Column("session_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the cookie's token"),
        sa.Column("form_hash", sa.LargeBinary(), nullable=False, comment=form),
        sa.Column("sent_at", sa.BigInteger(), nullable=False, comment="[time] when"),
        sa.Column("led_to", sa.Text(), nullable=False, comment=led),
        sa.PrimaryKeyConstraint("session_hash", "form_hash", name="pk_sent_forms"),
        comment="Forms of the console that were sent, so that one that is pressed twice is done once; only keyed hashes.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sent_forms_sent_at", "sent_forms", ["sent_at"])
    op.create_index("ix_tickets_open_kind", "tickets", ["kind", "due_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_proposals_open_until", "proposals", ["until"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.drop_index("ix_cases_over_at", table_name="cases")
    op.create_index("ix_cases_over_at", "cases", ["over_at"], sqlite_where=_IS_OVER, postgresql_where=_IS_OVER)


def downgrade() -> None:
    op.drop_index("ix_cases_over_at", table_name="cases")
    op.create_index("ix_cases_over_at", "cases", ["over_at"])
    op.drop_index("ix_proposals_open_until", table_name="proposals")
    op.drop_index("ix_tickets_open_kind", table_name="tickets")
    op.drop_table("sent_forms")
    op.execute("DELETE FROM row_seals WHERE table_name = 'sent_forms'")
