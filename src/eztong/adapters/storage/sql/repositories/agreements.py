"""Agreements and acceptances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import by_value, reads, whole_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.agreement_sets.agreement_sets import agreement_members
from eztong.adapters.storage.sql.tables.agreements import acceptances, agreements
from eztong.adapters.storage.sql.tables.grants import partner_switches
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.domain.agreements import (
    Acceptance,
    AcceptanceCount,
    Agreement,
    AgreementKind,
    AgreementState,
    Allowance,
    ChangeClass,
    CountingVersions,
    DocumentKind,
    Edition,
    Signed,
    document_kind,
    versions_that_count,
)
from eztong.domain.holder import WITH_ACCOUNT
from eztong.domain.identifiers import AcceptanceId, BatchId, HolderId, PartnerId
from eztong.ports.storage.agreements import AgreementRepository

_INSERT = insert_into(agreements)
_VERSION = select_where(agreements, "kind", "version", "language")
_IN_FORCE = select_where(agreements, "kind", "language", "state")
_INSERT_ACCEPTANCE = insert_into(acceptances)
_ACCEPTANCES = Statement(
    select(acceptances)
    .where(acceptances.c.holder_id == bindparam("holder_id"))
    .order_by(acceptances.c.acceptance_id.desc())
)
_NEWEST = Statement(
    select(acceptances)
    .where(acceptances.c.holder_id == bindparam("holder_id"), acceptances.c.kind == bindparam("kind"))
    .order_by(acceptances.c.acceptance_id.desc())
    .limit(bindparam("at_most"))
)
_WITHDRAW = Statement(
    update(acceptances)
    .where(
        acceptances.c.holder_id == bindparam("of_holder"),
        acceptances.c.acceptance_id == bindparam("of_acceptance"),
        acceptances.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("now"))
)
_ERASE_CONTEXTS = Statement(
    update(acceptances)
    .where(acceptances.c.holder_id == bindparam("of_holder"))
    .values(sealed_context=bindparam("empty"))
)
_IN_GRACE = exists().where(
    agreement_members.c.kind == agreements.c.kind,
    agreement_members.c.version == agreements.c.version,
    agreement_members.c.grace_until.is_not(None),
    agreement_members.c.grace_ended_at.is_(None),
)
_EDITIONS = Statement(
    select(
        agreements.c.kind,
        agreements.c.version,
        agreements.c.change_class,
        agreements.c.state,
        agreements.c.in_force_from,
        _IN_GRACE,
    ).where(or_(*(agreements.c.kind == kind.value for kind in AgreementKind)))
)
_VERSIONS = Statement(
    select(agreements)
    .where(agreements.c.kind == bindparam("kind"), agreements.c.language == bindparam("language"))
    .order_by(agreements.c.in_force_from.desc(), agreements.c.version.desc())
)
_STANDING = Statement(
    select(agreements)
    .where(agreements.c.state == AgreementState.IN_FORCE.value)
    .order_by(agreements.c.kind, agreements.c.version, agreements.c.language)
)
_MOVE = Statement(
    update(agreements)
    .where(
        agreements.c.kind == bindparam("of_kind"),
        agreements.c.version == bindparam("of_version"),
        agreements.c.state == bindparam("seen"),
    )
    .values(state=bindparam("to"), in_force_from=bindparam("starts"))
)
_SUPERSEDE = Statement(
    update(agreements)
    .where(
        agreements.c.kind == bindparam("of_kind"),
        agreements.c.version == bindparam("of_version"),
        agreements.c.state == AgreementState.IN_FORCE.value,
    )
    .values(state=AgreementState.SUPERSEDED.value)
)
_END_GRACE = Statement(
    update(agreement_members)
    .where(agreement_members.c.grace_ended_at.is_(None), agreement_members.c.grace_until <= bindparam("now"))
    .values(grace_ended_at=bindparam("now"))
)
_KINDS = by_value(AgreementKind)
SIGNED_COLUMNS = (
    acceptances.c.acceptance_id,
    acceptances.c.kind,
    acceptances.c.version,
    acceptances.c.withdrawn_at,
)
_SIGNED = Statement(
    select(*SIGNED_COLUMNS)
    .where(acceptances.c.holder_id == bindparam("holder_id"))
    .order_by(acceptances.c.acceptance_id.desc())
)
_ALLOWANCE = Statement(
    select(*SIGNED_COLUMNS, partner_switches.c.is_on)
    .select_from(acceptances)
    .outerjoin(
        partner_switches,
        and_(
            partner_switches.c.holder_id == acceptances.c.holder_id,
            partner_switches.c.partner_id == bindparam("partner_id"),
        ),
    )
    .where(acceptances.c.holder_id == bindparam("holder_id"))
    .order_by(acceptances.c.acceptance_id.desc())
)
_LATER = acceptances.alias("later")
_IS_WITHDRAWN = acceptances.c.withdrawn_at.is_not(None)
_COUNTS = Statement(
    select(acceptances.c.kind, acceptances.c.version, _IS_WITHDRAWN, func.count())
    .select_from(acceptances.join(holders, holders.c.holder_id == acceptances.c.holder_id))
    .where(
        or_(*(holders.c.state == state.value for state in sorted(WITH_ACCOUNT))),
        ~exists().where(
            _LATER.c.holder_id == acceptances.c.holder_id,
            _LATER.c.kind == acceptances.c.kind,
            _LATER.c.acceptance_id > acceptances.c.acceptance_id,
        ),
    )
    .group_by(acceptances.c.kind, acceptances.c.version, _IS_WITHDRAWN)
)
_LEAF = Statement(
    select(acceptances.c.document, acceptances.c.batch_id, acceptances.c.leaf_index).where(
        acceptances.c.holder_id == bindparam("holder_id"),
        acceptances.c.acceptance_id == bindparam("acceptance_id"),
    )
)


@reads(agreements)
def _agreement(row: Row) -> Agreement:
    return Agreement(
        kind=document_kind(row[0]),
        version=row[1],
        language=row[2],
        title=row[3],
        text=row[4],
        text_hash=row[5],
        change_class=ChangeClass(row[6]),
        state=AgreementState(row[7]),
        in_force_from=from_ms(row[8]),
    )


@reads(acceptances)
def _acceptance(row: Row) -> Acceptance:
    return Acceptance(
        holder_id=HolderId(row[0]),
        acceptance_id=AcceptanceId(row[1]),
        kind=AgreementKind(row[2]),
        version=row[3],
        language=row[4],
        title=row[5],
        text_hash=row[6],
        shown_at=from_ms(row[7]),
        accepted_at=from_ms(row[8]),
        act=row[9],
        salt=row[10],
        sealed_context=row[11],
        withdrawn_at=from_ms_or_none(row[12]),
    )


@reads(acceptances)
def signed_of(row: Row) -> Signed:
    """Return what a row of :data:`SIGNED_COLUMNS` says."""
    return Signed(
        acceptance_id=AcceptanceId(row[0]),
        kind=_KINDS[row[1]],
        version=row[2],
        is_withdrawn=row[3] is not None,
    )


@reads(acceptances)
def _count(row: Row) -> AcceptanceCount:
    return AcceptanceCount(
        kind=AgreementKind(row[0]), version=row[1], is_withdrawn=bool(row[2]), accounts=whole_of(row[3])
    )


@reads(agreements)
def _edition(row: Row) -> Edition:
    return Edition(
        kind=AgreementKind(row[0]),
        version=row[1],
        change_class=ChangeClass(row[2]),
        state=AgreementState(row[3]),
        in_force_from=from_ms(row[4]),
        is_in_grace=bool(row[5]),
    )


class SqlAgreements(AgreementRepository):
    """Agreements over SQL.

    The writing connection keeps which versions count until something may have changed it, as it does with partners:
    it is asked with every verification and changes hardly ever. A reading connection remembers nothing.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._remembers = False
        self._counting: CountingVersions | None = None

    def forget(self) -> None:
        """Read everything afresh from now on."""
        self._counting = None

    def start_round(self) -> None:
        """Remember again what is read: everything written before is committed or gone."""
        self._remembers = True

    def _forget_in_this_round(self) -> None:
        # Until this is committed or undone, what is read may be either; so nothing is remembered in this round.
        self.forget()
        self._remembers = False

    @override
    def add(self, agreement: Agreement) -> None:
        self._forget_in_this_round()
        self._db.run(
            _INSERT,
            {
                "kind": agreement.kind.value,
                "version": agreement.version,
                "language": agreement.language,
                "title": agreement.title,
                "text": agreement.text,
                "text_hash": agreement.text_hash,
                "change_class": agreement.change_class.value,
                "state": agreement.state.value,
                "in_force_from": to_ms(agreement.in_force_from),
            },
        )

    @override
    def move(self, text: Agreement, state: AgreementState, *, in_force_from: datetime) -> bool:
        self._forget_in_this_round()
        params = {
            "of_kind": text.kind.value,
            "of_version": text.version,
            "seen": text.state.value,
            "to": state.value,
            "starts": to_ms(in_force_from),
        }
        return self._db.run(_MOVE, params) > 0

    @override
    def supersede(self, kind: DocumentKind, version: str) -> bool:
        self._forget_in_this_round()
        return self._db.run(_SUPERSEDE, {"of_kind": kind.value, "of_version": version}) > 0

    @override
    def end_grace(self, *, now: datetime) -> bool:
        self._forget_in_this_round()
        return self._db.run(_END_GRACE, {"now": to_ms(now)}) > 0

    @override
    def standing(self) -> Sequence[Agreement]:
        return [_agreement(row) for row in self._db.all(_STANDING, {})]

    @override
    def versions(self, kind: DocumentKind, language: str) -> Sequence[Agreement]:
        return [_agreement(row) for row in self._db.all(_VERSIONS, {"kind": kind.value, "language": language})]

    @override
    def in_force(self, kind: DocumentKind, language: str) -> Agreement | None:
        params = {"kind": kind.value, "language": language, "state": AgreementState.IN_FORCE.value}
        row = self._db.one(_IN_FORCE, params)
        return None if row is None else _agreement(row)

    @override
    def version(self, kind: DocumentKind, version: str, language: str) -> Agreement | None:
        row = self._db.one(_VERSION, {"kind": kind.value, "version": version, "language": language})
        return None if row is None else _agreement(row)

    @override
    def add_acceptance(self, acceptance: Acceptance, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        self._db.run(
            _INSERT_ACCEPTANCE,
            {
                "holder_id": acceptance.holder_id,
                "acceptance_id": acceptance.acceptance_id,
                "kind": acceptance.kind.value,
                "version": acceptance.version,
                "language": acceptance.language,
                "title": acceptance.title,
                "text_hash": acceptance.text_hash,
                "shown_at": to_ms(acceptance.shown_at),
                "accepted_at": to_ms(acceptance.accepted_at),
                "act": acceptance.act,
                "salt": acceptance.salt,
                "sealed_context": acceptance.sealed_context,
                "withdrawn_at": to_ms_or_none(acceptance.withdrawn_at),
                "document": document,
                "batch_id": batch_id,
                "leaf_index": leaf_index,
            },
        )

    @override
    def withdraw(self, holder_id: HolderId, acceptance_id: AcceptanceId, *, now: datetime) -> bool:
        params = {"of_holder": holder_id, "of_acceptance": acceptance_id, "now": to_ms(now)}
        return self._db.run(_WITHDRAW, params) == 1

    @override
    def newest_acceptance(self, holder_id: HolderId, kind: AgreementKind) -> Acceptance | None:
        row = self._db.one(_NEWEST, {"holder_id": holder_id, "kind": kind.value, "at_most": 1})
        return None if row is None else _acceptance(row)

    @override
    def versions_that_count(self) -> CountingVersions:
        if self._counting is not None:
            return self._counting
        counting = versions_that_count(_edition(row) for row in self._db.all(_EDITIONS, {}))
        if self._remembers:
            self._counting = counting
        return counting

    @override
    def versions_that_will_count(self) -> CountingVersions:
        return versions_that_count((_edition(row) for row in self._db.all(_EDITIONS, {})), after_grace=True)

    @override
    def signed(self, holder_id: HolderId) -> Sequence[Signed]:
        return [signed_of(row) for row in self._db.all(_SIGNED, {"holder_id": holder_id})]

    @override
    def allowance(self, holder_id: HolderId, partner_id: PartnerId) -> Allowance:
        known = self._db.known.allowances.get((holder_id, partner_id))
        if known is not None:
            return known
        rows = self._db.all(_ALLOWANCE, {"holder_id": holder_id, "partner_id": partner_id})
        return Allowance(tuple(signed_of(row) for row in rows), any(row[4] == 0 for row in rows))

    @override
    def acceptances(self, holder_id: HolderId) -> Sequence[Acceptance]:
        return [_acceptance(row) for row in self._db.all(_ACCEPTANCES, {"holder_id": holder_id})]

    @override
    def acceptance_counts(self) -> Sequence[AcceptanceCount]:
        return [_count(row) for row in self._db.all(_COUNTS, {})]

    @override
    def acceptance_leaf(self, holder_id: HolderId, acceptance_id: str) -> tuple[bytes, BatchId, int] | None:
        row = self._db.one(_LEAF, {"holder_id": holder_id, "acceptance_id": acceptance_id})
        return None if row is None else (row[0], BatchId(row[1]), row[2])

    @override
    def erase_contexts(self, holder_id: HolderId) -> None:
        self._db.run(_ERASE_CONTEXTS, {"of_holder": holder_id, "empty": b""})
