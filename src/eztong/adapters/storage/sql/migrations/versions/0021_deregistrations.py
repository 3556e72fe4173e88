"""Deregistrations, and generations that are drawn: an account that is made from now on has one of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("holders", "persons"):
        op.add_column(table, _bytes("drawn_generation", "[keyed] random input of the partner code"))
    op.add_column("persons", _instant("left_at", "when the account of a terminated person was erased", optional=True))
    left = sa.text("left_at IS NOT NULL")
    op.create_index("ix_persons_left_at", "persons", ["left_at"], sqlite_where=left, postgresql_where=left)
    _create_deregistrations()


def downgrade() -> None:
    op.drop_table("deregistrations")
    op.execute("DELETE FROM row_seals WHERE table_name = 'deregistrations'")
    op.drop_index("ix_persons_left_at", table_name="persons")
    op.drop_column("persons", "left_at")
    for table in ("persons", "holders"):
        op.drop_column(table, "drawn_generation")


def _create_deregistrations() -> None:
    op.create_table(
        "deregistrations",
        _id("holder_id", "the account"),
        _id("deregistration_id", "the deregistration; sorts by time"),
        _id("ticket_id", "the ticket with number, secret and day"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] cooling, executing, done or cancelled"),
        _instant("asked_at", "when it was asked for"),
        _instant("cooling_until", "until when it can be undone"),
        _instant("done_at", "when the account was erased", optional=True),
        _instant("cancelled_at", "when it was undone", optional=True),
        sa.Column("undone_by", sa.Text(), comment="[state] session, secret or loss"),
        sa.Column(
            "is_held",
            sa.Integer(),
            nullable=False,
            comment="[state] 1 if the account's history is kept for a case",
        ),
        sa.Column("salt", sa.LargeBinary(), nullable=False, comment="[keyed] salt of the commitment in the receipt"),
        _bytes("receipt", "[evidence] canonical receipt; no personal data"),
        _id("batch_id", "batch that signed the receipt", optional=True),
        sa.Column("leaf_index", sa.Integer(), comment="[evidence] its place in the batch"),
        _id("authority_reference", "case at the authority that is to be ended; emptied then", optional=True),
        _instant("revoked_at", "when the authority confirmed the end of the registration", optional=True),
        sa.PrimaryKeyConstraint("holder_id", "deregistration_id", name="pk_deregistrations"),
        comment="Accounts that their holders end, and the receipts of what was deleted and kept.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_deregistrations_ticket_id", "deregistrations", ["ticket_id"], unique=True)
    for name, column, unique, where in (
        ("uq_deregistrations_running", "holder_id", True, "done_at IS NULL AND cancelled_at IS NULL"),
        ("ix_deregistrations_done_at", "done_at", False, "done_at IS NOT NULL"),
    ):
        only = sa.text(where)
        op.create_index(name, "deregistrations", [column], unique=unique, sqlite_where=only, postgresql_where=only)


def _id(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=f"[id] {comment}")


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def _bytes(name: str, comment: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=True, comment=comment)
