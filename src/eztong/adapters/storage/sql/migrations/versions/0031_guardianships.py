"""Guardianships: who is guardian of whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guardianships",
        _text("guardianship_id", "[id] the guardianship; sorts by time", optional=False),
        _text("ward_id", "[id] the account or application of the ward", optional=False),
        _text("guardian_id", "[id] the account of the guardian, once there is one"),
        _text("state", "[state] invited, declared, active, refused or ended", optional=False),
        _text("ward_relation", "[state] what the minor declared the guardian to be"),
        _text("relation", "[state] what the guardian declared to be"),
        _bytes("invite_hash", "[keyed] keyed hash of the ward's number and the invitation's digits"),
        _bytes("sealed_digits", "[sealed] the invitation's digits, under the ward's key"),
        _instant("asked_at", "when the minor invited or the guardian applied", optional=False),
        _instant("declared_at", "when the guardian declared the relation"),
        _instant("decided_at", "when it was decided whether the relation holds"),
        _text("decided_by", "[state] authority or staff"),
        _bytes("sealed_words", "[sealed] the reason of staff, under the guardian's key"),
        _instant("ended_at", "when it ended"),
        _text("ended_by", "[state] guardian, replaced, age, account or application"),
        sa.PrimaryKeyConstraint("guardianship_id", name="pk_guardianships"),
        comment="Who is guardian of whom: invited, declared, active, refused or ended.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_guardianships_ward_id", "guardianships", ["ward_id"])
    for name, column, unique, where in (
        ("ix_guardianships_guardian_id", "guardian_id", False, "guardian_id IS NOT NULL"),
        ("uq_guardianships_active", "ward_id", True, "state = 'active'"),
        ("ix_guardianships_invite_hash", "invite_hash", False, "invite_hash IS NOT NULL"),
        ("ix_guardianships_waiting", "declared_at", False, "state = 'declared'"),
    ):
        only = sa.text(where)
        op.create_index(name, "guardianships", [column], unique=unique, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_table("guardianships")
    op.execute("DELETE FROM row_seals WHERE table_name = 'guardianships'")


def _text(name: str, comment: str, *, optional: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _bytes(name: str, comment: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=True, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")
