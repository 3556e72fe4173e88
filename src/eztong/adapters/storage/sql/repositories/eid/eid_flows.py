"""Flows of the Tencent Cloud door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import flag_of, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.eid.eid_flows import eid_flows
from eztong.adapters.storage.sql.tables.requests import requests
from eztong.domain.eid.eid_flow import EidCode, EidEnding, EidFlow, FlowTry
from eztong.domain.identifiers import PartnerId, RequestId
from eztong.domain.requests.request import RequestState
from eztong.ports.storage.eid.eid_flows import EidFlowRepository, FlowStanding

_ENDING = (
    "confirmed",
    "eid_sign",
    "des_key",
    "user_info",
    "sealed_confirmations",
    "evidence",
    "evidence_batch",
    "evidence_leaf",
)
_INSERT = insert_into(eid_flows)
_GET = select_where(eid_flows, "partner_id", "eid_token")
_OF_REQUEST = select_where(eid_flows, "request_id")
_FIND = select_where(eid_flows, "eid_token")
_SAVE = update_where(eid_flows, keys=("partner_id", "eid_token"), columns=("tries", *_ENDING))
_OPENED = (
    select(eid_flows)
    .where(
        eid_flows.c.partner_id == bindparam("partner_id"),
        eid_flows.c.created_at >= bindparam("since"),
        eid_flows.c.created_at < bindparam("until"),
    )
    .order_by(eid_flows.c.created_at, eid_flows.c.eid_token)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_OPENED_BETWEEN = Statement(_OPENED)
_OPENED_BY_MERCHANT = Statement(_OPENED.where(eid_flows.c.merchant_id == bindparam("merchant_id")))
_STANDING = Statement(
    select(requests.c.state, requests.c.created_at, requests.c.expires_at)
    .select_from(
        eid_flows.join(
            requests,
            and_(requests.c.partner_id == eid_flows.c.partner_id, requests.c.request_id == eid_flows.c.request_id),
        )
    )
    .where(eid_flows.c.partner_id == bindparam("partner_id"), eid_flows.c.eid_token == bindparam("eid_token"))
)


def _tries(text: str) -> tuple[FlowTry, ...]:
    return tuple(
        FlowTry(at=from_ms(at), sequence=sequence, code=EidCode(code))
        for at, sequence, code in msgspec.json.decode(text)
    )


def _tries_text(tries: tuple[FlowTry, ...]) -> str:
    return msgspec.json.encode([[to_ms(one.at), one.sequence, one.code.value] for one in tries]).decode()


def _ending(row: Row) -> EidEnding | None:
    if row[7] is None:
        return None
    return EidEnding(
        confirmed=flag_of(row[7]),
        eid_sign=row[8],
        des_key=row[9],
        user_info=row[10],
        sealed_confirmations=row[11],
        evidence=row[12],
        evidence_batch=row[13],
        evidence_leaf=row[14],
    )


@reads(requests)
def _standing(row: Row) -> FlowStanding:
    return FlowStanding(RequestState(row[0]), from_ms(row[1]), from_ms(row[2]))


@reads(eid_flows)
def _flow(row: Row) -> EidFlow:
    return EidFlow(
        partner_id=PartnerId(row[0]),
        eid_token=row[1],
        request_id=RequestId(row[2]),
        merchant_id=row[3],
        sealed_settings=row[4],
        created_at=from_ms(row[5]),
        tries=_tries(row[6]),
        ending=_ending(row),
    )


def _ending_values(ending: EidEnding | None) -> dict[str, Any]:
    if ending is None:
        return dict.fromkeys(_ENDING)
    return {name: getattr(ending, name) for name in _ENDING} | {"confirmed": int(ending.confirmed)}


class SqlEidFlows(EidFlowRepository):
    """Flows over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, flow: EidFlow) -> None:
        self._db.run(
            _INSERT,
            {
                "partner_id": flow.partner_id,
                "eid_token": flow.eid_token,
                "request_id": flow.request_id,
                "merchant_id": flow.merchant_id,
                "sealed_settings": flow.sealed_settings,
                "created_at": to_ms(flow.created_at),
                "tries": _tries_text(flow.tries),
            }
            | _ending_values(flow.ending),
        )

    @override
    def get(self, partner_id: PartnerId, eid_token: str) -> EidFlow | None:
        return self._one(_GET, {"partner_id": partner_id, "eid_token": eid_token})

    @override
    def standing(self, partner_id: PartnerId, eid_token: str) -> FlowStanding | None:
        row = self._db.one(_STANDING, {"partner_id": partner_id, "eid_token": eid_token})
        return None if row is None else _standing(row)

    @override
    def of_request(self, request_id: RequestId) -> EidFlow | None:
        return self._one(_OF_REQUEST, {"request_id": request_id})

    @override
    def find(self, eid_token: str) -> EidFlow | None:
        return self._one(_FIND, {"eid_token": eid_token})

    @override
    def save(self, flow: EidFlow) -> None:
        ending = {f"set_{name}": value for name, value in _ending_values(flow.ending).items()}
        keys = {"partner_id": flow.partner_id, "eid_token": flow.eid_token}
        self._db.run(_SAVE, keys | ending | {"set_tries": _tries_text(flow.tries)})

    @override
    def opened_between(
        self,
        partner_id: PartnerId,
        *,
        since: datetime,
        until: datetime,
        merchant_id: str | None,
        skip: int,
        limit: int,
    ) -> Sequence[EidFlow]:
        span = {"partner_id": partner_id, "since": to_ms(since), "until": to_ms(until), "skipped": skip, "most": limit}
        if merchant_id is None:
            rows = self._db.all(_OPENED_BETWEEN, span)
        else:
            rows = self._db.all(_OPENED_BY_MERCHANT, span | {"merchant_id": merchant_id})
        return [_flow(row) for row in rows]

    def _one(self, statement: Statement, params: dict[str, object]) -> EidFlow | None:
        row = self._db.one(statement, params)
        return None if row is None else _flow(row)
