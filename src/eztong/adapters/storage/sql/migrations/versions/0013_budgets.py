"""Budgets that outlive a restart; message codes and passkey challenges name what they serve.

The new columns may be empty, so that a process of the version before can still write. A message code without them was
made before and serves nothing any more: it lives five minutes at most, and its owner asks for another.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ADDED: Mapping[str, Mapping[str, tuple[type[sa.Text | sa.Integer], str]]] = {
    "otp_challenges": {
        "holder_id": (sa.Text, "[id] the account or application that it serves"),
        "is_sent": (sa.Integer, "[state] 1 if the digits went to a phone"),
        "digits": (sa.Integer, "[state] how many digits the code has"),
    },
    "passkey_challenges": {"holder_id": (sa.Text, "[id] the account of the session, if it had one")},
}


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column(
            "subject", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of whom or what it counts for"
        ),
        sa.Column("budget", sa.Text(), nullable=False, comment="[state] which budget"),
        sa.Column("slot", sa.BigInteger(), nullable=False, comment="[time] when the slot began that it was spent in"),
        sa.Column("spent", sa.Integer(), nullable=False, comment="[state] how much"),
        sa.PrimaryKeyConstraint("subject", "budget", "slot", name="pk_budgets"),
        comment="How much was spent of what protects a person or a secret; only keyed hashes.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_budgets_slot", "budgets", ["slot"])
    for table, columns in _ADDED.items():
        for name, (kind, comment) in columns.items():
            op.add_column(table, sa.Column(name, kind(), nullable=True, comment=comment))
    op.create_index(
        "ix_passkey_challenges_session_hash", "passkey_challenges", ["session_hash", "purpose"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_passkey_challenges_session_hash", table_name="passkey_challenges")
    for table, columns in _ADDED.items():
        for name in columns:
            op.drop_column(table, name)
    op.drop_table("budgets")
