"""Webhooks: where partners' servers hear, what they are told, and how each try went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        _text("partner_id", "[id] whose server it is"),
        _text("endpoint_id", "[id] the endpoint"),
        _text("url", "[state] the address that is called"),
        _text("event_types", "[state] what it is told of"),
        _text("state", "[state] active or disabled"),
        _instant("created_at", "when it was added"),
        _binary("sealed_secret", "[sealed] the secret and the key that deliveries are signed with"),
        _text("public_key", "[public] the key that checks the asymmetric signature"),
        _instant("secret_made_at", "when the secret was made"),
        _binary("sealed_previous", "[sealed] the secret before, while it signs beside the new one", optional=True),
        _text("previous_public_key", "[public] the key of the secret before", optional=True),
        _instant("previous_until", "until when the secret before signs", optional=True),
        _text("disabled_because", "[state] partner, operator, failing or gone", optional=True),
        _instant("disabled_at", "when it was switched off", optional=True),
        _instant("delivered_at", "when something arrived there last", optional=True),
        _whole("is_slow", "[state] 1: what arrived last took long"),
        _whole("failures", "[state] tries that failed since"),
        _instant("rests_until", "until when nothing is tried there after a failure", optional=True),
        sa.PrimaryKeyConstraint("partner_id", "endpoint_id", name="pk_webhook_endpoints"),
        comment="Where partners' servers hear of events.",
        sqlite_with_rowid=False,
    )
    _create_deliveries()
    _create_attempts()


def _create_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        _text("partner_id", "[id] who is told"),
        _text("endpoint_id", "[id] where"),
        _text("message_id", "[id] the message; the same at each try"),
        _text("event_type", "[state] what happened"),
        _text("body", "[id] what is sent: ids and states"),
        _text("subject", "[id] what must still be so when it is due", optional=True),
        _instant("due_at", "when it is told first"),
        _instant("next_attempt_at", "when it is tried next"),
        _instant("give_up_at", "when it is tried last"),
        _text("state", "[state] pending, delivered or failed"),
        _whole("attempts", "[state] tries so far"),
        _text("failure", "[state] why the last try failed", optional=True),
        _instant("settled_at", "when it arrived or was given up", optional=True),
        sa.PrimaryKeyConstraint("partner_id", "endpoint_id", "message_id", name="pk_webhook_deliveries"),
        comment="What partners' servers are told, each endpoint by itself.",
        sqlite_with_rowid=False,
    )
    for name, columns in (
        ("ix_webhook_deliveries_pending", ["partner_id", "endpoint_id", "next_attempt_at", "message_id"]),
        ("ix_webhook_deliveries_waiting", ["due_at"]),
    ):
        op.create_index(name, "webhook_deliveries", columns, sqlite_where=_PENDING, postgresql_where=_PENDING)
    op.create_index("ix_webhook_deliveries_due_at", "webhook_deliveries", ["due_at"])


def _create_attempts() -> None:
    op.create_table(
        "webhook_attempts",
        _text("partner_id", "[id] who was told"),
        _text("endpoint_id", "[id] where"),
        _text("message_id", "[id] the message"),
        _whole("number", "[state] which try it was"),
        _instant("at", "when it was tried"),
        _whole("status", "[state] the status that was answered", optional=True),
        _text("failure", "[state] why it failed, as coarsely as helps", optional=True),
        _whole("milliseconds", "[state] how long it took"),
        _whole("read_bytes", "[state] how many bytes of the answer were read; none is kept"),
        sa.PrimaryKeyConstraint("partner_id", "endpoint_id", "message_id", "number", name="pk_webhook_attempts"),
        comment="The delivery log: how each try went.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_webhook_attempts_at", "webhook_attempts", ["at"])


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def _binary(name: str, comment: str, *, optional: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=optional, comment=comment)


def _whole(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=optional, comment=comment)


def downgrade() -> None:
    for table in ("webhook_attempts", "webhook_deliveries", "webhook_endpoints"):
        op.drop_table(table)
