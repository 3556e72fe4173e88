"""E-mail addresses for notices."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, select_where
from eztong.adapters.storage.sql.tables.notices.emails import holder_emails
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import HolderEmail
from eztong.ports.storage.notices.emails import EmailRepository

_OF_HOLDER: Final = holder_emails.c.holder_id == bindparam("of_holder")
_NEW = insert(holder_emails)
_PUT = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[holder_emails.c.holder_id],
        set_={name: _NEW.excluded[name] for name in ("sealed", "asked_at", "link_hash", "link_until")},
        where=holder_emails.c.proven_at.is_(None),
    ),
    keys=holder_emails.columns.keys(),
)
_GET = select_where(holder_emails, "holder_id")
_BY_LINK = Statement(select(holder_emails).where(holder_emails.c.link_hash == bindparam("hash")))
_PROVE = Statement(
    update(holder_emails)
    .where(_OF_HOLDER, holder_emails.c.link_hash == bindparam("hash"), holder_emails.c.proven_at.is_(None))
    .values(proven_at=bindparam("now"), link_hash=null(), link_until=null())
)
_REMOVE = Statement(delete(holder_emails).where(_OF_HOLDER))


class SqlEmails(EmailRepository):
    """E-mail addresses over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def put(self, email: HolderEmail) -> bool:
        row = {
            "holder_id": email.holder_id,
            "sealed": email.sealed,
            "asked_at": to_ms(email.asked_at),
            "link_hash": email.link_hash,
            "link_until": to_ms_or_none(email.link_until),
            "proven_at": to_ms_or_none(email.proven_at),
        }
        return self._db.run(_PUT, row) == 1

    @override
    def get(self, holder_id: HolderId) -> HolderEmail | None:
        row = self._db.one(_GET, {"holder_id": holder_id})
        return None if row is None else _email(row)

    @override
    def by_link(self, link_hash: bytes) -> HolderEmail | None:
        row = self._db.one(_BY_LINK, {"hash": link_hash})
        return None if row is None else _email(row)

    @override
    def prove(self, holder_id: HolderId, link_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_PROVE, {"of_holder": holder_id, "hash": link_hash, "now": to_ms(now)}) == 1

    @override
    def remove(self, holder_id: HolderId) -> bool:
        return self._db.run(_REMOVE, {"of_holder": holder_id}) == 1


@reads(holder_emails)
def _email(row: Row) -> HolderEmail:
    return HolderEmail(
        holder_id=HolderId(row[0]),
        sealed=row[1],
        asked_at=from_ms(row[2]),
        link_hash=row[3],
        link_until=from_ms_or_none(row[4]),
        proven_at=from_ms_or_none(row[5]),
    )
