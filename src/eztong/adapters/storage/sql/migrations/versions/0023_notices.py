"""What is told to holders stays, to be read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holder_notices",
        _text("holder_id", "[id] the account"),
        _text("notice_id", "[id] the message's own id; sorts by time"),
        _text("topic", "[state] what it is about"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="[sealed] what fills the words, without a link"),
        _instant("at", "when it was told"),
        _instant("read_at", "when its holder marked it as read", optional=True),
        sa.PrimaryKeyConstraint("holder_id", "notice_id", name="pk_holder_notices"),
        comment="What was told to a holder by message, to be read again on the own page.",
        sqlite_with_rowid=False,
    )
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_holder_notices_unread", "holder_notices", ["holder_id"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_index("ix_holder_notices_at", "holder_notices", ["at"])


def downgrade() -> None:
    op.drop_table("holder_notices")
    op.execute("DELETE FROM row_seals WHERE table_name = 'holder_notices'")


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")
