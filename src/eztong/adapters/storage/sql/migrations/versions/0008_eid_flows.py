"""What a flow of the Tencent Cloud door adds to a request: intention, identity release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "eid_flows",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] who asks"),
        sa.Column("eid_token", sa.Text(), nullable=False, comment="[id] the flow, as the partner names it"),
        sa.Column("request_id", sa.Text(), nullable=False, comment="[id] the request that it is"),
        sa.Column("merchant_id", sa.Text(), nullable=False, comment="[id] the merchant that asks"),
        sa.Column(
            "sealed_settings",
            sa.LargeBinary(),
            nullable=False,
            comment="[sealed] what the merchant set, with the person it expects",
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was opened"),
        sa.Column("tries", sa.Text(), nullable=False, comment="[state] how each try ended, as JSON"),
        sa.Column(
            "confirmed",
            sa.Integer(),
            nullable=True,
            comment="[state] 1 if the holder confirmed the intention, 0 if not; empty while open",
        ),
        sa.Column("eid_sign", sa.Text(), nullable=True, comment="[evidence] signature over the partner code"),
        sa.Column("des_key", sa.Text(), nullable=True, comment="[sealed] session key for the merchant's key"),
        sa.Column("user_info", sa.Text(), nullable=True, comment="[sealed] identity under the session key"),
        sa.Column(
            "sealed_confirmations",
            sa.LargeBinary(),
            nullable=True,
            comment="[sealed] what was confirmed, with the salt of the evidence",
        ),
        sa.Column(
            "evidence", sa.LargeBinary(), nullable=True, comment="[evidence] salted commitments to the intention"
        ),
        sa.Column("evidence_batch", sa.Text(), nullable=True, comment="[id] batch that attests the evidence"),
        sa.Column("evidence_leaf", sa.Integer(), nullable=True, comment="[evidence] its leaf there"),
        sa.PrimaryKeyConstraint("partner_id", "eid_token", name="pk_eid_flows"),
        comment="What an E证通 flow adds to its request.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_eid_flows_eid_token", "eid_flows", ["eid_token"], unique=True)
    op.create_index("uq_eid_flows_request_id", "eid_flows", ["request_id"], unique=True)


def downgrade() -> None:
    op.drop_table("eid_flows")
