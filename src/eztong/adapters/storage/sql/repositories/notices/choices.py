"""What holders chose to be told, and the links in what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import NOT_READABLE, as_bytes, flag_of, reads, text_of, whole_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.codes.verifications import verifications
from eztong.adapters.storage.sql.tables.notices.choices import freeze_links, notice_choices
from eztong.domain.codes.verification import Outcome
from eztong.domain.damage import Listed
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.notices import FreezeLink, NoticeChoices, UntoldUse
from eztong.ports.storage.notices.choices import ChoiceRepository

# Written out, so that the index on who chose it serves.
_IS_PER_USE: Final = notice_choices.c.per_use == literal_column("1")
_GET = select_where(notice_choices, "holder_id")


def _choose(*names: str) -> Statement:
    """Return the change of some columns of an account's choices, or the row with them if there is none."""
    new = insert(notice_choices)
    return Statement(
        new.on_conflict_do_update(
            index_elements=[notice_choices.c.holder_id], set_={name: new.excluded[name] for name in names}
        ),
        keys=notice_choices.columns.keys(),
    )


_SET_PER_USE = _choose("per_use", "told_until", "changed_at")
_SET_PROMOTIONS = _choose("promotions", "changed_at")
_UNTOLD = Statement(
    select(
        *as_bytes(
            [
                notice_choices.c.holder_id,
                verifications.c.verification_id,
                verifications.c.partner_id,
                verifications.c.outcome,
                verifications.c.created_at,
            ]
        )
    )
    .join(
        verifications,
        and_(
            verifications.c.holder_id == notice_choices.c.holder_id,
            verifications.c.verification_id > notice_choices.c.told_until,
        ),
    )
    .where(_IS_PER_USE, verifications.c.created_at < bindparam("before"))
    .order_by(verifications.c.verification_id)
    .limit(bindparam("at_most"))
)
_MARK_TOLD = Statement(
    update(notice_choices)
    .where(notice_choices.c.holder_id == bindparam("of_holder"), _IS_PER_USE)
    .where(notice_choices.c.told_until < bindparam("told"))
    .values(told_until=bindparam("told"))
)
_INSERT_LINK = insert_into(freeze_links)
_LINK = select_where(freeze_links, "link_hash")
_LINKS = Statement(
    select(freeze_links)
    .where(freeze_links.c.holder_id == bindparam("holder_id"))
    .order_by(freeze_links.c.made_at, freeze_links.c.link_hash)
)
_USE_LINK = Statement(
    update(freeze_links)
    .where(freeze_links.c.link_hash == bindparam("hash"), freeze_links.c.used_at.is_(None))
    .where(freeze_links.c.until > bindparam("now"))
    .values(used_at=bindparam("now"))
)

_END_LINKS = Statement(
    update(freeze_links)
    .where(freeze_links.c.holder_id == bindparam("of_holder"), freeze_links.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)


class SqlChoices(ChoiceRepository):
    """Choices over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def get(self, holder_id: HolderId) -> NoticeChoices | None:
        row = self._db.one(_GET, {"holder_id": holder_id})
        return None if row is None else _choices(row)

    @override
    def set_per_use(self, holder_id: HolderId, *, is_on: bool, told_until: str, now: datetime) -> None:
        self._db.run(_SET_PER_USE, _row(holder_id, now=now) | {"per_use": int(is_on), "told_until": told_until})

    @override
    def set_promotions(self, holder_id: HolderId, *, is_on: bool, now: datetime) -> None:
        self._db.run(_SET_PROMOTIONS, _row(holder_id, now=now) | {"promotions": int(is_on)})

    @override
    def untold(self, *, before: datetime, limit: int) -> Listed[UntoldUse]:
        return Listed(self._db.all(_UNTOLD, {"before": to_ms(before), "at_most": limit})).each(_use)

    @override
    def mark_told(self, use: UntoldUse) -> bool:
        return self._db.run(_MARK_TOLD, {"of_holder": use.holder_id, "told": use.verification_id}) == 1

    @override
    def add_link(self, link: FreezeLink) -> None:
        row = {
            "link_hash": link.link_hash,
            "holder_id": link.holder_id,
            "made_at": to_ms(link.made_at),
            "until": to_ms(link.until),
            "used_at": to_ms_or_none(link.used_at),
        }
        self._db.run(_INSERT_LINK, row)

    @override
    def link(self, link_hash: bytes) -> FreezeLink | None:
        row = self._db.one(_LINK, {"link_hash": link_hash})
        return None if row is None else _link(row)

    @override
    def links(self, holder_id: HolderId) -> Sequence[FreezeLink]:
        return [_link(row) for row in self._db.all(_LINKS, {"holder_id": holder_id})]

    @override
    def use_link(self, link_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_USE_LINK, {"hash": link_hash, "now": to_ms(now)}) == 1

    @override
    def end_links(self, holder_id: HolderId, *, now: datetime) -> None:
        self._db.run(_END_LINKS, {"of_holder": holder_id, "now": to_ms(now)})


def _row(holder_id: HolderId, *, now: datetime) -> dict[str, object]:
    return {"holder_id": holder_id, "per_use": 0, "promotions": 0, "told_until": "", "changed_at": to_ms(now)}


@reads(notice_choices)
def _choices(row: Row) -> NoticeChoices:
    return NoticeChoices(
        holder_id=HolderId(row[0]),
        per_use=flag_of(row[1]),
        promotions=flag_of(row[2]),
        told_until=row[3],
        changed_at=from_ms(row[4]),
    )


@reads(verifications)
def _use(row: Row) -> UntoldUse:
    # Whatever else cannot be read, the two ids let it be passed over.
    holder_id, verification_id = HolderId(text_of(row[0])), text_of(row[1])
    try:
        partner_id, outcome, at = PartnerId(text_of(row[2])), Outcome(text_of(row[3])), from_ms(whole_of(row[4]))
    except NOT_READABLE:
        partner_id, outcome, at = PartnerId(""), None, from_ms(0)
    return UntoldUse(
        holder_id=holder_id, verification_id=verification_id, partner_id=partner_id, outcome=outcome, at=at
    )


@reads(freeze_links)
def _link(row: Row) -> FreezeLink:
    return FreezeLink(
        link_hash=row[0],
        holder_id=HolderId(row[1]),
        made_at=from_ms(row[2]),
        until=from_ms(row[3]),
        used_at=from_ms_or_none(row[4]),
    )
