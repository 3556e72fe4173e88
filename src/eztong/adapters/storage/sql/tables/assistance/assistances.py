"""The table of assistances."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

assistances = table(
    "assistances",
    "Who helps whom with notices, and until when: invited, accepted, active or ended.",
    text("assistance_id", "[id] the assistance; sorts by time", key=True),
    text("elder_id", "[id] the account of who is helped"),
    text("helper_id", "[id] the account of the helper, once somebody typed the digits", optional=True),
    text("state", "[state] invited, accepted, active or ended"),
    whole("days", "[state] for how many days the elder lets somebody help"),
    whole("with_uses", "[state] 1 if the helper hears of uses, too"),
    binary("invite_hash", "[keyed] keyed hash of the invitation's digits", optional=True),
    binary("sealed_digits", "[sealed] the invitation's digits, under the elder's key", optional=True),
    instant("asked_at", "when the elder made the invitation"),
    instant("accepted_at", "when the helper typed its digits", optional=True),
    instant("began_at", "when the elder confirmed", optional=True),
    instant("until_at", "when it ends by itself", optional=True),
    instant("ended_at", "when it ended", optional=True),
    text("ended_by", "[state] elder, helper, time, replaced, stopped or account", optional=True),
)
_c = assistances.c
Index("ix_assistances_elder_id", _c.elder_id)
_HAS_HELPER = sql("helper_id IS NOT NULL")
Index("ix_assistances_helper_id", _c.helper_id, sqlite_where=_HAS_HELPER, postgresql_where=_HAS_HELPER)
_IS_ACTIVE = sql("state = 'active'")
Index("uq_assistances_active", _c.elder_id, unique=True, sqlite_where=_IS_ACTIVE, postgresql_where=_IS_ACTIVE)
_HAS_INVITATION = sql("invite_hash IS NOT NULL")
Index("ix_assistances_invite_hash", _c.invite_hash, sqlite_where=_HAS_INVITATION, postgresql_where=_HAS_INVITATION)
