"""An index with all that a verification asks of acceptances, whose rows hold whole documents. No row changes."""

from __future__ import annotations

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_NAME = "ix_acceptances_signed"


def upgrade() -> None:
    op.create_index(_NAME, "acceptances", ["holder_id", "acceptance_id", "kind", "version", "withdrawn_at"])


def downgrade() -> None:
    op.drop_index(_NAME, table_name="acceptances")
