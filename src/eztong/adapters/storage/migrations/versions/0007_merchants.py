"""Credentials and options of merchants of the Tencent Cloud door."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_merchants()
    _create_account_keys()


def downgrade() -> None:
    op.drop_table("account_keys")
    op.drop_table("merchants")


def _create_merchants() -> None:
    op.create_table(
        "merchants",
        sa.Column("merchant_id", sa.Text(), nullable=False, comment="[id] the merchant"),
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner that it belongs to"),
        sa.Column("scene", sa.Text(), nullable=False, comment="[state] the partner's scene that its flows are for"),
        sa.Column("name", sa.Text(), nullable=False, comment="[public] name shown to holders"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] active or suspended"),
        sa.Column("options", sa.Text(), nullable=False, comment="[state] layouts and permissions, as JSON"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was registered"),
        sa.Column(
            "certified_key",
            sa.LargeBinary(),
            nullable=True,
            comment="[public] approved SM2 key that identity is sealed to",
        ),
        sa.PrimaryKeyConstraint("merchant_id", name="pk_merchants"),
        comment="What partners open E证通 flows as.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_merchants_partner_id", "merchants", ["partner_id"], unique=False)


def _create_account_keys() -> None:
    op.create_table(
        "account_keys",
        sa.Column("secret_id", sa.Text(), nullable=False, comment="[id] the key's public name"),
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("label", sa.Text(), nullable=False, comment="[state] what the operator called it"),
        sa.Column(
            "sealed_secret",
            sa.LargeBinary(),
            nullable=False,
            comment="[sealed] the secret key: signatures are keyed with it",
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was issued"),
        sa.Column(
            "token_hash", sa.LargeBinary(), nullable=True, comment="[keyed] keyed hash of a temporary key's token"
        ),
        sa.Column("expires_at", sa.BigInteger(), nullable=True, comment="[time] when a temporary key ends by itself"),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True, comment="[time] when it was revoked"),
        sa.PrimaryKeyConstraint("secret_id", name="pk_account_keys"),
        comment="Keys that partners sign with at the Tencent Cloud door.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_account_keys_partner_id", "account_keys", ["partner_id"], unique=False)
