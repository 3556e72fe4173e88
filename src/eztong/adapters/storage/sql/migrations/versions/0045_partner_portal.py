"""The partner portal: people of partners and their sessions; keys say how they begin, and when they were used last.

Both new columns of keys are empty at first, which changes no row's tag: the beginning of a key of before is not known.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_TABLES = ("portal_sessions", "portal_people")


def upgrade() -> None:
    op.add_column("api_keys", _text("prefix", "[public] how the key begins; empty: made before this was kept"))
    op.add_column("api_keys", _instant("used_at", "when it was used last, to the hour"))
    op.create_table(
        "portal_people",
        _text("partner_id", "[id] the partner", needed=True),
        _text("name", "[id] the name under which the person acts; never given again", needed=True),
        _text("person_id", "[id] the person, as evidence names them", needed=True),
        _text("role", "[state] administrator, developer or auditor", needed=True),
        _text("state", "[state] active or disabled", needed=True),
        _instant("created_at", "when the person was added", needed=True),
        _text("added_by", "[state] operator or person who added this one", needed=True),
        _text("secret_hash", "[keyed] argon2id hash of the person's secret; empty until it was set up", needed=True),
        _bytes("second_factor", "[sealed] key of the authenticator app"),
        sa.Column("used_step", sa.BigInteger(), comment="[state] half minute of the last one-time code that was taken"),
        _bytes("invite_hash", "[keyed] keyed hash of the word that lets the person set themselves up"),
        _instant("invite_until", "until when that word works"),
        sa.PrimaryKeyConstraint("partner_id", "name", name="pk_portal_people"),
        comment="People of partners, who act at the partner portal.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "portal_sessions",
        _bytes("session_hash", "[keyed] keyed hash of the cookie's token", needed=True),
        _text("session_id", "[id] the session, as pages name it", needed=True),
        _text("partner_id", "[id] the partner", needed=True),
        _text("name", "[id] name of the person", needed=True),
        _instant("created_at", "when it began", needed=True),
        _instant("active_at", "when it was last used", needed=True),
        _instant("ended_at", "when it was ended"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_portal_sessions"),
        comment="Signed-in browsers at the partner portal; only keyed hashes of their tokens.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_portal_sessions_person", "portal_sessions", ["partner_id", "name"])


def _text(name: str, comment: str, *, needed: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=not needed, comment=comment)


def _bytes(name: str, comment: str, *, needed: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=not needed, comment=comment)


def _instant(name: str, comment: str, *, needed: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=not needed, comment=f"[time] {comment}")


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
        op.execute(f"DELETE FROM row_seals WHERE table_name = '{name}'")  # noqa: S608 - our own names
    # The version before knows no such door of the audit: to it these were done elsewhere.
    op.execute("UPDATE audit_entries SET door = 'elsewhere' WHERE door = 'portal'")
    for column in ("used_at", "prefix"):
        op.drop_column("api_keys", column)
    for table in ("api_keys", "audit_entries"):
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
