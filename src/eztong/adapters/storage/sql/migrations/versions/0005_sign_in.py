"""Unlocking, PINs, passkeys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sessions",
        sa.Column(
            "unlocked_until",
            sa.BigInteger(),
            nullable=True,
            comment="[time] when the last unlock by passkey or PIN ends",
        ),
    )
    op.create_index("ix_holders_phone_index", "holders", ["phone_index"], unique=False)
    _create_pins()
    _create_passkeys()
    _create_passkey_challenges()


def downgrade() -> None:
    op.drop_table("passkey_challenges")
    op.drop_table("passkeys")
    op.drop_table("pins")
    op.drop_index("ix_holders_phone_index", table_name="holders")
    op.drop_column("sessions", "unlocked_until")


def _create_pins() -> None:
    op.create_table(
        "pins",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("sealed_hash", sa.LargeBinary(), nullable=False, comment="[sealed] argon2id hash of the PIN"),
        sa.Column("wrong_tries", sa.Integer(), nullable=False, comment="[state] wrong tries in a row"),
        sa.Column(
            "locked_until",
            sa.BigInteger(),
            nullable=True,
            comment="[time] when the next try is taken, after too many wrong ones",
        ),
        sa.Column("changed_at", sa.BigInteger(), nullable=False, comment="[time] when the PIN was set"),
        sa.PrimaryKeyConstraint("holder_id", name="pk_pins"),
        comment="One PIN per account; hashed with argon2id, and the hash sealed under the account's data key.",
        sqlite_with_rowid=False,
    )


def _create_passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column(
            "credential_id",
            sa.LargeBinary(),
            nullable=False,
            comment="[id] the credential, as the authenticator named it",
        ),
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("device_id", sa.Text(), nullable=False, comment="[id] the device on which it was made"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="[public] COSE public key"),
        sa.Column(
            "sign_count", sa.Integer(), nullable=False, comment="[state] the authenticator's counter at the last use"
        ),
        sa.Column("label", sa.Text(), nullable=False, comment="[state] what the holder calls it"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was made"),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True, comment="[time] when it was last used"),
        sa.PrimaryKeyConstraint("credential_id", name="pk_passkeys"),
        comment="WebAuthn credentials of holders; public keys only.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_passkeys_holder_id", "passkeys", ["holder_id"], unique=False)


def _create_passkey_challenges() -> None:
    op.create_table(
        "passkey_challenges",
        sa.Column("challenge_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the challenge"),
        sa.Column("session_hash", sa.LargeBinary(), nullable=False, comment="[keyed] session that asked for it"),
        sa.Column("purpose", sa.Text(), nullable=False, comment="[state] what an answer will do"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was given out"),
        sa.Column("used_at", sa.BigInteger(), nullable=True, comment="[time] when it was answered"),
        sa.PrimaryKeyConstraint("challenge_hash", name="pk_passkey_challenges"),
        comment="Challenges for authenticators; each serves one session, one purpose, once.",
        sqlite_with_rowid=False,
    )
