"""What was handed out as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.disputes.bundles import bundles
from eztong.domain.disputes.dispute import Bundle, BundleKey, Party
from eztong.domain.identifiers import BatchId, HolderId, PartnerId
from eztong.ports.storage.disputes.bundles import BundleRepository

_INSERT = insert_into(bundles)
_NEWEST = Statement(
    select(bundles)
    .where(
        bundles.c.record_id == bindparam("record_id"),
        bundles.c.party == bindparam("party"),
        bundles.c.partner_id == bindparam("partner_id"),
    )
    .order_by(bundles.c.bundle_id.desc())
    .limit(bindparam("at_most"))
)
_OF_HOLDER = Statement(
    select(bundles).where(bundles.c.holder_id == bindparam("holder_id")).order_by(bundles.c.bundle_id.desc())
)
_NOTE_DOWNLOAD = Statement(
    update(bundles)
    .where(
        bundles.c.record_id == bindparam("of_record"),
        bundles.c.bundle_id == bindparam("of_bundle"),
        or_(bundles.c.downloaded_at.is_(None), bundles.c.downloaded_at < bindparam("now")),
    )
    .values(downloaded_at=bindparam("now"))
)


class SqlBundles(BundleRepository):
    """Bundles over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, bundle: Bundle) -> None:
        self._db.run(
            _INSERT,
            {
                "record_id": bundle.record_id,
                "bundle_id": bundle.bundle_id,
                "party": bundle.party.value,
                "holder_id": bundle.holder_id,
                "partner_id": bundle.partner_id,
                "asked_by": bundle.asked_by,
                "contents_hash": bundle.contents_hash,
                "sealed_basis": bundle.sealed_basis,
                "document": bundle.document,
                "batch_id": bundle.batch_id,
                "leaf_index": bundle.leaf_index,
                "salt": bundle.salt,
                "created_at": to_ms(bundle.created_at),
                "downloaded_at": to_ms_or_none(bundle.downloaded_at),
            },
        )

    @override
    def newest(self, key: BundleKey) -> Bundle | None:
        params = {
            "record_id": key.record_id,
            "party": key.party.value,
            "partner_id": key.partner_id,
            "at_most": 1,
        }
        row = self._db.one(_NEWEST, params)
        return None if row is None else _bundle(row)

    @override
    def of_holder(self, holder_id: HolderId) -> Sequence[Bundle]:
        return [_bundle(row) for row in self._db.all(_OF_HOLDER, {"holder_id": holder_id})]

    @override
    def note_download(self, bundle: Bundle, *, now: datetime) -> None:
        params = {"of_record": bundle.record_id, "of_bundle": bundle.bundle_id, "now": to_ms(now)}
        self._db.run(_NOTE_DOWNLOAD, params)


@reads(bundles)
def _bundle(row: Row) -> Bundle:
    return Bundle(
        record_id=row[0],
        bundle_id=row[1],
        party=Party(row[2]),
        holder_id=HolderId(row[3]) if row[3] else None,
        partner_id=PartnerId(row[4]),
        asked_by=row[5],
        contents_hash=row[6],
        sealed_basis=row[7],
        document=row[8],
        batch_id=BatchId(row[9]),
        leaf_index=row[10],
        salt=row[11],
        created_at=from_ms(row[12]),
        downloaded_at=from_ms_or_none(row[13]),
    )
