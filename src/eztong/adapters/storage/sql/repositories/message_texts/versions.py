"""Versions of texts over SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.message_texts.versions import text_versions
from eztong.domain.damage import Listed
from eztong.domain.message_texts.version import TextState, TextVersion
from eztong.domain.message_texts.wording import Wording
from eztong.ports.storage.message_texts.versions import TextVersionRepository

_ADD = insert_into(text_versions)
_GET = select_where(text_versions, "version_id")
_PUBLISHED = Statement(select(*as_bytes(text_versions.columns)).where(text_versions.c.published_at.is_not(None)))
_OF_TEXT = Statement(
    select(*as_bytes(text_versions.columns))
    .where(text_versions.c.text_id == bindparam("of_text"))
    .order_by(text_versions.c.version_id.desc())
    .limit(bindparam("at_most"))
)
_MOVE = Statement(
    update(text_versions)
    .where(text_versions.c.version_id == bindparam("of_version"), text_versions.c.state == bindparam("seen"))
    .values(state=bindparam("to"), published_at=bindparam("published"))
)


class SqlTextVersions(TextVersionRepository):
    """Versions of texts over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, version: TextVersion) -> None:
        self._db.run(
            _ADD,
            {
                "version_id": version.version_id,
                "text_id": version.text_id,
                "zh": version.wording.zh,
                "en": version.wording.en,
                "state": version.state.value,
                "made_by": version.made_by,
                "made_at": to_ms(version.made_at),
                "published_at": to_ms_or_none(version.published_at),
            },
        )

    @override
    def get(self, version_id: str) -> TextVersion | None:
        row = self._db.one(_GET, {"version_id": version_id})
        return None if row is None else _version(row)

    @override
    def published(self) -> Listed[TextVersion]:
        return listed(_version, text_versions, self._db.all(_PUBLISHED, {}))

    @override
    def of_text(self, text_id: str, *, limit: int) -> Listed[TextVersion]:
        rows = self._db.all(_OF_TEXT, {"of_text": text_id, "at_most": limit})
        return listed(_version, text_versions, rows)

    @override
    def move(self, before: TextVersion, after: TextVersion) -> bool:
        params = {
            "of_version": before.version_id,
            "seen": before.state.value,
            "to": after.state.value,
            "published": to_ms_or_none(after.published_at),
        }
        return self._db.run(_MOVE, params) == 1


@reads(text_versions)
def _version(row: Row) -> TextVersion:
    return TextVersion(
        version_id=row[0],
        text_id=row[1],
        wording=Wording(zh=row[2], en=row[3]),
        state=TextState(row[4]),
        made_by=row[5],
        made_at=from_ms(row[6]),
        published_at=from_ms_or_none(row[7]),
    )
