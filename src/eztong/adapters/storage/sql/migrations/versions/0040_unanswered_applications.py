"""Applications that wait for an answer of their applicant: found without reading all accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_WAITS = sa.text("state = 'supplement_needed'")


def upgrade() -> None:
    op.create_index("ix_holders_asked", "holders", ["holder_id"], sqlite_where=_WAITS, postgresql_where=_WAITS)


def downgrade() -> None:
    op.drop_index("ix_holders_asked", table_name="holders")
