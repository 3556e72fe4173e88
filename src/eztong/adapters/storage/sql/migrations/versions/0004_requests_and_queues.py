"""Requests, grants, queues, inbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_outbox()
    _create_registration_queue()
    _create_service_settings()
    _create_inbox()
    _create_requests()
    _create_grants()


def downgrade() -> None:
    op.drop_table("grants")
    op.drop_table("requests")
    op.drop_table("inbox")
    op.drop_table("service_settings")
    op.drop_table("registration_queue")
    op.drop_table("outbox")


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.Text(), nullable=False, comment="[id] the message; sorts by time"),
        sa.Column("topic", sa.Text(), nullable=False, comment="[state] what it is about"),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=False, comment="[sealed] phone and parameters; emptied once delivered"
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was decided"),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False, comment="[time] when to try next"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="[state] tries so far"),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True, comment="[time] when it was delivered"),
        sa.PrimaryKeyConstraint("message_id", name="pk_outbox"),
        comment="Messages that were decided together with state and leave later.",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )


def _create_registration_queue() -> None:
    op.create_table(
        "registration_queue",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False, comment="[time] when to ask next"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="[state] tries so far"),
        sa.PrimaryKeyConstraint("holder_id", name="pk_registration_queue"),
        comment="Applications that wait for the authority.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_registration_queue_next_attempt_at", "registration_queue", ["next_attempt_at"], unique=False)


def _create_service_settings() -> None:
    op.create_table(
        "service_settings",
        sa.Column("name", sa.Text(), nullable=False, comment="[state] name"),
        sa.Column("value", sa.Text(), nullable=False, comment="[state] value"),
        sa.PrimaryKeyConstraint("name", name="pk_service_settings"),
        comment="Small facts of the installation: the sandbox's clock and faults, the mode the data was made in.",
        sqlite_with_rowid=False,
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("message_id", sa.Text(), nullable=False, comment="[id] the message"),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False, comment="[keyed] blind index of the phone"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="[sealed] phone and text"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="[time] when it arrived"),
        sa.PrimaryKeyConstraint("message_id", name="pk_inbox"),
        comment="The sandbox's message inbox; empty in live mode.",
        sqlite_with_rowid=False,
    )


def _create_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] who asks"),
        sa.Column("request_id", sa.Text(), nullable=False, comment="[id] the request; sorts by time"),
        sa.Column(
            "token_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the token in the link"
        ),
        sa.Column("scene", sa.Text(), nullable=False, comment="[state] scene"),
        sa.Column("desk", sa.Text(), nullable=True, comment="[state] desk"),
        sa.Column("claims", sa.Text(), nullable=False, comment="[state] claims wanted, separated by spaces"),
        sa.Column(
            "grant_days",
            sa.Integer(),
            nullable=False,
            comment="[state] how many days a grant shall live; 0 for this time only",
        ),
        sa.Column("match_number", sa.Integer(), nullable=False, comment="[state] two digits shown at the partner"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] init, doing, finished or timeout"),
        sa.Column("reference", sa.Text(), nullable=True, comment="[state] the partner's own reference"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was opened"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False, comment="[time] when its time is over"),
        sa.Column("holder_id", sa.Text(), nullable=True, comment="[id] who answered"),
        sa.Column("verification_id", sa.Text(), nullable=True, comment="[id] the answer"),
        sa.PrimaryKeyConstraint("partner_id", "request_id", name="pk_requests"),
        comment="Partner-started flows that wait for a holder.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_requests_request_id", "requests", ["request_id"], unique=False)
    op.create_index("uq_requests_token_hash", "requests", ["token_hash"], unique=True)


def _create_grants() -> None:
    op.create_table(
        "grants",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("grant_id", sa.Text(), nullable=False, comment="[id] the grant"),
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("scene", sa.Text(), nullable=False, comment="[state] scene"),
        sa.Column("claims", sa.Text(), nullable=False, comment="[state] claims, separated by spaces"),
        sa.Column("purpose", sa.Text(), nullable=False, comment="[public] purpose as it was shown"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] granted, withdrawn or lapsed"),
        sa.Column("granted_at", sa.BigInteger(), nullable=False, comment="[time] when"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False, comment="[time] when it lapses"),
        sa.Column("request_id", sa.Text(), nullable=True, comment="[id] request that asked for it"),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True, comment="[time] when it was withdrawn"),
        sa.PrimaryKeyConstraint("holder_id", "grant_id", name="pk_grants"),
        comment="What a holder allowed one partner in one scene.",
        sqlite_with_rowid=False,
    )
