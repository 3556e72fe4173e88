"""Codes lie in the order of time and carry their tag, so that a round of verifications touches few pages.

Codes of before are sealed again by `eztong db upgrade`, which has the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from eztong.adapters.storage.sql.migrations.portable import empty_bytes, set_aside

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COMMENT = "Presentation codes; only keyed hashes of the digits."
_KEPT = (
    "code_id, number_hash, qr_hash, holder_id, device_id, acceptance_id, channel, state, issued_at, expires_at, "
    "ended_at, verification_id, asking_hash, replayed_at"
)


def upgrade() -> None:
    op.drop_index("ix_codes_outstanding", table_name="codes")
    op.drop_index("uq_codes_code_id", table_name="codes")
    op.drop_index("uq_codes_qr_hash", table_name="codes")
    tag = sa.Column("tag", sa.LargeBinary(), nullable=False, comment="[keyed] keyed tag over what it was issued with")
    _make_anew(key="code_id", more=[tag], kept=f"{_KEPT}, tag", filled=f"{_KEPT}, {empty_bytes()}")
    op.create_index("uq_codes_number_hash", "codes", ["number_hash"], unique=True)
    op.create_index("uq_codes_qr_hash", "codes", ["qr_hash"], unique=True)
    op.create_index("ix_codes_holder_id", "codes", ["holder_id", "code_id"])
    _seal_again()


def downgrade() -> None:
    for name in ("uq_codes_number_hash", "uq_codes_qr_hash", "ix_codes_holder_id"):
        op.drop_index(name, table_name="codes")
    _make_anew(key="number_hash", more=[], kept=_KEPT, filled=_KEPT)
    op.create_index("uq_codes_qr_hash", "codes", ["qr_hash"], unique=True)
    op.create_index("uq_codes_code_id", "codes", ["code_id"], unique=True)
    op.create_index(
        "ix_codes_outstanding",
        "codes",
        ["holder_id", "device_id"],
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )
    _seal_again()


def _make_anew(*, key: str, more: Sequence[sa.Column[Any]], kept: str, filled: str) -> None:
    set_aside("codes", as_table="codes_before")
    op.create_table(
        "codes",
        *_columns(),
        *more,
        sa.PrimaryKeyConstraint(key, name="pk_codes"),
        comment=_COMMENT,
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO codes ({kept}) SELECT {filled} FROM codes_before")  # noqa: S608 - our own names
    op.drop_table("codes_before")


def _seal_again() -> None:
    op.execute("DELETE FROM row_seals WHERE table_name = 'codes'")
    # Only codes, unless all tables wait already: what has tags keeps them.
    if op.get_bind().execute(sa.text("SELECT 1 FROM codes")).first() is not None:
        op.execute("INSERT INTO service_settings (name, value) VALUES ('row_seals', 'codes') ON CONFLICT DO NOTHING")


def _columns() -> list[sa.Column[Any]]:
    sorts = "[id] the code; sorts by time, so that codes of one minute lie together"
    states = "[state] issued, consumed, expired, cancelled or superseded"
    asked = "[keyed] SM3 of who asked for that verification, where and for what"
    replayed = "[time] when it was first tried again by somebody else within its life"
    return [
        sa.Column("code_id", sa.Text(), nullable=False, comment=sorts),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the 18 digits"),
        sa.Column("qr_hash", sa.LargeBinary(), nullable=True, comment="[keyed] keyed hash of the QR payload"),
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("device_id", sa.Text(), nullable=False, comment="[id] the device that shows it"),
        sa.Column("acceptance_id", sa.Text(), nullable=False, comment="[id] acceptance in force when it was issued"),
        sa.Column("channel", sa.Text(), nullable=False, comment="[state] screen or spoken"),
        sa.Column("state", sa.Text(), nullable=False, comment=states),
        sa.Column("issued_at", sa.BigInteger(), nullable=False, comment="[time] when it was issued"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False, comment="[time] when its life ends"),
        sa.Column("ended_at", sa.BigInteger(), nullable=True, comment="[time] when it left the state issued"),
        sa.Column("verification_id", sa.Text(), nullable=True, comment="[id] the one verification that it made"),
        sa.Column("asking_hash", sa.LargeBinary(), nullable=True, comment=asked),
        sa.Column("replayed_at", sa.BigInteger(), nullable=True, comment=replayed),
    ]
