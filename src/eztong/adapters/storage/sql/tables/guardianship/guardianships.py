"""The table of guardianships."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

guardianships = table(
    "guardianships",
    "Who is guardian of whom: invited, declared, active, refused or ended.",
    text("guardianship_id", "[id] the guardianship; sorts by time", key=True),
    text("ward_id", "[id] the account or application of the ward"),
    text("guardian_id", "[id] the account of the guardian, once there is one", optional=True),
    text("state", "[state] invited, declared, active, refused or ended"),
    text("ward_relation", "[state] what the minor declared the guardian to be", optional=True),
    text("relation", "[state] what the guardian declared to be", optional=True),
    binary("invite_hash", "[keyed] keyed hash of the ward's number and the digits that stand", optional=True),
    binary("sealed_digits", "[sealed] the digits that stand, under the ward's key", optional=True),
    instant("asked_at", "when the minor invited or the guardian applied"),
    instant("declared_at", "when the guardian declared the relation", optional=True),
    instant("decided_at", "when it was decided whether the relation holds", optional=True),
    text("decided_by", "[state] authority or staff", optional=True),
    binary("sealed_words", "[sealed] the reason of staff, under the guardian's key", optional=True),
    instant("ended_at", "when it ended", optional=True),
    text("ended_by", "[state] guardian, replaced, age, account or application", optional=True),
    instant("offered_at", "since when the guardian hands the account over to the ward", optional=True),
    binary("sealed_phone", "[sealed] the phone that the ward is proving, under the ward's key", optional=True),
    instant("taken_at", "when the ward took the account over", optional=True),
)
_c = guardianships.c
Index("ix_guardianships_ward_id", _c.ward_id)
_HAS_GUARDIAN = sql("guardian_id IS NOT NULL")
Index("ix_guardianships_guardian_id", _c.guardian_id, sqlite_where=_HAS_GUARDIAN, postgresql_where=_HAS_GUARDIAN)
_IS_ACTIVE = sql("state = 'active'")
Index("uq_guardianships_active", _c.ward_id, unique=True, sqlite_where=_IS_ACTIVE, postgresql_where=_IS_ACTIVE)
_HAS_INVITATION = sql("invite_hash IS NOT NULL")
Index("ix_guardianships_invite_hash", _c.invite_hash, sqlite_where=_HAS_INVITATION, postgresql_where=_HAS_INVITATION)
_WAITS = sql("state = 'declared'")
Index("ix_guardianships_waiting", _c.declared_at, sqlite_where=_WAITS, postgresql_where=_WAITS)
