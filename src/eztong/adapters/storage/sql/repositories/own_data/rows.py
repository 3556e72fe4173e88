"""A holder's rows of tables that other repositories read by other keys."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BindParameter, and_, bindparam, literal_column, select, union
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none
from eztong.adapters.storage.sql.readable import flag_of, reads
from eztong.adapters.storage.sql.repositories.access.sessions import session_of
from eztong.adapters.storage.sql.repositories.codes.codes import CODE_COLUMNS, code_of
from eztong.adapters.storage.sql.repositories.requests import REQUEST_COLUMNS, request_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement
from eztong.adapters.storage.sql.tables.access.sessions import sessions
from eztong.adapters.storage.sql.tables.codes.codes import code_attempts, codes
from eztong.adapters.storage.sql.tables.codes.verifications import verifications
from eztong.adapters.storage.sql.tables.grants import partner_switches
from eztong.adapters.storage.sql.tables.requests import requests
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.requests.request import Request
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.own_data.rows import KeptCode, OwnDataRepository, PartnerSwitch

_HOLDER: BindParameter[str] = bindparam("holder_id")
_SESSIONS = Statement(
    select(sessions).where(sessions.c.holder_id == _HOLDER).order_by(sessions.c.created_at, sessions.c.session_hash)
)
_SWITCHES = Statement(
    select(partner_switches.c.partner_id, partner_switches.c.is_on, partner_switches.c.changed_at)
    .where(partner_switches.c.holder_id == _HOLDER)
    .order_by(partner_switches.c.partner_id)
)
# Three ways that an index serves; the state is written out so that the partial index on outstanding codes does.
_KNOWN_CODES = union(
    select(verifications.c.code_id).where(verifications.c.holder_id == _HOLDER, verifications.c.code_id.is_not(None)),
    select(code_attempts.c.code_id).where(code_attempts.c.holder_id == _HOLDER),
    select(codes.c.code_id).where(codes.c.holder_id == _HOLDER, codes.c.state == literal_column("'issued'")),
)
_CODES = Statement(
    select(*CODE_COLUMNS, codes.c.ended_at, codes.c.replayed_at)
    .where(codes.c.code_id.in_(_KNOWN_CODES), codes.c.holder_id == _HOLDER)
    .order_by(codes.c.code_id)
)
_REQUESTS = Statement(
    select(*REQUEST_COLUMNS)
    .join(
        verifications,
        and_(verifications.c.partner_id == requests.c.partner_id, verifications.c.request_id == requests.c.request_id),
    )
    .where(verifications.c.holder_id == _HOLDER, requests.c.holder_id == _HOLDER)
    .order_by(requests.c.request_id)
)


class SqlOwnData(OwnDataRepository):
    """A holder's rows over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def sessions(self, holder_id: HolderId) -> Sequence[Session]:
        return [session_of(row) for row in self._db.all(_SESSIONS, {"holder_id": holder_id})]

    @override
    def switches(self, holder_id: HolderId) -> Sequence[PartnerSwitch]:
        rows = self._db.all(_SWITCHES, {"holder_id": holder_id})
        return [_switch(row) for row in rows]

    @override
    def codes(self, holder_id: HolderId) -> Sequence[KeptCode]:
        rows = self._db.all(_CODES, {"holder_id": holder_id})
        return [_kept(row) for row in rows]

    @override
    def requests(self, holder_id: HolderId) -> Sequence[Request]:
        return [request_of(row) for row in self._db.all(_REQUESTS, {"holder_id": holder_id})]


@reads(partner_switches)
def _switch(row: Row) -> PartnerSwitch:
    return PartnerSwitch(partner_id=PartnerId(row[0]), is_on=flag_of(row[1]), changed_at=from_ms(row[2]))


@reads(codes)
def _kept(row: Row) -> KeptCode:
    return KeptCode(code=code_of(row), ended_at=from_ms_or_none(row[-2]), replayed_at=from_ms_or_none(row[-1]))
