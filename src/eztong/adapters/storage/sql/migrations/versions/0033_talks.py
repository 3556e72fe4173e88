"""Talks with the service: where a disagreement stands, and every step that was taken in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talks",
        _text("ticket_id", "[id] the ticket that holds what was written"),
        _text("stage", "[state] open, proposed, settled or failed"),
        _instant("opened_at", "when they were opened"),
        _text("proposal", "[id] the message with the proposal that stands or stood", optional=True),
        _instant("proposed_at", "when that proposal was made", optional=True),
        _instant("answer_by_at", "until when it stands or stood", optional=True),
        sa.Column(
            "is_answer_by_provisional",
            sa.Integer(),
            nullable=True,
            comment="[state] 1 while the working days of a year that it reaches into are not known",
        ),
        _instant("ended_at", "when they were settled or failed", optional=True),
        _text("why_failed", "[state] asker, service, silence or left", optional=True),
        _text("former", "[id] number of earlier talks that these follow", optional=True),
        _text("records", "[id] verifications and refused tries that they are about, with spaces between"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_talks"),
        comment="Disagreements with the service, and where the talks about them stand.",
        sqlite_with_rowid=False,
    )
    runs = sa.text("ended_at IS NULL")
    op.create_index("ix_talks_running", "talks", ["opened_at"], sqlite_where=runs, postgresql_where=runs)
    op.create_table(
        "talk_steps",
        _text("ticket_id", "[id] the ticket"),
        _text("step_id", "[id] the step; sorts by time"),
        _text("move", "[state] opened, proposed, countered, accepted or failed"),
        _text("side", "[state] asker, service or time"),
        _instant("at", "when it was done"),
        _text("message_id", "[id] the message that went with it", optional=True),
        sa.PrimaryKeyConstraint("ticket_id", "step_id", name="pk_talk_steps"),
        comment="What either side did in talks with the service.",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("talk_steps")
    op.drop_table("talks")
    # The version before knows neither such work nor such tickets: to it they are complaints.
    op.execute("DELETE FROM jobs WHERE kind = 'talks'")
    op.execute("UPDATE tickets SET kind = 'complaint' WHERE kind = 'talks'")
    op.execute("DELETE FROM row_seals WHERE table_name IN ('talks', 'talk_steps')")
    for table in ("jobs", "tickets"):
        _seal_again(table)


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def _seal_again(table: str) -> None:
    database = op.get_bind()
    database.execute(sa.text("DELETE FROM row_seals WHERE table_name = :table"), {"table": table})
    if database.execute(sa.text(f"SELECT 1 FROM {table}")).first() is None:  # noqa: S608 - our own names
        return
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :table)"), {"table": table})
    elif waiting != "pending" and table not in waiting.split(","):
        joined = sa.text("UPDATE service_settings SET value = :value WHERE name = 'row_seals'")
        database.execute(joined, {"value": f"{waiting},{table}"})
