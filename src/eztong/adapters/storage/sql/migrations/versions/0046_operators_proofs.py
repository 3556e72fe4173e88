"""What operators prove themselves with: passkeys, backup codes, when a session was last proven; and emergencies.

The new column is empty in every row of before, and what is empty is in no row's tag.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_TABLES = ("operator_passkeys", "operator_backup_codes", "break_glasses")
_WAITS = sa.text("reviewed_at IS NULL")


def upgrade() -> None:
    proven = "[time] when its operator last proved a second factor in it"
    op.add_column("operator_sessions", sa.Column("proven_at", sa.BigInteger(), comment=proven))
    _proofs()
    _emergencies()


def _proofs() -> None:
    op.create_table(
        "operator_passkeys",
        sa.Column(
            "credential_id",
            sa.LargeBinary(),
            nullable=False,
            comment="[id] the credential, as the authenticator named it",
        ),
        _text("operator", "[id] name of the operator whose it is for good"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="[public] COSE public key"),
        sa.Column(
            "sign_count", sa.Integer(), nullable=False, comment="[state] the authenticator's counter at the last use"
        ),
        _text("label", "[state] what the operator calls it"),
        _instant("created_at", "when it was made"),
        _instant("last_used_at", "when it was last used", optional=True),
        _instant("removed_at", "when it was removed", optional=True),
        sa.PrimaryKeyConstraint("credential_id", name="pk_operator_passkeys"),
        comment="WebAuthn credentials of operators; public keys only.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_operator_passkeys_operator", "operator_passkeys", ["operator"])
    op.create_table(
        "operator_backup_codes",
        _text("operator", "[id] name of the operator"),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the code"),
        _instant("created_at", "when it was made"),
        _instant("used_at", "when it was used", optional=True),
        sa.PrimaryKeyConstraint("operator", "code_hash", name="pk_operator_backup_codes"),
        comment="Codes that serve an operator once instead of the authenticator app; keyed hashes only.",
        sqlite_with_rowid=False,
    )


def _emergencies() -> None:
    op.create_table(
        "break_glasses",
        _text("glass_id", "[id] the emergency; sorts by time"),
        _text("operator", "[id] name of the operator"),
        _text("reason", "[state] why; no personal data"),
        _instant("began_at", "when it began"),
        _instant("until", "when it ends by itself"),
        _instant("ended_at", "when it was ended before", optional=True),
        _text("reviewed_by", "[state] name of the operator who looked at it afterwards", optional=True),
        _instant("reviewed_at", "when that was", optional=True),
        _text("review", "[state] what they found; no personal data", optional=True),
        sa.PrimaryKeyConstraint("glass_id", name="pk_break_glasses"),
        comment="Times in which one operator could do alone what takes two, and who reviewed them.",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_break_glasses_unreviewed", "break_glasses", ["glass_id"], sqlite_where=_WAITS, postgresql_where=_WAITS
    )


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
        op.execute(f"DELETE FROM row_seals WHERE table_name = '{name}'")  # noqa: S608 - our own names
    op.execute("DELETE FROM proposals WHERE kind = 'minor_reveal'")
    op.drop_column("operator_sessions", "proven_at")
    for table in ("operator_sessions", "proposals"):
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
