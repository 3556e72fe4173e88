"""Who used a code, so that a repeat is told from a replay; refused tries that count once; warnings that are counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "codes",
        sa.Column(
            "asking_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="[keyed] SM3 of who asked for that verification, where and for what",
        ),
    )
    op.add_column(
        "codes",
        sa.Column(
            "replayed_at",
            sa.BigInteger(),
            nullable=True,
            comment="[time] when it was first tried again by somebody else within its life",
        ),
    )
    op.add_column(
        "code_attempts",
        sa.Column(
            "try_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="[keyed] SM3 of code, partner, scene, desk and reason, which count once",
        ),
    )
    op.create_index("uq_code_attempts_try_hash", "code_attempts", ["holder_id", "try_hash"], unique=True)
    op.create_table(
        "replay_warnings",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("place", sa.Integer(), nullable=False, comment="[state] which of the places"),
        sa.Column("warned_at", sa.BigInteger(), nullable=False, comment="[time] when the place was last taken"),
        sa.PrimaryKeyConstraint("holder_id", "place", name="pk_replay_warnings"),
        comment="The last warnings that a holder was sent about used codes: three places, each free again after an hour.",
        sqlite_with_rowid=False,
    )
    op.add_column(
        "desk_entries",
        sa.Column("refusal", sa.Text(), nullable=True, comment="[state] why a known code was refused, if it was"),
    )


def downgrade() -> None:
    op.drop_column("desk_entries", "refusal")
    op.drop_table("replay_warnings")
    op.drop_index("uq_code_attempts_try_hash", table_name="code_attempts")
    op.drop_column("code_attempts", "try_hash")
    op.drop_column("codes", "replayed_at")
    op.drop_column("codes", "asking_hash")
