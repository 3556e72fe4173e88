"""Marks that limit accounts, and how long identity documents are valid.

``restricted`` is no state of its own any more: such an account becomes active (or stopped while active) with the mark
that registration set. What the authority said of the document was not kept until now, so every account is given the job
that asks it again, one account a minute over thirty days. Rows are sealed again by `eztong db upgrade`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_WAS_RESTRICTED = "state = 'restricted' OR stopped LIKE '%restricted%'"
_MARKS = f"""
INSERT INTO restrictions
SELECT holder_id, 'rst_' || substr(holder_id, 5), 'document_expired', 'low', 'R40', 'system', created_at, NULL, NULL
FROM holders
WHERE {_WAS_RESTRICTED}
"""  # noqa: S608 - our own words
_TO_ACTIVE = f"""
UPDATE holders
SET state = CASE WHEN state = 'restricted' THEN 'active' ELSE state END,
    stopped = replace(stopped, 'restricted', 'active'),
    ceiling = 'low',
    mark_changes = 1
WHERE {_WAS_RESTRICTED}
"""  # noqa: S608 - our own words
_RECHECKS = """
INSERT INTO jobs (job_id, kind, key, holder_id, sealed, priority, created_at, next_attempt_at, attempts)
SELECT 'job_' || substr(holder_id, 5), 'rechecks', holder_id, holder_id, :empty, 0, :now,
       :now + 60000 * (row_number() OVER (ORDER BY holder_id) % 43200), 0
FROM holders
WHERE state IN ('active', 'frozen', 'terminated', 'deregistering')
"""
_BACK = """
UPDATE holders
SET state = CASE WHEN state = 'active' THEN 'restricted' ELSE state END,
    stopped = CASE WHEN stopped = 'active' OR stopped LIKE 'active,%'
              THEN 'restricted' || substr(stopped, 7) ELSE stopped END
WHERE ceiling IS NOT NULL
"""


def upgrade() -> None:
    op.add_column(
        "holders",
        sa.Column("ceiling", sa.Text(), comment="[state] lowest ceiling of the open marks: none, low or substantial"),
    )
    op.add_column(
        "holders",
        sa.Column("mark_changes", sa.Integer(), comment="[state] how often marks were set or lifted"),
    )
    _create_restrictions()
    _create_documents()
    op.execute(_MARKS)
    op.execute(_TO_ACTIVE)
    moment = sa.text(_RECHECKS).bindparams(now=_now(), empty=b"")
    op.get_bind().execute(moment)
    for table in ("holders", "restrictions", "jobs"):
        _seal_again(table)


def downgrade() -> None:
    op.execute(_BACK)
    op.execute("DELETE FROM jobs WHERE kind IN ('documents', 'rechecks')")
    op.drop_table("identity_documents")
    op.drop_table("restrictions")
    op.drop_column("holders", "mark_changes")
    op.drop_column("holders", "ceiling")
    op.execute("DELETE FROM row_seals WHERE table_name IN ('restrictions', 'identity_documents')")
    for table in ("holders", "jobs"):
        _seal_again(table)


def _now() -> int:
    newest = op.get_bind().execute(sa.text("SELECT max(created_at) FROM holders")).scalar()
    return 0 if newest is None else int(newest)


def _create_restrictions() -> None:
    op.create_table(
        "restrictions",
        _text("holder_id", "[id] the account"),
        _text("restriction_id", "[id] the mark; sorts by time"),
        _text("cause", "[state] document_expired, data_doubt, risk, operator, minor_limits or asked"),
        _text("ceiling", "[state] the most demanding scenes that still pass: none, low or substantial"),
        _text("rule", "[state] what set it: a rule of the policy, or the reason that staff gave"),
        _text("actor", "[state] who set it: holder, operator, risk or system"),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="[time] when it was set"),
        sa.Column("until", sa.BigInteger(), nullable=True, comment="[time] when it was lifted"),
        sa.Column("lifted_by", sa.Text(), nullable=True, comment="[state] who lifted it"),
        sa.PrimaryKeyConstraint("holder_id", "restriction_id", name="pk_restrictions"),
        comment="Marks that limit an account: by which cause, up to which ceiling, since when and until when.",
        sqlite_with_rowid=False,
    )


def _create_documents() -> None:
    op.create_table(
        "identity_documents",
        _text("holder_id", "[id] the account"),
        sa.Column(
            "checked_at", sa.BigInteger(), nullable=False, comment="[time] when the authority confirmed the person last"
        ),
        sa.Column(
            "sealed_valid_until",
            sa.LargeBinary(),
            nullable=True,
            comment="[sealed] last day on which the document is valid",
        ),
        sa.Column(
            "reminded",
            sa.Integer(),
            nullable=True,
            comment="[state] newest reminder that went out, in days before that day",
        ),
        sa.PrimaryKeyConstraint("holder_id", name="pk_identity_documents"),
        comment="What the authority last said of an account's identity document.",
        sqlite_with_rowid=False,
    )


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _seal_again(table: str) -> None:
    database = op.get_bind()
    if database.execute(sa.text(f"SELECT 1 FROM {table}")).first() is None:  # noqa: S608 - our own names
        return
    database.execute(sa.text("DELETE FROM row_seals WHERE table_name = :table"), {"table": table})
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :table)"), {"table": table})
    elif waiting != "pending" and table not in waiting.split(","):
        both = {"tables": f"{waiting},{table}"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)
