"""Assistances: who helps whom with notices, and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assistances",
        _text("assistance_id", "[id] the assistance; sorts by time", optional=False),
        _text("elder_id", "[id] the account of who is helped", optional=False),
        _text("helper_id", "[id] the account of the helper, once somebody typed the digits"),
        _text("state", "[state] invited, accepted, active or ended", optional=False),
        _whole("days", "[state] for how many days the elder lets somebody help"),
        _whole("with_uses", "[state] 1 if the helper hears of uses, too"),
        _bytes("invite_hash", "[keyed] keyed hash of the invitation's digits"),
        _bytes("sealed_digits", "[sealed] the invitation's digits, under the elder's key"),
        _instant("asked_at", "when the elder made the invitation", optional=False),
        _instant("accepted_at", "when the helper typed its digits"),
        _instant("began_at", "when the elder confirmed"),
        _instant("until_at", "when it ends by itself"),
        _instant("ended_at", "when it ended"),
        _text("ended_by", "[state] elder, helper, time, replaced, stopped or account"),
        sa.PrimaryKeyConstraint("assistance_id", name="pk_assistances"),
        comment="Who helps whom with notices, and until when: invited, accepted, active or ended.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_assistances_elder_id", "assistances", ["elder_id"])
    for name, column, unique, where in (
        ("ix_assistances_helper_id", "helper_id", False, "helper_id IS NOT NULL"),
        ("uq_assistances_active", "elder_id", True, "state = 'active'"),
        ("ix_assistances_invite_hash", "invite_hash", False, "invite_hash IS NOT NULL"),
    ):
        only = sa.text(where)
        op.create_index(name, "assistances", [column], unique=unique, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_table("assistances")
    op.execute("DELETE FROM row_seals WHERE table_name = 'assistances'")
    op.execute("DELETE FROM jobs WHERE kind = 'assistances'")


def _text(name: str, comment: str, *, optional: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _whole(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=comment)


def _bytes(name: str, comment: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=True, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")
