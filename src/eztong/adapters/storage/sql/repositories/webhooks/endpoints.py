"""Webhook endpoints over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, flag_of, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.webhooks.deliveries import webhook_attempts, webhook_deliveries
from eztong.adapters.storage.sql.tables.webhooks.endpoints import webhook_endpoints
from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointId, EndpointState, WebhookEndpoint
from eztong.domain.webhooks.event import WebhookEventType
from eztong.ports.storage.webhooks.endpoints import WebhookEndpointRepository

_C = webhook_endpoints.c
_KEYS = ("partner_id", "endpoint_id")
_CHOSEN = ("url", "event_types")
_INSERT = insert_into(webhook_endpoints)
_GET = select_where(webhook_endpoints, *_KEYS)
_LIST = Statement(
    select(*as_bytes(webhook_endpoints.columns))
    .where(_C.partner_id == bindparam("partner_id"))
    .order_by(_C.endpoint_id)
)
_CHANGES = tuple(one.name for one in _C if one.name not in {*_KEYS, *_CHOSEN, "created_at"})
_SAVE = update_where(webhook_endpoints, keys=_KEYS, columns=_CHANGES)
_CHOOSE = update_where(webhook_endpoints, keys=_KEYS, columns=_CHOSEN)
_REMOVE = [
    Statement(
        delete(table).where(
            table.c.partner_id == bindparam("of_partner"), table.c.endpoint_id == bindparam("of_endpoint")
        )
    )
    for table in (webhook_attempts, webhook_deliveries, webhook_endpoints)
]


class SqlWebhookEndpoints(WebhookEndpointRepository):
    """The table of webhook endpoints."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, endpoint: WebhookEndpoint) -> None:
        self._db.run(_INSERT, _row(endpoint))

    @override
    def get(self, partner_id: PartnerId, endpoint_id: EndpointId) -> WebhookEndpoint | None:
        row = self._db.one(_GET, {"partner_id": partner_id, "endpoint_id": endpoint_id})
        return None if row is None else _endpoint(row)

    @override
    def list(self, partner_id: PartnerId) -> Listed[WebhookEndpoint]:
        return listed(_endpoint, webhook_endpoints, self._db.all(_LIST, {"partner_id": partner_id}))

    @override
    def save(self, endpoint: WebhookEndpoint) -> bool:
        return self._db.run(_SAVE, _params(endpoint, _CHANGES)) == 1

    @override
    def choose(self, endpoint: WebhookEndpoint) -> bool:
        return self._db.run(_CHOOSE, _params(endpoint, _CHOSEN)) == 1

    @override
    def remove(self, partner_id: PartnerId, endpoint_id: EndpointId) -> bool:
        params = {"of_partner": partner_id, "of_endpoint": endpoint_id}
        return [self._db.run(statement, params) for statement in _REMOVE][-1] == 1


def _params(endpoint: WebhookEndpoint, changed: Sequence[str]) -> dict[str, Any]:
    row = _row(endpoint)
    return {name: row[name] for name in _KEYS} | {f"set_{name}": row[name] for name in changed}


def _row(endpoint: WebhookEndpoint) -> dict[str, Any]:
    because = endpoint.disabled_because
    return {
        "partner_id": endpoint.partner_id,
        "endpoint_id": endpoint.endpoint_id,
        "url": endpoint.url,
        "event_types": " ".join(sorted(endpoint.event_types)),
        "state": endpoint.state.value,
        "created_at": to_ms(endpoint.created_at),
        "sealed_secret": endpoint.sealed_secret,
        "public_key": endpoint.public_key,
        "secret_made_at": to_ms(endpoint.secret_made_at),
        "sealed_previous": endpoint.sealed_previous,
        "previous_public_key": endpoint.previous_public_key,
        "previous_until": to_ms_or_none(endpoint.previous_until),
        "disabled_because": None if because is None else because.value,
        "disabled_at": to_ms_or_none(endpoint.disabled_at),
        "delivered_at": to_ms_or_none(endpoint.delivered_at),
        "is_slow": int(endpoint.is_slow),
        "failures": endpoint.failures,
        "rests_until": to_ms_or_none(endpoint.rests_until),
    }


@reads(webhook_endpoints)
def _endpoint(row: Row) -> WebhookEndpoint:
    return WebhookEndpoint(
        partner_id=PartnerId(row[0]),
        endpoint_id=EndpointId(row[1]),
        url=row[2],
        event_types=frozenset(WebhookEventType(name) for name in row[3].split()),
        state=EndpointState(row[4]),
        created_at=from_ms(row[5]),
        sealed_secret=row[6],
        public_key=row[7],
        secret_made_at=from_ms(row[8]),
        sealed_previous=row[9],
        previous_public_key=row[10],
        previous_until=from_ms_or_none(row[11]),
        disabled_because=DisabledBecause(row[12]) if row[12] else None,
        disabled_at=from_ms_or_none(row[13]),
        delivered_at=from_ms_or_none(row[14]),
        is_slow=flag_of(row[15]),
        failures=row[16],
        rests_until=from_ms_or_none(row[17]),
    )
