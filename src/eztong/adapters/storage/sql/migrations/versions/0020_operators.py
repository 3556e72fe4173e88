"""Operators as rows, proposals that take two of them, and attested acts.

A certificate request that waited gets an open proposal by the name that it was taken in under, for seven days from then:
whoever the second operator is, they are a row now.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WEEK_MS = 7 * 24 * 3600 * 1000
_PROPOSALS = f"""
INSERT INTO proposals
SELECT 'prp' || substr(request_id, 4), 'certificate', request_id, NULL, 'taken in before proposals were kept',
       lower(trim(requested_by)), requested_at, requested_at + {_WEEK_MS}, 'open', NULL, NULL, NULL
FROM certificate_requests WHERE state = 'pending'
"""  # noqa: S608 - a number of our own


def upgrade() -> None:
    _create_operators()
    _create_proposals()
    _create_acts()
    _create_application_steps()
    op.execute(_PROPOSALS)
    _seal_again("proposals")


def downgrade() -> None:
    op.drop_index("ix_holders_under_review", table_name="holders")
    for table in ("application_steps", "acts", "proposals", "operators"):
        op.drop_table(table)
    op.execute("DELETE FROM row_seals WHERE table_name IN ('application_steps', 'acts', 'proposals', 'operators')")


def _create_operators() -> None:
    op.create_table(
        "operators",
        _id("name", "the name under which the operator acts; never given again"),
        _state("roles", "roles, separated by spaces"),
        _state("state", "active or disabled"),
        sa.Column("secret_hash", sa.Text(), nullable=False, comment="[keyed] argon2id hash of the operator's secret"),
        _instant("created_at", "when the operator was added"),
        _state("added_by", "the operator who added this one; none for the first", optional=True),
        _id("holder_id", "the account that the operator holds, by which nobody decides about oneself", optional=True),
        _whole("wrong_tries", "[state] wrong secrets since the last right one"),
        _instant("locked_until", "until when no secret is taken", optional=True),
        sa.PrimaryKeyConstraint("name", name="pk_operators"),
        comment="The staff of the service, who act on the command line.",
        sqlite_with_rowid=False,
    )
    _index("ix_operators_holder_id", "operators", ["holder_id"], where="holder_id IS NOT NULL")


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        _id("proposal_id", "the proposal; sorts by time"),
        _state("kind", "what is proposed"),
        _id("subject", "what it changes"),
        _id("about", "the account that it concerns", optional=True),
        _state("reason", "why it was proposed; no personal data"),
        _state("proposed_by", "name of the operator who proposed it"),
        _instant("proposed_at", "when it was proposed"),
        _instant("until", "when it expires if nobody decided"),
        _state("state", "open, approved, rejected or withdrawn"),
        _state("ended_by", "name of the operator who ended it", optional=True),
        _instant("ended_at", "when it was ended", optional=True),
        _state("end_reason", "why it was ended so; no personal data", optional=True),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_proposals"),
        comment="Acts that take two operators: proposed by one, decided by another.",
        sqlite_with_rowid=False,
    )
    _index("uq_proposals_open", "proposals", ["kind", "subject"], where="state = 'open'", unique=True)


def _create_acts() -> None:
    op.create_table(
        "acts",
        _id("act_id", "the act; sorts by time"),
        _state("kind", "what was done"),
        _id("subject", "what it was done to"),
        _state("actor", "who acted: holder, operator, system ..."),
        _state("operator", "name of the operator who acted", optional=True),
        _id("holder_id", "the account that it concerns", optional=True),
        _instant("at", "when it was done"),
        _bytes("salt", "[keyed] salt of the commitments in the document"),
        _bytes("document", "[evidence] canonical evidence document; no personal data"),
        _id("batch_id", "batch that signed it"),
        _whole("leaf_index", "[evidence] its place in the batch"),
        sa.PrimaryKeyConstraint("act_id", name="pk_acts"),
        comment="Acts that are attested: one document each, a leaf of the batch that it was committed with.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_acts_subject", "acts", ["subject"])
    _index("ix_acts_holder_id", "acts", ["holder_id"], where="holder_id IS NOT NULL")


def _create_application_steps() -> None:
    op.create_table(
        "application_steps",
        _id("holder_id", "the application"),
        _id("step_id", "the step; sorts by time"),
        _state("kind", "appeal, approve or refuse"),
        _state("rules", "rule that the decision goes by"),
        _state("operator", "name of the operator who decided", optional=True),
        _instant("at", "when it was done"),
        _instant("due_at", "by when an appeal is decided", optional=True),
        _whole("is_due_provisional", "[state] 1 while the working days of a year that it reaches into are not known"),
        _bytes("sealed_words", "[sealed] the applicant's or the operator's words"),
        sa.PrimaryKeyConstraint("holder_id", "step_id", name="pk_application_steps"),
        comment="What people did with an application after the policy: its applicant's appeal, operators' decisions.",
        sqlite_with_rowid=False,
    )
    _index("ix_holders_under_review", "holders", ["holder_id"], where="state = 'under_review'")


def _index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


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


def _id(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=f"[id] {comment}")


def _state(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=f"[state] {comment}")


def _whole(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")


def _bytes(name: str, comment: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False, comment=comment)
