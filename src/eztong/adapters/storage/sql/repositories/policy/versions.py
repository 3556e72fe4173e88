"""Versions of the policy over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads, text_of, whole_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, select_where
from eztong.adapters.storage.sql.tables.policy.versions import policy_versions
from eztong.domain.damage import Listed
from eztong.domain.policy.document import parse_policy, render_policy
from eztong.domain.policy.version import PolicyVersion, Publication, PublicationState
from eztong.ports.storage.policy.versions import PolicyVersionRepository

_ADD = Statement(insert(policy_versions).on_conflict_do_nothing(), keys=policy_versions.columns.keys())
_GET = select_where(policy_versions, "version_id")
_LIST = Statement(select(*as_bytes(policy_versions.columns)).order_by(policy_versions.c.version_id.desc()))
_BY_NAME = Statement(
    select(policy_versions)
    .where(policy_versions.c.version == bindparam("name"))
    .order_by(policy_versions.c.version_id.desc())
    .limit(literal_column("1"))
)
_C = policy_versions.c
_STANDINGS = Statement(
    select(*as_bytes([_C.version_id, _C.state, _C.in_force_from, _C.published_at, _C.called_off_at]))
)
_NEVER_DECIDES: Final = frozenset(
    one.value.encode() for one in PublicationState if one is not PublicationState.PUBLISHED
)
_MOVE = Statement(
    update(policy_versions)
    .where(policy_versions.c.version_id == bindparam("of_version"), policy_versions.c.state == bindparam("seen"))
    .values(
        state=bindparam("to"),
        in_force_from=bindparam("starts"),
        published_at=bindparam("published"),
        called_off_by=bindparam("by"),
        called_off_at=bindparam("moment"),
        called_off_because=bindparam("because"),
    )
)


class SqlPolicyVersions(PolicyVersionRepository):
    """Versions of the policy over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, version: PolicyVersion) -> bool:
        params = {
            "version_id": version.version_id,
            "version": version.policy.version,
            "document": render_policy(version.policy).decode(),
            "state": version.state.value,
            "made_by": version.made_by,
            "made_at": to_ms(version.made_at),
            "in_force_from": to_ms_or_none(version.in_force_from),
            "published_at": to_ms_or_none(version.published_at),
            "called_off_by": version.called_off_by,
            "called_off_at": to_ms_or_none(version.called_off_at),
            "called_off_because": version.called_off_because,
        }
        return self._db.run(_ADD, params) == 1

    @override
    def get(self, version_id: str) -> PolicyVersion | None:
        row = self._db.one(_GET, {"version_id": version_id})
        return None if row is None else _version(row)

    @override
    def by_name(self, name: str) -> PolicyVersion | None:
        row = self._db.one(_BY_NAME, {"name": name})
        return None if row is None else _version(row)

    @override
    def publications(self) -> Sequence[Publication]:
        found = (_publication(row) for row in self._db.all(_STANDINGS, {}))
        return [one for one in found if one is not None]

    @override
    def list(self) -> Listed[PolicyVersion]:
        return listed(_version, policy_versions, self._db.all(_LIST, {}))

    @override
    def move(self, before: PolicyVersion, after: PolicyVersion) -> bool:
        params = {
            "of_version": before.version_id,
            "seen": before.state.value,
            "to": after.state.value,
            "starts": to_ms_or_none(after.in_force_from),
            "published": to_ms_or_none(after.published_at),
            "by": after.called_off_by,
            "moment": to_ms_or_none(after.called_off_at),
            "because": after.called_off_because,
        }
        return self._db.run(_MOVE, params) == 1


@reads(policy_versions)
def _publication(row: Row) -> Publication | None:
    version_id, state, starts, published, called_off = row
    # Whatever became of its state: what was never published has no times, and what was called off has one more.
    if state in _NEVER_DECIDES or called_off is not None or (starts is None and published is None):
        return None
    return Publication(from_ms(whole_of(starts)), from_ms(whole_of(published)), text_of(version_id))


@reads(policy_versions)
def _version(row: Row) -> PolicyVersion:
    return PolicyVersion(
        version_id=row[0],
        policy=parse_policy(row[2].encode()),
        state=PublicationState(row[3]),
        made_by=row[4],
        made_at=from_ms(row[5]),
        in_force_from=from_ms_or_none(row[6]),
        published_at=from_ms_or_none(row[7]),
        called_off_by=row[8],
        called_off_at=from_ms_or_none(row[9]),
        called_off_because=row[10],
    )
