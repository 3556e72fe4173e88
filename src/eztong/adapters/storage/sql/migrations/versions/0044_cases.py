"""Cases about misuse of accounts, their steps, and what they hold as evidence (clause 2.10)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_TABLES = ("case_evidence", "case_steps", "cases")
_WAITS = sa.text("over_at IS NULL")


def upgrade() -> None:
    _make_cases()
    _make_what_belongs_to_them()


def _make_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text(), nullable=False, comment="[id] the case; sorts by time"),
        sa.Column("number", sa.Text(), nullable=False, comment="[id] the number by which the holder calls it"),
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account that it is about"),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="[state] fraud, unlawful, harm, breach, rules or malice"
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] open, proposed, decided, appealed or closed"),
        sa.Column("opened_by", sa.Text(), nullable=False, comment="[state] name of the operator who opened it"),
        sa.Column("opened_at", sa.BigInteger(), nullable=False, comment="[time] when it was opened"),
        sa.Column("due_at", sa.BigInteger(), nullable=False, comment="[time] by when staff take the next step"),
        sa.Column(
            "is_due_provisional",
            sa.Integer(),
            nullable=False,
            comment="[state] 1 while the working days of a year that it reaches into are not known",
        ),
        sa.Column("measure", sa.Text(), comment="[state] warn, restrict or terminate"),
        sa.Column("ceiling", sa.Text(), comment="[state] what still passes under a restriction"),
        sa.Column("proposal_id", sa.Text(), comment="[id] the proposal that a second operator decided"),
        sa.Column("proposed_by", sa.Text(), comment="[state] name of the operator who proposed the measure"),
        sa.Column("decided_by", sa.Text(), comment="[state] name of the operator who decided it"),
        sa.Column("decided_at", sa.BigInteger(), comment="[time] when it was decided"),
        sa.Column("appeal_until_at", sa.BigInteger(), comment="[time] until when the holder may object"),
        sa.Column(
            "is_appeal_provisional",
            sa.Integer(),
            comment="[state] 1 while the working days of that period are not known",
        ),
        sa.Column("appealed_at", sa.BigInteger(), comment="[time] when the holder objected"),
        sa.Column("lifted_at", sa.BigInteger(), comment="[time] when the measure was taken back"),
        sa.Column(
            "over_at",
            sa.BigInteger(),
            comment="[time] when nobody waits for anything any more; ahead while an objection is possible",
        ),
        sa.Column("claim", sa.BigInteger(), comment="[state] damages that are claimed, in fen"),
        sa.Column(
            "secret_hash", sa.LargeBinary(), comment="[keyed] keyed hash of the secret that was sent with the decision"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
        comment="Cases about misuse of an account, what was decided in them, and where an objection stands.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_cases_number", "cases", ["number"], unique=True)
    op.create_index("ix_cases_holder_id", "cases", ["holder_id"])
    op.create_index("ix_cases_waiting", "cases", ["due_at", "case_id"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_index("ix_cases_over_at", "cases", ["over_at"])


def _make_what_belongs_to_them() -> None:
    op.create_table(
        "case_steps",
        sa.Column("case_id", sa.Text(), nullable=False, comment="[id] the case"),
        sa.Column("step_id", sa.Text(), nullable=False, comment="[id] the step; sorts by time"),
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account that it is about"),
        sa.Column(
            "move",
            sa.Text(),
            nullable=False,
            comment="[state] what was done: opened, proposed, decided, appealed and so on",
        ),
        sa.Column("operator", sa.Text(), comment="[state] name of the operator who did it"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="[time] when it was done"),
        sa.Column("sealed_words", sa.LargeBinary(), comment="[sealed] the words that went with it"),
        sa.PrimaryKeyConstraint("case_id", "step_id", name="pk_case_steps"),
        comment="What was done in a case, with the words of staff or of the holder.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_evidence",
        sa.Column("case_id", sa.Text(), nullable=False, comment="[id] the case"),
        sa.Column("evidence_id", sa.Text(), nullable=False, comment="[id] a verification, a refused try or a ticket"),
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account that the case is about"),
        sa.Column("kind", sa.Text(), nullable=False, comment="[state] verification, refused_try or ticket"),
        sa.Column("added_by", sa.Text(), nullable=False, comment="[state] name of the operator who added it"),
        sa.Column("added_at", sa.BigInteger(), nullable=False, comment="[time] when it was added"),
        sa.PrimaryKeyConstraint("case_id", "evidence_id", name="pk_case_evidence"),
        comment="What cases hold as evidence: it is kept as long as they are.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_steps_holder_id", "case_steps", ["holder_id"])
    op.create_index("ix_case_evidence_holder_id", "case_evidence", ["holder_id"])
    op.create_index("ix_case_evidence_evidence_id", "case_evidence", ["evidence_id"])


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
        op.execute(f"DELETE FROM row_seals WHERE table_name = '{name}'")  # noqa: S608 - our own names
    # The version before knows neither such proposals nor such marks: to it what a case limits is misuse.
    op.execute("DELETE FROM proposals WHERE kind = 'case_measure'")
    op.execute("UPDATE restrictions SET cause = 'risk' WHERE cause = 'case'")
    for table in ("proposals", "restrictions"):
        _seal_again(table)


def _seal_again(table: str) -> None:
    database = op.get_bind()
    database.execute(sa.text("DELETE FROM row_seals WHERE table_name = :table"), {"table": table})
    if database.execute(sa.text(f"SELECT 1 FROM {table}")).first() is None:  # noqa: S608 - our own names
        return
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :table)"), {"table": table})
    elif waiting != "pending" and table not in waiting.split(","):
        both = {"tables": f"{waiting},{table}"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)
