"""Partner events: that a partner code ended, the request to erase that comes with it, and its answer.

For accounts that were erased before nothing is made up: which code each partner knew cannot be derived any more.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_events",
        _text("partner_id", "[id] whom it is told"),
        _text("event_id", "[id] the event; its day, and nothing of what else came about with it"),
        _text("kind", "[state] partner_code_ended"),
        _text("partner_code", "[id] the holder's code at this partner"),
        _instant("tell_at", "when the partner may read it: a moment drawn for it alone"),
        _text(
            "deregistration_id",
            "[id] the deregistration that ended the code; none: one of before a restore",
            optional=True,
        ),
        _text("answer", "[state] what the partner did: erased or kept", optional=True),
        _text("law", "[state] act and article by which it keeps something, in its own words", optional=True),
        _text("kept_until", "[state] day until which it does", optional=True),
        _instant("answered_at", "when it answered", optional=True),
        sa.PrimaryKeyConstraint("partner_id", "event_id", name="pk_partner_events"),
        comment="What partners are told of their partner codes, and what they answered.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_partner_events_order", "partner_events", ["partner_id", "tell_at", "event_id"], unique=True)
    op.create_index("ix_partner_events_tell_at", "partner_events", ["tell_at"])
    for name, columns, where in (
        ("ix_partner_events_open", ["tell_at", "event_id"], "answer IS NULL"),
        ("ix_partner_events_deregistration_id", ["deregistration_id"], "deregistration_id IS NOT NULL"),
    ):
        only = sa.text(where)
        op.create_index(name, "partner_events", columns, sqlite_where=only, postgresql_where=only)


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def downgrade() -> None:
    op.drop_table("partner_events")
