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
    _create_certificate_requests()
    _create_charges()


def downgrade() -> None:
    op.drop_table("charges")
    op.drop_table("certificate_requests")
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


def _create_certificate_requests() -> None:
    op.create_table(
        "certificate_requests",
        sa.Column("request_id", sa.Text(), nullable=False, comment="[id] the certificate request"),
        sa.Column("merchant_id", sa.Text(), nullable=False, comment="[id] the merchant"),
        sa.Column("common_name", sa.Text(), nullable=False, comment="[public] subject that the request names"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="[public] SM2 key that signed the request"),
        sa.Column("document", sa.LargeBinary(), nullable=False, comment="[public] the request as it was handed in"),
        sa.Column("requested_by", sa.Text(), nullable=False, comment="[state] operator who took it in"),
        sa.Column("requested_at", sa.BigInteger(), nullable=False, comment="[time] when it was taken in"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] pending, approved or rejected"),
        sa.Column("decided_by", sa.Text(), nullable=True, comment="[state] operator who decided, another one"),
        sa.Column("decision_reason", sa.Text(), nullable=True, comment="[state] why"),
        sa.Column("decided_at", sa.BigInteger(), nullable=True, comment="[time] when it was decided"),
        sa.PrimaryKeyConstraint("request_id", name="pk_certificate_requests"),
        comment="Merchants' requests that an SM2 key be certified, and who decided them.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_certificate_requests_merchant_id", "certificate_requests", ["merchant_id"], unique=False)


def _create_charges() -> None:
    op.create_table(
        "charges",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] who asked"),
        sa.Column("charge_id", sa.Text(), nullable=False, comment="[id] the question"),
        sa.Column("action", sa.Text(), nullable=False, comment="[state] what was asked"),
        sa.Column("day", sa.Text(), nullable=False, comment="[state] Shanghai day of the question"),
        sa.Column("subject", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of partner, day and person"),
        sa.Column("requested_at", sa.BigInteger(), nullable=False, comment="[time] when it was asked"),
        sa.Column(
            "finding", sa.Text(), nullable=True, comment="[state] what came of it; empty until the answer is there"
        ),
        sa.Column("is_billed", sa.Integer(), nullable=False, comment="[state] 1 if it is billed"),
        sa.PrimaryKeyConstraint("partner_id", "charge_id", name="pk_charges"),
        comment="Questions of partners about people, for reconciliation; nothing of the person in clear.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_charges_partner_id_day_subject", "charges", ["partner_id", "day", "subject"], unique=False)
