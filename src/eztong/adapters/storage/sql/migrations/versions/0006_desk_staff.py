"""Desk staff and their sessions, the desk's record, printed signs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_staff()
    _create_staff_sessions()
    _create_desk_entries()
    _create_desk_signs()


def downgrade() -> None:
    op.drop_table("desk_signs")
    op.drop_table("desk_entries")
    op.drop_table("staff_sessions")
    op.drop_table("staff")


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("staff_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("login", sa.Text(), nullable=False, comment="[id] sign-in name"),
        sa.Column(
            "label", sa.Text(), nullable=False, comment="[state] counter or shift, as the partner calls the account"
        ),
        sa.Column("password_hash", sa.Text(), nullable=False, comment="[keyed] argon2id hash of the password"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] active or disabled"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was made"),
        sa.Column(
            "wrong_tries", sa.Integer(), nullable=False, comment="[state] wrong passwords since the last right one"
        ),
        sa.Column("locked_until", sa.BigInteger(), nullable=True, comment="[time] until when no password is taken"),
        sa.PrimaryKeyConstraint("partner_id", "staff_id", name="pk_staff"),
        comment="Accounts of a partner's staff.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_staff_login", "staff", ["login"], unique=True)


def _create_staff_sessions() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("session_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the cookie's token"),
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("staff_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("desk", sa.Text(), nullable=True, comment="[state] desk that was chosen"),
        sa.Column("scene", sa.Text(), nullable=True, comment="[state] scene that was chosen"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it began"),
        sa.Column("active_at", sa.BigInteger(), nullable=False, comment="[time] when staff last did something"),
        sa.Column("ended_at", sa.BigInteger(), nullable=True, comment="[time] when it was ended"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_staff_sessions"),
        comment="Signed-in browsers at desks; only keyed hashes of their tokens.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_staff_sessions_staff", "staff_sessions", ["partner_id", "staff_id"], unique=False)


def _create_desk_entries() -> None:
    op.create_table(
        "desk_entries",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("desk", sa.Text(), nullable=False, comment="[id] the desk"),
        sa.Column("entry_id", sa.Text(), nullable=False, comment="[id] the line; sorts by time"),
        sa.Column("staff_id", sa.Text(), nullable=True, comment="[id] who checked"),
        sa.Column("scene", sa.Text(), nullable=False, comment="[state] scene"),
        sa.Column("verification_id", sa.Text(), nullable=True, comment="[id] the verification"),
        sa.Column("request_id", sa.Text(), nullable=True, comment="[id] the request"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when"),
        sa.Column(
            "checklist",
            sa.Text(),
            nullable=False,
            comment="[state] steps that staff ticked off, separated by spaces; no personal data",
        ),
        sa.PrimaryKeyConstraint("partner_id", "desk", "entry_id", name="pk_desk_entries"),
        comment="What happened at a desk: checks by code, and requests that citizens opened there.",
        sqlite_with_rowid=False,
    )


def _create_desk_signs() -> None:
    op.create_table(
        "desk_signs",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("desk", sa.Text(), nullable=False, comment="[id] the desk"),
        sa.Column("scene", sa.Text(), nullable=False, comment="[state] the scene"),
        sa.Column("sign_id", sa.Text(), nullable=False, comment="[id] the sign; sorts by time"),
        sa.Column("token", sa.Text(), nullable=False, comment="[public] what the sign's QR carries"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was made"),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True, comment="[time] when it was taken out of use"),
        sa.PrimaryKeyConstraint("partner_id", "desk", "scene", "sign_id", name="pk_desk_signs"),
        comment="Printed counter signs.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_desk_signs_token", "desk_signs", ["token"], unique=True)
