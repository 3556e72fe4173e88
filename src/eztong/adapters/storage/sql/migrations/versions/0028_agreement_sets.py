"""Sets of agreements, marks on clauses; what is in force becomes the first set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_FIRST = f"set_{'0' * 26}"


def upgrade() -> None:
    op.create_table(
        "agreement_sets",
        _text("set_id", "[id] the set"),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="[public] number of the set; drafts have the next one"
        ),
        _text("state", "[state] draft, scheduled, in_force or superseded"),
        _instant("in_force_from", "when it came or will come into force"),
        _text("changes_zh", "[public] what is new, in Chinese", optional=True),
        _text("changes_en", "[public] what is new, in English", optional=True),
        _text("printed", "[public] settings that stand in its texts", optional=True),
        _text("made_by", "[state] login of the operator who drafted it; none: the service itself", optional=True),
        _instant("made_at", "when it was drafted"),
        _instant("published_at", "when the second operator approved it", optional=True),
        *_told(),
        sa.PrimaryKeyConstraint("set_id", name="pk_agreement_sets"),
        comment="Versions of the contract: which documents belong together, and since when.",
        sqlite_with_rowid=False,
    )
    op.create_index("uq_agreement_sets_number", "agreement_sets", ["number"], unique=True)
    _index("ix_agreement_sets_scheduled", "agreement_sets", ["in_force_from"], "state = 'scheduled'")
    op.create_table(
        "agreement_members",
        _text("set_id", "[id] the set"),
        _text("kind", "[public] which document"),
        _text("version", "[public] version of the document, number of a notice"),
        _text("change_class", "[public] A, B or C: what the change asks of holders; none: unchanged", optional=True),
        _instant("grace_until", "until when the acceptance of before is enough", optional=True),
        _instant("grace_ended_at", "when that time was found to be over", optional=True),
        sa.PrimaryKeyConstraint("set_id", "kind", "version", name="pk_agreement_members"),
        comment="Documents of a set, and what the set changed in them.",
        sqlite_with_rowid=False,
    )
    _add_clause_marks()
    _put_what_is_in_force_into_a_set()


def _add_clause_marks() -> None:
    op.create_table(
        "clause_marks",
        _text("mark_id", "[id] the mark; sorts by time"),
        _text("kind", "[public] which document"),
        _text("version", "[public] version of the document"),
        _text("clause", "[public] number of the clause"),
        _text("effect", "[public] void or suspended"),
        _instant("since", "from when on the clause does not apply"),
        _text("reason_zh", "[public] why, in Chinese"),
        _text("reason_en", "[public] why, in English"),
        _text("state", "[state] proposed, standing, lifted or refused"),
        _text("made_by", "[state] login of the operator who proposed it"),
        _instant("made_at", "when it was proposed"),
        _instant("lifted_at", "when it was lifted", optional=True),
        *_told(),
        sa.PrimaryKeyConstraint("mark_id", name="pk_clause_marks"),
        comment="Clauses that are void or suspended, as everybody may read it.",
        sqlite_with_rowid=False,
    )
    stands = "state IN ('proposed', 'standing')"
    _index("uq_clause_marks_clause", "clause_marks", ["kind", "version", "clause"], stands, unique=True)


def _put_what_is_in_force_into_a_set() -> None:
    database = op.get_bind()
    since = database.execute(sa.text("SELECT max(in_force_from) FROM agreements WHERE state = 'in_force'")).scalar()
    if since is None:
        return
    values = {"first": _FIRST, "since": since}
    database.execute(
        sa.text(
            "INSERT INTO agreement_sets (set_id, number, state, in_force_from, printed, made_at, published_at) "
            "SELECT :first, 1, 'in_force', :since, (SELECT value FROM service_settings WHERE name = 'agreement_values'), "
            ":since, :since"
        ),
        values,
    )
    database.execute(
        sa.text(
            "INSERT INTO agreement_members (set_id, kind, version, change_class) "
            "SELECT DISTINCT :first, kind, version, change_class FROM agreements WHERE state = 'in_force'"
        ),
        values,
    )
    _seal_rows_of("agreement_sets,agreement_members")


def downgrade() -> None:
    for table in ("clause_marks", "agreement_members", "agreement_sets"):
        op.drop_table(table)
    op.execute("DELETE FROM row_seals WHERE table_name IN ('agreement_sets', 'agreement_members', 'clause_marks')")


def _seal_rows_of(tables: str) -> None:
    database = op.get_bind()
    waiting = database.execute(sa.text("SELECT value FROM service_settings WHERE name = 'row_seals'")).scalar()
    if waiting is None:
        database.execute(sa.text("INSERT INTO service_settings VALUES ('row_seals', :tables)"), {"tables": tables})
    elif waiting != "pending":
        both = {"tables": f"{waiting},{tables}"}
        database.execute(sa.text("UPDATE service_settings SET value = :tables WHERE name = 'row_seals'"), both)


def _told() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        _text("told_until", "[id] holder up to whom everybody was told; none: nobody is to be told", optional=True),
        _instant("told_at", "when everybody was told", optional=True),
    )


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional, comment=comment)


def _instant(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional, comment=f"[time] {comment}")
