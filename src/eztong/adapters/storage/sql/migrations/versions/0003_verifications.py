"""Codes, verifications, batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_codes()
    _create_code_attempts()
    _create_verifications()
    _create_batches()
    _create_idempotency_keys()


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("batches")
    op.drop_table("verifications")
    op.drop_table("code_attempts")
    op.drop_table("codes")


def _create_codes() -> None:
    op.create_table(
        "codes",
        sa.Column("number_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the 18 digits"),
        sa.Column("qr_hash", sa.LargeBinary(), nullable=True, comment="[keyed] keyed hash of the QR payload"),
        sa.Column("code_id", sa.Text(), nullable=False, comment="[id] the code"),
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("device_id", sa.Text(), nullable=False, comment="[id] the device that shows it"),
        sa.Column("acceptance_id", sa.Text(), nullable=False, comment="[id] acceptance in force when it was issued"),
        sa.Column("channel", sa.Text(), nullable=False, comment="[state] screen or spoken"),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="[state] issued, consumed, expired, cancelled or superseded"
        ),
        sa.Column("issued_at", sa.BigInteger(), nullable=False, comment="[time] when it was issued"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False, comment="[time] when its life ends"),
        sa.Column("ended_at", sa.BigInteger(), nullable=True, comment="[time] when it left the state issued"),
        sa.Column("verification_id", sa.Text(), nullable=True, comment="[id] verification that consumed it"),
        sa.PrimaryKeyConstraint("number_hash", name="pk_codes"),
        comment="Presentation codes; only keyed hashes of the digits.",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_codes_outstanding",
        "codes",
        ["holder_id", "device_id"],
        unique=False,
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.create_index("uq_codes_code_id", "codes", ["code_id"], unique=True)
    op.create_index("uq_codes_qr_hash", "codes", ["qr_hash"], unique=True)


def _create_code_attempts() -> None:
    op.create_table(
        "code_attempts",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("attempt_id", sa.Text(), nullable=False, comment="[id] the try; sorts by time"),
        sa.Column("code_id", sa.Text(), nullable=False, comment="[id] the code"),
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] who tried"),
        sa.Column("scene", sa.Text(), nullable=False, comment="[state] scene named"),
        sa.Column("desk", sa.Text(), nullable=True, comment="[state] desk named"),
        sa.Column("reason", sa.Text(), nullable=False, comment="[state] why it was refused"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="[time] when"),
        sa.PrimaryKeyConstraint("holder_id", "attempt_id", name="pk_code_attempts"),
        comment="Refused tries with a known code, for its holder to see.",
        sqlite_with_rowid=False,
    )


def _create_verifications() -> None:
    op.create_table(
        "verifications",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] who asked"),
        sa.Column("verification_id", sa.Text(), nullable=False, comment="[id] the verification; sorts by time"),
        sa.Column("holder_id", sa.Text(), nullable=True, comment="[id] the account, if known"),
        sa.Column("code_id", sa.Text(), nullable=True, comment="[id] the code that was used"),
        sa.Column("request_id", sa.Text(), nullable=True, comment="[id] the request that was answered"),
        sa.Column(
            "outcome", sa.Text(), nullable=False, comment="[state] passed, not_passed, declined, expired or unavailable"
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="[state] exact reason, never told to the partner"),
        sa.Column("scene", sa.Text(), nullable=False, comment="[state] scene"),
        sa.Column("desk", sa.Text(), nullable=True, comment="[state] desk"),
        sa.Column("method", sa.Text(), nullable=False, comment="[state] qr, number or request"),
        sa.Column("claims", sa.Text(), nullable=False, comment="[state] claims that were told, separated by spaces"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was decided"),
        sa.Column(
            "result",
            sa.LargeBinary(),
            nullable=True,
            comment="[evidence] canonical result without a name; empty if sealed",
        ),
        sa.Column(
            "sealed_result",
            sa.LargeBinary(),
            nullable=True,
            comment="[sealed] canonical result that tells a masked name",
        ),
        sa.Column("batch_id", sa.Text(), nullable=False, comment="[id] batch that signed it"),
        sa.Column("leaf_index", sa.Integer(), nullable=False, comment="[evidence] its place in the batch"),
        sa.Column("api_key_id", sa.Text(), nullable=True, comment="[id] key that asked"),
        sa.PrimaryKeyConstraint("partner_id", "verification_id", name="pk_verifications"),
        comment="Authentications and their immutable outcomes.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_verifications_holder_id", "verifications", ["holder_id", "verification_id"], unique=False)


def _create_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("batch_id", sa.Text(), nullable=False, comment="[id] the batch"),
        sa.Column("note", sa.Text(), nullable=False, comment="[evidence] signed note with size, root and time"),
        sa.Column(
            "leaves", sa.LargeBinary(), nullable=False, comment="[evidence] the leaf hashes in order, 32 bytes each"
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was signed"),
        sa.PrimaryKeyConstraint("batch_id", name="pk_batches"),
        comment="Signed roots: one for each group commit that attested something.",
        sqlite_with_rowid=False,
    )


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False, comment="[keyed] SM3 of the key"),
        sa.Column("operation", sa.Text(), nullable=False, comment="[state] which call"),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False, comment="[keyed] SM3 of the body"),
        sa.Column("resource_id", sa.Text(), nullable=False, comment="[id] what was made"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when"),
        sa.PrimaryKeyConstraint("partner_id", "key_hash", name="pk_idempotency_keys"),
        comment="First use of each idempotency key of a partner.",
        sqlite_with_rowid=False,
    )
