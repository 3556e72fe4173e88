"""Phrases by which holders know the service's pages, over SQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, select_where
from eztong.adapters.storage.sql.tables.own_data.phrases import holder_phrases
from eztong.domain.identifiers import HolderId
from eztong.domain.own_data.phrase import OwnPhrase
from eztong.ports.storage.own_data.phrases import PhraseRepository

_NEW = insert(holder_phrases)
_PUT: Final = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[holder_phrases.c.holder_id],
        set_={name: _NEW.excluded[name] for name in ("sealed", "set_at")},
    ),
    keys=holder_phrases.columns.keys(),
)
_GET: Final = select_where(holder_phrases, "holder_id")
_REMOVE: Final = Statement(delete(holder_phrases).where(holder_phrases.c.holder_id == bindparam("of_holder")))


class SqlPhrases(PhraseRepository):
    """The table of phrases."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def put(self, phrase: OwnPhrase) -> None:
        row = {"holder_id": phrase.holder_id, "sealed": phrase.sealed, "set_at": to_ms(phrase.set_at)}
        self._db.run(_PUT, row)

    @override
    def get(self, holder_id: HolderId) -> OwnPhrase | None:
        row = self._db.one(_GET, {"holder_id": holder_id})
        return None if row is None else _phrase(row)

    @override
    def remove(self, holder_id: HolderId) -> bool:
        return self._db.run(_REMOVE, {"of_holder": holder_id}) == 1


@reads(holder_phrases)
def _phrase(row: Row) -> OwnPhrase:
    return OwnPhrase(holder_id=HolderId(row[0]), sealed=row[1], set_at=from_ms(row[2]))
