"""Feedback tickets; a report of a record is followed by one, which now says whether and until when it is answered.

A report of before gets a ticket without a secret, found by its account alone. Its number begins with 0, which no
number that is drawn does. Reports are sealed again by `eztong db upgrade`, which has the keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from eztong.adapters.storage.sql.migrations.portable import set_aside

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# The period of a report of before was fifteen days by the calendar; it stays.
_TICKETS = """
INSERT INTO tickets
SELECT report_id,
       '0' || substr('00000000' || row_number() OVER (ORDER BY report_id),
                     length('00000000' || row_number() OVER (ORDER BY report_id)) - 8),
       'report', state, holder_id, created_at, created_at, due_at, 0,
       CASE WHEN state = 'closed' THEN created_at ELSE NULL END,
       CASE WHEN state = 'closed' THEN created_at ELSE NULL END,
       NULL, NULL, NULL
FROM reports
"""


def upgrade() -> None:
    _create_tickets()
    _create_messages()
    op.execute(_TICKETS)
    _replace_reports(
        "SELECT holder_id, report_id, record_id, report_id, froze, created_at, sealed_note FROM reports_before",
        _id("ticket_id", "the ticket that says where it stands"),
    )
    for table in ("reports", "tickets"):
        _seal_again(table)


def downgrade() -> None:
    _replace_reports(
        "SELECT r.holder_id, r.report_id, r.record_id, CASE WHEN t.state = 'closed' THEN 'closed' ELSE 'open' END, "
        "r.froze, r.created_at, t.due_at, r.sealed_note "
        "FROM reports_before r JOIN tickets t ON t.ticket_id = r.ticket_id",
        _state("state", "open or closed"),
        _instant("due_at", "when it must be answered"),
    )
    op.drop_table("ticket_messages")
    op.drop_table("tickets")
    op.execute("DELETE FROM row_seals WHERE table_name IN ('tickets', 'ticket_messages')")
    _seal_again("reports")


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        _id("ticket_id", "the ticket; sorts by time"),
        _id("number", "the number that the asker was told"),
        _state("kind", "question, correction, complaint, report or deregistration"),
        _state("state", "open, answered or closed"),
        _id("holder_id", "the account that asked", optional=True),
        _instant("created_at", "when it was opened"),
        _instant("asked_at", "when the period of answering began"),
        _instant("due_at", "when it must be answered"),
        _flag("is_due_provisional", "1 while the working days of a year that it reaches into are not known"),
        _instant("answered_at", "when it was answered last", optional=True),
        _instant("closed_at", "when it ended", optional=True),
        _bytes("secret_hash", "[keyed] keyed hash of the secret that the asker was shown"),
        _id("kek_id", "the key that wraps the data key", optional=True),
        _bytes("data_key", "[sealed] wrapped data key of a ticket without an account"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_tickets"),
        comment="What people wrote to the service, and where the answer stands.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_tickets_number", "tickets", ["number"], unique=True)
    for name, column, unique, where in (
        ("uq_tickets_secret_hash", "secret_hash", True, "secret_hash IS NOT NULL"),
        ("ix_tickets_holder_id", "holder_id", False, "holder_id IS NOT NULL"),
        ("ix_tickets_open", "due_at", False, "state = 'open'"),
        ("ix_tickets_closed_at", "closed_at", False, "closed_at IS NOT NULL"),
    ):
        only = sa.text(where)
        op.create_index(name, "tickets", [column], unique=unique, sqlite_where=only, postgresql_where=only)


def _create_messages() -> None:
    op.create_table(
        "ticket_messages",
        _id("ticket_id", "the ticket"),
        _id("message_id", "the message; sorts by time"),
        _state("author", "asker or staff"),
        _instant("at", "when it was written"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="[sealed] the words"),
        sa.Column("operator", sa.Text(), comment="[state] login of the staff member who wrote it"),
        sa.PrimaryKeyConstraint("ticket_id", "message_id", name="pk_ticket_messages"),
        comment="What was written in a ticket, by either side.",
        sqlite_with_rowid=False,
    )


def _replace_reports(rows: str, *parts: sa.Column[str] | sa.Column[int]) -> None:
    """Make the table anew with ``parts`` where the other version has others, and fill it."""
    op.drop_index("uq_reports_record_id", table_name="reports")
    set_aside("reports", as_table="reports_before")
    first, last = parts[0], parts[1:]
    op.create_table(
        "reports",
        _id("holder_id", "the account"),
        _id("report_id", "the report; sorts by time"),
        _id("record_id", "the verification or refused try it is about"),
        first,
        _flag("froze", "1 if the holder froze the account with it"),
        _instant("created_at", "when it was made"),
        *last,
        _bytes("sealed_note", "[sealed] the holder's own words"),
        sa.PrimaryKeyConstraint("holder_id", "report_id", name="pk_reports"),
        comment="What holders reported as not theirs.",
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO reports {rows}")
    op.drop_table("reports_before")
    op.create_index("uq_reports_record_id", "reports", ["holder_id", "record_id"], unique=True)
    op.execute("DELETE FROM row_seals WHERE table_name = 'reports'")


def _seal_again(table: str) -> None:
    database = op.get_bind()
    if database.execute(sa.text(f"SELECT 1 FROM {table}")).first() is None:  # noqa: S608 - our own names
        return
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :table)"), {"table": table})
    elif waiting != "pending":
        both = {"tables": f"{waiting},{table}"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)


def _id(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=f"[id] {comment}")


def _state(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, comment=f"[state] {comment}")


def _flag(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=f"[state] {comment}")


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def _bytes(name: str, comment: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=True, comment=comment)
