"""Agreements, partners, keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_agreements()
    _create_acceptances()
    _create_partners()
    _create_scenes()
    _create_desks()
    _create_api_keys()
    _create_partner_switches()


def downgrade() -> None:
    op.drop_table("partner_switches")
    op.drop_table("api_keys")
    op.drop_table("desks")
    op.drop_table("scenes")
    op.drop_table("partners")
    op.drop_table("acceptances")
    op.drop_table("agreements")


def _create_agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("kind", sa.Text(), nullable=False, comment="[public] service or authorisation"),
        sa.Column("version", sa.Text(), nullable=False, comment="[public] version"),
        sa.Column("language", sa.Text(), nullable=False, comment="[public] language of the text"),
        sa.Column("title", sa.Text(), nullable=False, comment="[public] title"),
        sa.Column("text", sa.Text(), nullable=False, comment="[public] full text with emphasis marks"),
        sa.Column("text_hash", sa.Text(), nullable=False, comment="[evidence] SM3 of the text"),
        sa.Column(
            "change_class", sa.Text(), nullable=False, comment="[public] A, B or C: what the version asks of holders"
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="[public] draft, scheduled, in_force or superseded"),
        sa.Column("in_force_from", sa.BigInteger(), nullable=False, comment="[time] when it came into force"),
        sa.PrimaryKeyConstraint("kind", "version", "language", name="pk_agreements"),
        comment="Versions of the documents, with the operator's values filled in.",
        sqlite_with_rowid=False,
    )


def _create_acceptances() -> None:
    op.create_table(
        "acceptances",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("acceptance_id", sa.Text(), nullable=False, comment="[id] the acceptance"),
        sa.Column("kind", sa.Text(), nullable=False, comment="[state] service or authorisation"),
        sa.Column("version", sa.Text(), nullable=False, comment="[state] version accepted"),
        sa.Column("language", sa.Text(), nullable=False, comment="[state] language shown"),
        sa.Column("title", sa.Text(), nullable=False, comment="[public] title shown"),
        sa.Column("text_hash", sa.Text(), nullable=False, comment="[evidence] SM3 of the text shown"),
        sa.Column("shown_at", sa.BigInteger(), nullable=False, comment="[time] when the page was shown"),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False, comment="[time] when it was accepted"),
        sa.Column("act", sa.Text(), nullable=False, comment="[state] what the holder did"),
        sa.Column(
            "salt",
            sa.LargeBinary(),
            nullable=False,
            comment="[keyed] salt of the holder's commitment in the evidence document",
        ),
        sa.Column(
            "sealed_context", sa.LargeBinary(), nullable=False, comment="[sealed] address and browser of the act"
        ),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True, comment="[time] when it was withdrawn"),
        sa.Column(
            "document",
            sa.LargeBinary(),
            nullable=False,
            comment="[evidence] canonical evidence document; no personal data",
        ),
        sa.Column("batch_id", sa.Text(), nullable=False, comment="[id] batch that signed it"),
        sa.Column("leaf_index", sa.Integer(), nullable=False, comment="[evidence] its place in the batch"),
        sa.PrimaryKeyConstraint("holder_id", "acceptance_id", name="pk_acceptances"),
        comment="That a holder accepted exactly one text; one row for each document.",
        sqlite_with_rowid=False,
    )


def _create_partners() -> None:
    op.create_table(
        "partners",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("name", sa.Text(), nullable=False, comment="[public] registered name"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="[public] name in English"),
        sa.Column("sector_id", sa.Text(), nullable=False, comment="[id] sector that fixes the partner codes"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] applied, approved, suspended or closed"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was registered"),
        sa.PrimaryKeyConstraint("partner_id", name="pk_partners"),
        comment="Relying parties.",
        sqlite_with_rowid=False,
    )


def _create_scenes() -> None:
    op.create_table(
        "scenes",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("scene", sa.Text(), nullable=False, comment="[id] the scene"),
        sa.Column("title", sa.Text(), nullable=False, comment="[public] title in Chinese"),
        sa.Column("title_en", sa.Text(), nullable=False, comment="[public] title in English"),
        sa.Column("purpose", sa.Text(), nullable=False, comment="[public] purpose in Chinese, as holders read it"),
        sa.Column("purpose_en", sa.Text(), nullable=False, comment="[public] purpose in English"),
        sa.Column("floor", sa.Text(), nullable=False, comment="[state] assurance needed: low, substantial or high"),
        sa.Column("claims", sa.Text(), nullable=False, comment="[state] claims it may ask, separated by spaces"),
        sa.PrimaryKeyConstraint("partner_id", "scene", name="pk_scenes"),
        comment="What a partner does and may ask.",
        sqlite_with_rowid=False,
    )


def _create_desks() -> None:
    op.create_table(
        "desks",
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("desk", sa.Text(), nullable=False, comment="[id] the desk"),
        sa.Column("name", sa.Text(), nullable=False, comment="[public] name of the desk"),
        sa.PrimaryKeyConstraint("partner_id", "desk", name="pk_desks"),
        comment="Counters of a partner.",
        sqlite_with_rowid=False,
    )


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the key"),
        sa.Column("key_id", sa.Text(), nullable=False, comment="[id] the key's public name"),
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("label", sa.Text(), nullable=False, comment="[state] what the operator called it"),
        sa.Column("scopes", sa.Text(), nullable=False, comment="[state] what it may do, separated by spaces"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was issued"),
        sa.Column("expires_at", sa.BigInteger(), nullable=True, comment="[time] when it ends by itself"),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True, comment="[time] when it was revoked"),
        sa.PrimaryKeyConstraint("key_hash", name="pk_api_keys"),
        comment="API keys; only keyed hashes, the key was shown once.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_api_keys_partner_id", "api_keys", ["partner_id"], unique=False)


def _create_partner_switches() -> None:
    op.create_table(
        "partner_switches",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("partner_id", sa.Text(), nullable=False, comment="[id] the partner"),
        sa.Column("is_on", sa.Integer(), nullable=False, comment="[state] 0 if the holder switched the partner off"),
        sa.Column("changed_at", sa.BigInteger(), nullable=False, comment="[time] when the switch was last moved"),
        sa.PrimaryKeyConstraint("holder_id", "partner_id", name="pk_partner_switches"),
        comment="A holder's own switch for one partner; no row means on.",
        sqlite_with_rowid=False,
    )
