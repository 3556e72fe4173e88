"""Versions of the texts of messages, and of how long things are kept.

No row of before changes; the new tables are empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_TABLES = ("text_versions", "retention_versions")
_BASED_ON = "[id] the version that was published last when it was proposed; empty for none"
_KINDS = "'message_text', 'retention_longer', 'retention_shorter'"


def upgrade() -> None:
    op.create_table(
        "text_versions",
        sa.Column("version_id", sa.Text(), nullable=False, comment="[id] the version; sorts by time"),
        sa.Column("text_id", sa.Text(), nullable=False, comment="[state] which text of which message"),
        sa.Column(
            "zh", sa.Text(), nullable=False, comment="[public] what it says in Chinese; empty for the program's own"
        ),
        sa.Column(
            "en", sa.Text(), nullable=False, comment="[public] what it says in English; empty for the program's own"
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] proposed, published or refused"),
        sa.Column("made_by", sa.Text(), nullable=False, comment="[state] login of the operator who proposed it"),
        sa.Column("made_at", sa.BigInteger(), nullable=False, comment="[time] when it was proposed"),
        sa.Column("published_at", sa.BigInteger(), comment="[time] when the second operator approved it"),
        sa.PrimaryKeyConstraint("version_id", name="pk_text_versions"),
        comment="Versions of the texts of messages that stand in the place of the program's own, and since when.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_text_versions_text_id", "text_versions", ["text_id", "version_id"])
    op.create_index("ix_text_versions_published_at", "text_versions", ["published_at"])
    op.create_table(
        "retention_versions",
        sa.Column("version_id", sa.Text(), nullable=False, comment="[id] the version; sorts by time"),
        sa.Column("periods", sa.Text(), nullable=False, comment="[public] days by kind, as JSON"),
        sa.Column("starts_at", sa.BigInteger(), nullable=False, comment="[time] from when it was meant to hold"),
        sa.Column("based_on", sa.Text(), nullable=False, comment=_BASED_ON),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] proposed, published or refused"),
        sa.Column("made_by", sa.Text(), nullable=False, comment="[state] login of the operator who proposed it"),
        sa.Column("made_at", sa.BigInteger(), nullable=False, comment="[time] when it was proposed"),
        sa.Column("published_at", sa.BigInteger(), comment="[time] when the second operator approved it"),
        sa.PrimaryKeyConstraint("version_id", name="pk_retention_versions"),
        comment="Versions of how long things are kept, where operators changed it, and from when.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_retention_versions_published_at", "retention_versions", ["published_at"])


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
        op.execute(f"DELETE FROM row_seals WHERE table_name = '{name}'")  # noqa: S608 - our own names
    op.execute(f"DELETE FROM proposals WHERE kind IN ({_KINDS})")  # noqa: S608 - our own names
    _seal_again("proposals")


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
