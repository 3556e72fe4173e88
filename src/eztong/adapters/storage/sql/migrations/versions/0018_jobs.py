"""Messages, queued applications and refusals that go on are rows of one table of jobs, with their times and tries.

Payloads stay bound to what they were sealed for. Rows that move are sealed again by `eztong db upgrade`, which has the
keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from eztong.adapters.storage.sql.migrations.portable import empty_bytes

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_WAITS, _ENDED, _OF_HOLDER = (
    sa.text("ended_at IS NULL"),
    sa.text("ended_at IS NOT NULL"),
    sa.text("holder_id IS NOT NULL"),
)
_COLUMNS = (
    "job_id, kind, key, topic, holder_id, sealed, priority, created_at, next_attempt_at, attempts, expires_at, "
    "leased_until, ended_at, ended_as"
)
_MESSAGES = """
SELECT message_id, 'outbox', message_id, topic, NULL, sealed, priority, created_at, next_attempt_at, attempts,
       expires_at, leased_until, delivered_at, CASE WHEN delivered_at IS NULL THEN NULL ELSE 'done' END
FROM outbox
"""
# When an application was made was not kept: the account is as old as that, or older.
_REGISTRATIONS = """
SELECT 'job_' || q.holder_id, 'registrations', q.holder_id, NULL, q.holder_id, {empty}, 0,
       coalesce(h.created_at, q.next_attempt_at), q.next_attempt_at, q.attempts, NULL, q.leased_until, NULL, NULL
FROM registration_queue q LEFT JOIN holders h ON h.holder_id = q.holder_id
"""
_REFUSALS = """
SELECT 'job_' || request_id, 'refusals', request_id, NULL, aside_for, {empty}, 0, created_at, declines_at, 0, expires_at,
       NULL, NULL, NULL
FROM requests WHERE declines_at IS NOT NULL AND state IN ('init', 'doing')
"""


def upgrade() -> None:
    _create_jobs()
    for rows in (_MESSAGES, _REGISTRATIONS, _REFUSALS):
        op.execute(f"INSERT INTO jobs ({_COLUMNS}) {rows.format(empty=empty_bytes())}")
    op.drop_index("ix_requests_declines_at", table_name="requests")
    op.drop_table("registration_queue")
    op.drop_table("outbox")
    op.execute("DELETE FROM row_seals WHERE table_name IN ('outbox', 'registration_queue')")
    _seal_again("jobs")


def downgrade() -> None:
    _create_outbox()
    _create_registration_queue()
    op.create_index(
        "ix_requests_declines_at",
        "requests",
        ["declines_at"],
        sqlite_where=sa.text("declines_at IS NOT NULL"),
        postgresql_where=sa.text("declines_at IS NOT NULL"),
    )
    # The version before removes what is dropped or decided at once.
    op.execute(
        "INSERT INTO outbox SELECT job_id, topic, sealed, priority, created_at, next_attempt_at, attempts, expires_at, "
        "leased_until, ended_at FROM jobs WHERE kind = 'outbox' AND (ended_as IS NULL OR ended_as = 'done')"
    )
    op.execute(
        "INSERT INTO registration_queue SELECT key, next_attempt_at, attempts, leased_until FROM jobs "
        "WHERE kind = 'registrations' AND ended_at IS NULL"
    )
    op.drop_table("jobs")
    op.execute("DELETE FROM row_seals WHERE table_name = 'jobs'")
    _seal_again("outbox")
    _seal_again("registration_queue")


def _create_jobs() -> None:
    what = "Work that was decided together with state and is done later: messages, applications, refusals that go on."
    urgency = "[state] the lower goes first: messages 0 for codes, 1 for an account at stake, 2 for all else"
    op.create_table(
        "jobs",
        _text("job_id", "[id] the job; sorts by time. A message keeps its own id"),
        _text("kind", "[state] outbox, registrations or refusals"),
        _text("key", "[id] which work of its kind it is; the same work waits once only"),
        _text("topic", "[state] what it is about, where a kind has several", optional=True),
        _text("holder_id", "[id] the account that it is about", optional=True),
        _sealed("[sealed] phone and parameters of a message; emptied when the job ends"),
        _whole("priority", urgency),
        _instant("created_at", "when it was decided"),
        _instant("next_attempt_at", "when to try next"),
        _whole("attempts", "[state] tries so far"),
        _instant("expires_at", "when it is of no use any more", optional=True),
        _instant("leased_until", "until when one worker alone may do it", optional=True),
        _instant("ended_at", "when it ended", optional=True),
        _text("ended_as", "[state] done, dropped or withdrawn", optional=True),
        sa.PrimaryKeyConstraint("job_id", name="pk_jobs"),
        comment=what,
        sqlite_with_rowid=False,
    )
    for name, columns, unique, where in (
        ("ix_jobs_waiting", ["kind", "priority", "next_attempt_at"], False, _WAITS),
        ("uq_jobs_waiting_key", ["kind", "key"], True, _WAITS),
        ("ix_jobs_ended_at", ["ended_at"], False, _ENDED),
        ("ix_jobs_holder_id", ["holder_id"], False, _OF_HOLDER),
    ):
        op.create_index(name, "jobs", columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        _text("message_id", "[id] the message; sorts by time"),
        _text("topic", "[state] what it is about"),
        _sealed("[sealed] phone and parameters; emptied once delivered"),
        sa.Column(
            "priority",
            sa.Integer(),
            nullable=False,
            server_default="2",
            comment="[state] 0 for message codes, 1 for what puts an account at stake, 2 for all else",
        ),
        _instant("created_at", "when it was decided"),
        _instant("next_attempt_at", "when to try next"),
        _whole("attempts", "[state] tries so far"),
        _instant("expires_at", "when nobody can use it any more", optional=True),
        _instant("leased_until", "until when one worker alone may deliver it", optional=True),
        _instant("delivered_at", "when it was delivered", optional=True),
        sa.PrimaryKeyConstraint("message_id", name="pk_outbox"),
        comment="Messages that were decided together with state and leave later.",
        sqlite_with_rowid=False,
    )
    waiting, delivered = sa.text("delivered_at IS NULL"), sa.text("delivered_at IS NOT NULL")
    for name, columns, where in (
        ("ix_outbox_waiting", ["priority", "next_attempt_at"], waiting),
        ("ix_outbox_delivered_at", ["delivered_at"], delivered),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)


def _create_registration_queue() -> None:
    op.create_table(
        "registration_queue",
        _text("holder_id", "[id] the account"),
        _instant("next_attempt_at", "when to ask next"),
        _whole("attempts", "[state] tries so far"),
        _instant("leased_until", "until when one worker alone asks for it", optional=True),
        sa.PrimaryKeyConstraint("holder_id", name="pk_registration_queue"),
        comment="Applications that wait for the authority.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_registration_queue_next_attempt_at", "registration_queue", ["next_attempt_at"])


def _seal_again(table: str) -> None:
    database = op.get_bind()
    if database.execute(sa.text(f"SELECT 1 FROM {table}")).first() is None:  # noqa: S608 - our own names
        return
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :table)"), {"table": table})
    elif waiting != "pending":
        # Other tables wait already, unless all do; what has tags keeps them.
        both = {"tables": f"{waiting},{table}"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _whole(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def _sealed(comment: str) -> sa.Column[bytes]:
    return sa.Column("sealed", sa.LargeBinary(), nullable=False, comment=comment)
