"""Incidents and announced work, with what was done to each of them and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incidents",
        _text("incident_id", "[id] the incident; sorts by time"),
        _text("kind", "[state] authority, messages, network, attack, disaster, other, maintenance or upgrade"),
        _text("origin", "[state] operator or circuit"),
        _text("affects", "[state] what does not work as usual, with spaces between"),
        _text("effect_zh", "[public] what people notice, in Chinese"),
        _text("effect_en", "[public] what people notice, in English"),
        _text("workaround_zh", "[public] what to do meanwhile, in Chinese", optional=True),
        _text("workaround_en", "[public] what to do meanwhile, in English", optional=True),
        _instant("starts_at", "when it began or will begin"),
        _instant("created_at", "when it was written down"),
        _instant("until", "when it is expected to end", optional=True),
        _instant("ended_at", "when it ended", optional=True),
        sa.PrimaryKeyConstraint("incident_id", name="pk_incidents"),
        comment="What was out of order, or announced, as everybody may read it.",
        sqlite_with_rowid=False,
    )
    for name, column, unique, where in (
        ("ix_incidents_running", "incident_id", False, "ended_at IS NULL"),
        ("ix_incidents_ended_at", "ended_at", False, "ended_at IS NOT NULL"),
        ("uq_incidents_circuit", "origin", True, "ended_at IS NULL AND origin = 'circuit'"),
    ):
        only = sa.text(where)
        op.create_index(name, "incidents", [column], unique=unique, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "incident_updates",
        _text("incident_id", "[id] the incident"),
        _text("update_id", "[id] the update; sorts by time"),
        _text("step", "[state] opened, updated or ended"),
        _instant("at", "when it was done"),
        _text("words_zh", "[public] what people were told, in Chinese", optional=True),
        _text("words_en", "[public] what people were told, in English", optional=True),
        _text("operator", "[state] login of the staff member who did it; none: the service itself", optional=True),
        sa.PrimaryKeyConstraint("incident_id", "update_id", name="pk_incident_updates"),
        comment="What was done to an incident, when, and by whom.",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("incident_updates")
    op.drop_table("incidents")
    op.execute("DELETE FROM row_seals WHERE table_name IN ('incidents', 'incident_updates')")


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")
