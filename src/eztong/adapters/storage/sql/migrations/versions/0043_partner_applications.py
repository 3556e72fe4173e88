"""Partners: stage, networks, addresses to return to, own rate. Applications of organisations, and their steps.

All new columns of what was there are empty at first, which changes no row's tag; an empty stage is live.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column(
        "partners", _text("stage", "[state] sandbox or live; empty: registered before there were stages, live")
    )
    networks = "[state] networks that its servers call from, with spaces between; empty: any"
    op.add_column("partners", _text("networks", networks))
    redirects = "[state] addresses that its flows may return to, with spaces between; empty: any"
    op.add_column("partners", _text("redirects", redirects))
    rate = "[state] calls in a minute, where not the service's own limit holds"
    op.add_column("partners", sa.Column("per_minute", sa.Integer(), comment=rate))
    assessed = "[id] application with its purpose and impact assessment"
    op.add_column("scenes", _text("application_id", assessed))
    _add_applications()
    _add_steps()


def _add_applications() -> None:
    states = "[state] applied, supplement_needed, approved, refused or withdrawn"
    document = "[state] scenes, purposes, impact assessments, addresses, as JSON; no personal data"
    contact = "[sealed] contact person and e-mail address; emptied after its time"
    op.create_table(
        "partner_applications",
        _text("application_id", "[id] the application; sorts by time", needed=True),
        _text("partner_id", "[id] the partner that it is about", needed=True),
        _text("state", states, needed=True),
        _text("credit_code", "[public] unified social credit code of the organisation", needed=True),
        _text("document", document, needed=True),
        sa.Column("sealed_contact", sa.LargeBinary(), comment=contact),
        _instant("applied_at", "when it was handed in", needed=True),
        _instant("ended_at", "when it was approved, refused or withdrawn"),
        sa.PrimaryKeyConstraint("application_id", name="pk_partner_applications"),
        comment="What organisations ask for: to be a partner, or for more scenes.",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_partner_applications_open",
        "partner_applications",
        ["partner_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_partner_applications_partner_id", "partner_applications", ["partner_id"])


def _add_steps() -> None:
    kinds = "[state] applied, asked, supplemented, approved, refused or withdrawn"
    who = "[state] name of the operator who did it; none for the organisation itself"
    op.create_table(
        "partner_steps",
        _text("application_id", "[id] the application", needed=True),
        _text("step_id", "[id] the step; sorts by time", needed=True),
        _text("kind", kinds, needed=True),
        _text("operator", who),
        _instant("at", "when it was done", needed=True),
        _text("items", "[state] items of the checklist that it names, with spaces between", needed=True),
        _text("reason", "[state] why; no personal data"),
        sa.PrimaryKeyConstraint("application_id", "step_id", name="pk_partner_steps"),
        comment="What was done with applications of organisations: handed in, asked, answered, decided.",
        sqlite_with_rowid=False,
    )


def _text(name: str, comment: str, *, needed: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=not needed, comment=comment)


def _instant(name: str, comment: str, *, needed: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=not needed, comment=f"[time] {comment}")


def downgrade() -> None:
    for table in ("partner_steps", "partner_applications"):
        op.execute(f"DELETE FROM row_seals WHERE table_name = '{table}'")  # noqa: S608 - our own names
        op.drop_table(table)
    # The version before knows neither this kind of work nor the role.
    op.execute("DELETE FROM jobs WHERE kind = 'partners'")
    op.drop_column("scenes", "application_id")
    for column in ("per_minute", "redirects", "networks", "stage"):
        op.drop_column("partners", column)
    for table in ("partners", "scenes"):
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
