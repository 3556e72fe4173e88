"""Messages leave by priority and under a lease, queued applications are leased too, and old rows are found by age."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BY_AGE = (
    ("ix_sessions_expires_at", "sessions", "expires_at"),
    ("ix_otp_challenges_created_at", "otp_challenges", "created_at"),
    ("ix_passkey_challenges_created_at", "passkey_challenges", "created_at"),
    ("ix_idempotency_keys_created_at", "idempotency_keys", "created_at"),
)


def upgrade() -> None:
    _extend_outbox()
    op.add_column(
        "registration_queue",
        sa.Column(
            "leased_until", sa.BigInteger(), nullable=True, comment="[time] until when one worker alone asks for it"
        ),
    )
    for name, table, column in _BY_AGE:
        op.create_index(name, table, [column], unique=False)
    drafts = sa.text("state = 'draft'")
    op.create_index(
        "ix_holders_drafts", "holders", ["created_at"], unique=False, sqlite_where=drafts, postgresql_where=drafts
    )


def downgrade() -> None:
    op.drop_index("ix_holders_drafts", table_name="holders")
    for name, table, _ in _BY_AGE:
        op.drop_index(name, table_name=table)
    op.drop_column("registration_queue", "leased_until")
    op.drop_index("ix_outbox_delivered_at", table_name="outbox")
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    for column in ("leased_until", "expires_at", "priority"):
        op.drop_column("outbox", column)
    waiting = sa.text("delivered_at IS NULL")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _extend_outbox() -> None:
    # The default is for the version before, which names no priority when it adds a message.
    op.add_column(
        "outbox",
        sa.Column(
            "priority",
            sa.Integer(),
            nullable=False,
            server_default="2",
            comment="[state] 0 for message codes, 1 for what puts an account at stake, 2 for all else",
        ),
    )
    op.add_column(
        "outbox",
        sa.Column("expires_at", sa.BigInteger(), nullable=True, comment="[time] when nobody can use it any more"),
    )
    op.add_column(
        "outbox",
        sa.Column(
            "leased_until",
            sa.BigInteger(),
            nullable=True,
            comment="[time] until when one worker alone may deliver it",
        ),
    )
    # Five minutes: the life of a message code.
    op.execute("UPDATE outbox SET priority = 0, expires_at = created_at + 300000 WHERE topic = 'otp'")
    op.execute("UPDATE outbox SET priority = 1 WHERE topic IN ('account_frozen', 'device_bound', 'account_recovered')")
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    waiting, delivered = sa.text("delivered_at IS NULL"), sa.text("delivered_at IS NOT NULL")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["priority", "next_attempt_at"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_outbox_delivered_at",
        "outbox",
        ["delivered_at"],
        unique=False,
        sqlite_where=delivered,
        postgresql_where=delivered,
    )
