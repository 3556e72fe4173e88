"""Disputes: refused tries are attested, and what was handed out as evidence is known by its manifest.

A try of before was not attested and stays so: its evidence document would be of today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ATTESTED = (
    ("salt", sa.LargeBinary(), "[keyed] salt of the holder's commitment in the evidence document"),
    ("document", sa.LargeBinary(), "[evidence] canonical evidence document; no personal data"),
    ("batch_id", sa.Text(), "[id] batch that signed it"),
    ("leaf_index", sa.Integer(), "[evidence] its place in the batch"),
)


def upgrade() -> None:
    for name, kind, comment in _ATTESTED:
        op.add_column("code_attempts", sa.Column(name, kind, nullable=True, comment=comment))
    op.create_table(
        "disputes",
        _text("holder_id", "[id] the account"),
        _text("record_id", "[id] the verification or refused try it is about"),
        _text("ticket_id", "[id] the ticket that says where it stands"),
        _instant("opened_at", "when help was asked for"),
        sa.PrimaryKeyConstraint("holder_id", "record_id", name="pk_disputes"),
        comment="For which records holders asked the service to help.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bundles",
        _text("record_id", "[id] the verification or refused try it is about"),
        _text("bundle_id", "[id] the bundle; sorts by time"),
        _text("party", "[state] holder, partner or authority: whose side it shows"),
        _text("holder_id", "[id] the account of the record, if one was known", optional=True),
        _text("partner_id", "[id] the partner of the record"),
        _text("asked_by", "[id] API key of the partner, or logins of the two operators", optional=True),
        _bytes("contents_hash", "[evidence] SM3 over the names and hashes of its parts", optional=False),
        _bytes("sealed_basis", "[sealed] document number and legal basis of an authority's request", optional=True),
        _bytes("document", "[evidence] canonical manifest; no personal data", optional=False),
        _text("batch_id", "[id] batch that signed it"),
        sa.Column("leaf_index", sa.Integer(), nullable=False, comment="[evidence] its place in the batch"),
        _bytes("salt", "[keyed] salt of the holder's commitment in the manifest", optional=False),
        _instant("created_at", "when it was made"),
        _instant("downloaded_at", "when it was handed out last", optional=True),
        sa.PrimaryKeyConstraint("record_id", "bundle_id", name="pk_bundles"),
        comment="What was handed out as evidence: the manifest of each bundle, and to whom.",
        sqlite_with_rowid=False,
    )
    has_holder = sa.text("holder_id IS NOT NULL")
    op.create_index(
        "ix_bundles_holder_id", "bundles", ["holder_id"], sqlite_where=has_holder, postgresql_where=has_holder
    )


def downgrade() -> None:
    op.drop_table("bundles")
    op.drop_table("disputes")
    for name, _, _ in reversed(_ATTESTED):
        op.drop_column("code_attempts", name)
    op.execute("DELETE FROM row_seals WHERE table_name IN ('disputes', 'bundles')")
    _seal_again("code_attempts")


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


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _bytes(name: str, comment: str, *, optional: bool) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")
