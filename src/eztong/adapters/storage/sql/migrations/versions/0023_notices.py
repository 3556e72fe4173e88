"""What is told to holders stays, to be read again; what they chose to be told, and an e-mail address for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
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

    _create_emails()
    _create_choices()


def downgrade() -> None:
    for table in ("freeze_links", "notice_choices", "holder_emails", "holder_notices"):
        op.drop_table(table)
        op.execute(f"DELETE FROM row_seals WHERE table_name = '{table}'")  # noqa: S608 - our own names


def _create_emails() -> None:
    op.create_table(
        "holder_emails",
        _text("holder_id", "[id] the account"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="[sealed] the address"),
        _instant("asked_at", "when its holder gave it, with a consent of its own"),
        _hash("keyed hash of the token in the link that proves it", optional=True),
        _instant("link_until", "until when the link works", optional=True),
        _instant("proven_at", "when the link was used", optional=True),
        sa.PrimaryKeyConstraint("holder_id", name="pk_holder_emails"),
        comment="The one e-mail address of an account, for notices only; it proves nothing and recovers nothing.",
        sqlite_with_rowid=False,
    )
    for name, column, unique, only in (
        ("uq_holder_emails_link_hash", "link_hash", True, sa.text("link_hash IS NOT NULL")),
        ("ix_holder_emails_unproven", "asked_at", False, sa.text("proven_at IS NULL")),
    ):
        op.create_index(name, "holder_emails", [column], unique=unique, sqlite_where=only, postgresql_where=only)


def _create_choices() -> None:
    op.create_table(
        "notice_choices",
        _text("holder_id", "[id] the account"),
        _flag("per_use", "1 if each use is told"),
        _flag("promotions", "1 if promotional notices may come"),
        _text("told_until", "[id] the newest use that was told, or was there when the choice was made"),
        _instant("changed_at", "when the holder chose last"),
        sa.PrimaryKeyConstraint("holder_id", name="pk_notice_choices"),
        comment="What a holder chose to be told beyond what every holder is told.",
        sqlite_with_rowid=False,
    )
    only = sa.text("per_use = 1")
    op.create_index(
        "ix_notice_choices_per_use", "notice_choices", ["holder_id"], sqlite_where=only, postgresql_where=only
    )
    op.create_table(
        "freeze_links",
        _hash("keyed hash of the token in the link"),
        _text("holder_id", "[id] the account"),
        _instant("made_at", "when it was sent"),
        _instant("until", "when it ends"),
        _instant("used_at", "when it was used", optional=True),
        sa.PrimaryKeyConstraint("link_hash", name="pk_freeze_links"),
        comment="Links in notices of a use: each freezes one account, once, for a day.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_freeze_links_holder_id", "freeze_links", ["holder_id"])
    op.create_index("ix_freeze_links_until", "freeze_links", ["until"])


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _flag(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=f"[state] {comment}")


def _hash(comment: str, *, optional: bool = False) -> sa.Column[bytes]:
    return sa.Column("link_hash", sa.LargeBinary(), nullable=optional, comment=f"[keyed] {comment}")


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")
