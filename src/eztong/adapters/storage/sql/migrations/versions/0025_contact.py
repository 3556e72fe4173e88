"""Changes of the phone, and corrections of the name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_phone_changes()
    op.create_table(
        "corrections",
        _text("holder_id", "[id] the account"),
        _text("correction_id", "[id] the correction; sorts by time"),
        _text("state", "[state] applied or refused"),
        _text("reason", "[state] why it was refused", optional=True),
        _bytes("sealed_old", "[sealed] the name of before"),
        _bytes("sealed_new", "[sealed] the name that was asked for"),
        _instant("asked_at", "when it was asked for and decided"),
        _text("ticket_number", "[id] the ticket in which staff answers a refused one", optional=True),
        sa.PrimaryKeyConstraint("holder_id", "correction_id", name="pk_corrections"),
        comment="Corrections of the name that holders asked for, and what came of them.",
        sqlite_with_rowid=False,
    )


def _add_phone_changes() -> None:
    op.create_table(
        "phone_changes",
        _text("holder_id", "[id] the account"),
        _text("change_id", "[id] the change; sorts by time"),
        _text("state", "[state] asked, waiting, done, stopped or reverted"),
        _text("way", "[state] what it rests on: both (numbers), matched (again) or appeal"),
        _bytes("session_hash", "[keyed] browser that asked for it"),
        _bytes("sealed_old", "[sealed] the number of before"),
        _bytes("sealed_new", "[sealed] the new number"),
        _instant("asked_at", "when it was asked for"),
        _bytes(
            "link_hash", "[keyed] keyed hash of the token in the link that keeps the number of before", optional=True
        ),
        _instant("begun_at", "when both numbers were proved, or when it began to wait", optional=True),
        _instant(
            "until_at", "when one that waits takes effect, or until when one that is done can be undone", optional=True
        ),
        _instant("ended_at", "when it was stopped or undone", optional=True),
        _text("ended_by", "[state] by what: link, session, freeze, recovery, account or room", optional=True),
        sa.PrimaryKeyConstraint("holder_id", "change_id", name="pk_phone_changes"),
        comment="Changes of an account's phone: asked for, waiting, done, stopped or undone.",
        sqlite_with_rowid=False,
    )
    for name, column, unique, where in (
        ("uq_phone_changes_open", "holder_id", True, "state IN ('asked', 'waiting')"),
        ("uq_phone_changes_link_hash", "link_hash", True, "link_hash IS NOT NULL"),
        ("ix_phone_changes_asked", "asked_at", False, "state = 'asked'"),
    ):
        only = sa.text(where)
        op.create_index(name, "phone_changes", [column], unique=unique, sqlite_where=only, postgresql_where=only)


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _bytes(name: str, comment: str, *, optional: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def downgrade() -> None:
    op.drop_table("corrections")
    op.drop_table("phone_changes")
