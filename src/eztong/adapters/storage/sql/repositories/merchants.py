"""Merchants and account keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.merchants import account_keys, certificate_requests, merchants
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.certificate_request import CertificateRequest, CertificateState, OperatorDecision
from eztong.domain.merchants.merchant import AccountKey, Merchant, MerchantOptions, MerchantState
from eztong.ports.storage.merchants import MerchantRepository

_INSERT = insert_into(merchants)
_GET = select_where(merchants, "merchant_id")
_LIST = Statement(
    select(merchants).where(merchants.c.partner_id == bindparam("partner_id")).order_by(merchants.c.merchant_id)
)
_CHANGES = ("scene", "name", "state", "options", "certified_key")
_UPDATE = update_where(merchants, keys=("merchant_id",), columns=_CHANGES)
_INSERT_KEY = insert_into(account_keys)
_GET_KEY = select_where(account_keys, "secret_id")
_KEYS = Statement(
    select(account_keys)
    .where(account_keys.c.partner_id == bindparam("partner_id"))
    .order_by(account_keys.c.created_at, account_keys.c.secret_id)
)
_REVOKE_KEY = Statement(
    update(account_keys)
    .where(account_keys.c.secret_id == bindparam("of_key"), account_keys.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_REVOKE_ALL = Statement(
    update(account_keys)
    .where(account_keys.c.partner_id == bindparam("of_partner"), account_keys.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_INSERT_CERTIFICATE = insert_into(certificate_requests)
_GET_CERTIFICATE = select_where(certificate_requests, "request_id")
_CERTIFICATES = Statement(
    select(certificate_requests)
    .where(certificate_requests.c.merchant_id == bindparam("merchant_id"))
    .order_by(certificate_requests.c.request_id)
)
_DECIDE_CERTIFICATE = Statement(
    update(certificate_requests)
    .where(
        certificate_requests.c.request_id == bindparam("of_request"),
        certificate_requests.c.state == CertificateState.PENDING.value,
    )
    .values(
        state=bindparam("set_state"),
        decided_by=bindparam("set_decided_by"),
        decision_reason=bindparam("set_reason"),
        decided_at=bindparam("set_decided_at"),
    )
)


def _merchant(row: Row) -> Merchant:
    return _merchant_of(tuple(row))


# Equal rows give equal values, so these need to be made only once; what is cached is never stale.
@lru_cache(maxsize=1024)
@reads(merchants)
def _merchant_of(row: tuple[Any, ...]) -> Merchant:
    return Merchant(
        merchant_id=row[0],
        partner_id=PartnerId(row[1]),
        scene=row[2],
        name=row[3],
        state=MerchantState(row[4]),
        options=msgspec.json.decode(row[5], type=MerchantOptions),
        created_at=from_ms(row[6]),
        certified_key=row[7],
    )


def _options(merchant: Merchant) -> str:
    return msgspec.json.encode(merchant.options).decode()


@reads(account_keys)
def _key(row: Row) -> AccountKey:
    return AccountKey(
        secret_id=row[0],
        partner_id=PartnerId(row[1]),
        label=row[2],
        sealed_secret=row[3],
        created_at=from_ms(row[4]),
        token_hash=row[5],
        expires_at=from_ms_or_none(row[6]),
        revoked_at=from_ms_or_none(row[7]),
    )


@reads(certificate_requests)
def _certificate(row: Row) -> CertificateRequest:
    return CertificateRequest(
        request_id=row[0],
        merchant_id=row[1],
        common_name=row[2],
        public_key=row[3],
        document=row[4],
        requested_by=row[5],
        requested_at=from_ms(row[6]),
        state=CertificateState(row[7]),
        decision=None if row[10] is None else OperatorDecision(operator=row[8], reason=row[9], at=from_ms(row[10])),
    )


class SqlMerchants(MerchantRepository):
    """Merchants over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, merchant: Merchant) -> None:
        self._db.run(
            _INSERT,
            {
                "merchant_id": merchant.merchant_id,
                "partner_id": merchant.partner_id,
                "scene": merchant.scene,
                "name": merchant.name,
                "state": merchant.state.value,
                "options": _options(merchant),
                "created_at": to_ms(merchant.created_at),
                "certified_key": merchant.certified_key,
            },
        )

    @override
    def get(self, merchant_id: str) -> Merchant | None:
        row = self._db.one(_GET, {"merchant_id": merchant_id})
        return None if row is None else _merchant(row)

    @override
    def list(self, partner_id: PartnerId) -> Sequence[Merchant]:
        return [_merchant(row) for row in self._db.all(_LIST, {"partner_id": partner_id})]

    @override
    def update(self, merchant: Merchant) -> None:
        self._db.run(
            _UPDATE,
            {
                "merchant_id": merchant.merchant_id,
                "set_scene": merchant.scene,
                "set_name": merchant.name,
                "set_state": merchant.state.value,
                "set_options": _options(merchant),
                "set_certified_key": merchant.certified_key,
            },
        )

    @override
    def add_key(self, key: AccountKey) -> None:
        self._db.run(
            _INSERT_KEY,
            {
                "secret_id": key.secret_id,
                "partner_id": key.partner_id,
                "label": key.label,
                "sealed_secret": key.sealed_secret,
                "created_at": to_ms(key.created_at),
                "token_hash": key.token_hash,
                "expires_at": to_ms_or_none(key.expires_at),
                "revoked_at": to_ms_or_none(key.revoked_at),
            },
        )

    @override
    def key(self, secret_id: str) -> AccountKey | None:
        row = self._db.one(_GET_KEY, {"secret_id": secret_id})
        return None if row is None else _key(row)

    @override
    def keys(self, partner_id: PartnerId) -> Sequence[AccountKey]:
        return [_key(row) for row in self._db.all(_KEYS, {"partner_id": partner_id})]

    @override
    def revoke_key(self, secret_id: str, *, now: datetime) -> bool:
        return self._db.run(_REVOKE_KEY, {"of_key": secret_id, "now": to_ms(now)}) == 1

    @override
    def revoke_keys(self, partner_id: PartnerId, *, now: datetime) -> int:
        return self._db.run(_REVOKE_ALL, {"of_partner": partner_id, "now": to_ms(now)})

    @override
    def add_certificate_request(self, request: CertificateRequest) -> None:
        self._db.run(
            _INSERT_CERTIFICATE,
            {
                "request_id": request.request_id,
                "merchant_id": request.merchant_id,
                "common_name": request.common_name,
                "public_key": request.public_key,
                "document": request.document,
                "requested_by": request.requested_by,
                "requested_at": to_ms(request.requested_at),
                "state": request.state.value,
                "decided_by": None,
                "decision_reason": None,
                "decided_at": None,
            },
        )

    @override
    def certificate_request(self, request_id: str) -> CertificateRequest | None:
        row = self._db.one(_GET_CERTIFICATE, {"request_id": request_id})
        return None if row is None else _certificate(row)

    @override
    def certificate_requests(self, merchant_id: str) -> Sequence[CertificateRequest]:
        return [_certificate(row) for row in self._db.all(_CERTIFICATES, {"merchant_id": merchant_id})]

    @override
    def decide_certificate_request(self, request: CertificateRequest) -> bool:
        decision = request.decision
        decided = {
            "of_request": request.request_id,
            "set_state": request.state.value,
            "set_decided_by": None if decision is None else decision.operator,
            "set_reason": None if decision is None else decision.reason,
            "set_decided_at": None if decision is None else to_ms(decision.at),
        }
        return self._db.run(_DECIDE_CERTIFICATE, decided) == 1
