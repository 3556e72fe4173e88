"""What the console needs: operators' second factors, invitations and sessions, and the audit.

All new columns are empty in every row of before, and what is empty is in no row's tag.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_FILTERS = ("operator", "subject", "what", "correlation")


def upgrade() -> None:
    used = "[state] half minute of the last one-time code that was taken"
    invite = "[keyed] keyed hash of the word that lets the operator set up the console"
    key = "[sealed] key of the authenticator app"
    op.add_column("operators", sa.Column("second_factor", sa.LargeBinary(), comment=key))
    op.add_column("operators", sa.Column("used_step", sa.BigInteger(), comment=used))
    op.add_column("operators", sa.Column("invite_hash", sa.LargeBinary(), comment=invite))
    op.add_column("operators", sa.Column("invite_until", sa.BigInteger(), comment="[time] until when that word works"))
    _sessions()
    _audit()


def _sessions() -> None:
    op.create_table(
        "operator_sessions",
        sa.Column("session_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the cookie's token"),
        sa.Column("session_id", sa.Text(), nullable=False, comment="[id] the session, as pages name it"),
        sa.Column("operator", sa.Text(), nullable=False, comment="[id] name of the operator"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it began"),
        sa.Column("active_at", sa.BigInteger(), nullable=False, comment="[time] when it was last used"),
        sa.Column("ended_at", sa.BigInteger(), comment="[time] when it was ended"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_operator_sessions"),
        comment="Signed-in browsers of operators; only keyed hashes of their tokens.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_operator_sessions_operator", "operator_sessions", ["operator"])


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("entry_id", sa.Text(), nullable=False, comment="[id] the entry; sorts by time"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="[time] when"),
        sa.Column("step", sa.Text(), nullable=False, comment="[state] intended, done, refused or failed"),
        sa.Column("what", sa.Text(), nullable=False, comment="[state] what: a permission, or the command"),
        sa.Column("operator", sa.Text(), nullable=False, comment="[state] name of the operator"),
        sa.Column(
            "roles", sa.Text(), nullable=False, comment="[state] roles of the operator then, separated by spaces"
        ),
        sa.Column("door", sa.Text(), nullable=False, comment="[state] console, command or elsewhere"),
        sa.Column("correlation", sa.Text(), nullable=False, comment="[id] joins what belongs to one act"),
        sa.Column("subject", sa.Text(), nullable=False, comment="[id] what it was done to, as far as known"),
        sa.Column("error", sa.Text(), nullable=False, comment="[state] code of the refusal"),
        sa.Column(
            "change", sa.Text(), nullable=False, comment="[state] before and after, in machine words; no personal data"
        ),
        sa.Column("salt", sa.LargeBinary(), nullable=False, comment="[keyed] salt of the commitments in the document"),
        sa.Column(
            "document",
            sa.LargeBinary(),
            nullable=False,
            comment="[evidence] canonical evidence document; no personal data",
        ),
        sa.Column("batch_id", sa.Text(), nullable=False, comment="[id] batch that signed it"),
        sa.Column("leaf_index", sa.Integer(), nullable=False, comment="[evidence] its place in the batch"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit_entries"),
        comment="What operators meant to do, did and were refused; no personal data.",
        sqlite_with_rowid=False,
    )
    for name in _FILTERS:
        op.create_index(f"ix_audit_entries_{name}", "audit_entries", [name, "entry_id"])
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])


def downgrade() -> None:
    op.drop_table("audit_entries")
    op.drop_table("operator_sessions")
    # The version before cannot tell a role of this one from damage.
    op.execute("UPDATE operators SET roles = TRIM(REPLACE(' ' || roles || ' ', ' security ', ' '))")
    for name in ("invite_until", "invite_hash", "used_step", "second_factor"):
        op.drop_column("operators", name)
    _seal_again("operators")


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
