"""Webhook deliveries and their log over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, literal_column, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import (
    TOP,
    Database,
    Row,
    Statement,
    insert_into,
    select_where,
    update_where,
)
from eztong.adapters.storage.sql.tables.webhooks.deliveries import webhook_attempts, webhook_deliveries
from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.delivery import DeliveryAttempt, DeliveryFailure, DeliveryState, Tried, WebhookDelivery
from eztong.domain.webhooks.endpoint import EndpointId
from eztong.domain.webhooks.event import MessageId, WebhookEventType
from eztong.ports.storage.webhooks.deliveries import Backlog, WebhookDeliveryRepository

_C = webhook_deliveries.c
_KEYS: Final = ("partner_id", "endpoint_id", "message_id")
_CHANGES: Final = ("next_attempt_at", "give_up_at", "state", "attempts", "failure", "settled_at")
_LOOKED_AT: Final = 20
"""Among so many that wait one can be read, if any can."""
# Written out, so that the indexes on what waits serve.
_PENDING = _C.state == literal_column(f"'{DeliveryState.PENDING.value}'")
_OF_ENDPOINT = (_C.partner_id == bindparam("partner_id"), _C.endpoint_id == bindparam("endpoint_id"))
_INSERT = insert_into(webhook_deliveries)
_GET = select_where(webhook_deliveries, *_KEYS)
_CELLS = as_bytes(webhook_deliveries.columns)
_NEXT = Statement(
    select(*_CELLS)
    .where(*_OF_ENDPOINT, _PENDING)
    .order_by(_C.next_attempt_at, _C.message_id)
    .limit(bindparam("at_most"))
)
_LIST = Statement(
    select(*_CELLS)
    .where(*_OF_ENDPOINT, _C.message_id < bindparam("before"), _C.due_at <= bindparam("moment"))
    .order_by(_C.message_id.desc())
    .limit(bindparam("at_most"))
)
_SAVE = update_where(webhook_deliveries, keys=_KEYS, columns=_CHANGES)
_DROP = Statement(delete(webhook_deliveries).where(*[_C[name] == bindparam(f"of_{name}") for name in _KEYS]))
_GIVE_UP = Statement(
    update(webhook_deliveries)
    .where(_C.partner_id == bindparam("of_partner"), _C.endpoint_id == bindparam("of_endpoint"), _PENDING)
    .values(state=bindparam("as_state"), failure=bindparam("as_failure"), settled_at=bindparam("moment"))
)
_BACKLOG = Statement(select(func.count(), func.min(_C.due_at)).where(_PENDING, _C.due_at <= bindparam("moment")))
_LOG = insert_into(webhook_attempts)
_ATTEMPTS = Statement(
    select(webhook_attempts)
    .where(*[webhook_attempts.c[name] == bindparam(name) for name in _KEYS])
    .order_by(webhook_attempts.c.number)
)


class SqlWebhookDeliveries(WebhookDeliveryRepository):
    """The tables of webhook deliveries and tries."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, delivery: WebhookDelivery) -> None:
        fixed = {
            "event_type": delivery.event_type.value,
            "body": delivery.body,
            "subject": delivery.subject,
            "due_at": to_ms(delivery.due_at),
        }
        self._db.run(_INSERT, _key(delivery) | fixed | _changes(delivery))

    @override
    def get(self, partner_id: PartnerId, endpoint_id: EndpointId, message_id: MessageId) -> WebhookDelivery | None:
        params = {"partner_id": partner_id, "endpoint_id": endpoint_id, "message_id": message_id}
        row = self._db.one(_GET, params)
        return None if row is None else _delivery(row)

    @override
    def next_of(self, partner_id: PartnerId, endpoint_id: EndpointId) -> WebhookDelivery | None:
        params = {"partner_id": partner_id, "endpoint_id": endpoint_id, "at_most": _LOOKED_AT}
        return next(iter(listed(_delivery, webhook_deliveries, self._db.all(_NEXT, params)).those), None)

    @override
    def list(
        self, partner_id: PartnerId, endpoint_id: EndpointId, *, before: MessageId | None, now: datetime, limit: int
    ) -> Listed[WebhookDelivery]:
        params = {
            "partner_id": partner_id,
            "endpoint_id": endpoint_id,
            "before": TOP if before is None else before,
            "moment": to_ms(now),
            "at_most": limit,
        }
        return listed(_delivery, webhook_deliveries, self._db.all(_LIST, params))

    @override
    def save(self, delivery: WebhookDelivery) -> bool:
        return (
            self._db.run(_SAVE, _key(delivery) | {f"set_{name}": value for name, value in _changes(delivery).items()})
            == 1
        )

    @override
    def add_attempt(self, delivery: WebhookDelivery, attempt: DeliveryAttempt) -> None:
        tried = attempt.tried
        line = {
            "number": attempt.number,
            "at": to_ms(attempt.at),
            "status": tried.status,
            "failure": None if tried.failure is None else tried.failure.value,
            "milliseconds": tried.milliseconds,
            "read_bytes": tried.read_bytes,
        }
        self._db.run(_LOG, _key(delivery) | line)

    @override
    def attempts(self, delivery: WebhookDelivery) -> Sequence[DeliveryAttempt]:
        return [_attempt(row) for row in self._db.all(_ATTEMPTS, _key(delivery))]

    @override
    def drop(self, delivery: WebhookDelivery) -> None:
        self._db.run(_DROP, {f"of_{name}": value for name, value in _key(delivery).items()})

    @override
    def give_up(
        self, partner_id: PartnerId, endpoint_id: EndpointId, *, failure: DeliveryFailure, now: datetime
    ) -> int:
        params = {
            "of_partner": partner_id,
            "of_endpoint": endpoint_id,
            "as_state": DeliveryState.FAILED.value,
            "as_failure": failure.value,
            "moment": to_ms(now),
        }
        return self._db.run(_GIVE_UP, params)

    @override
    def backlog(self, *, now: datetime) -> Backlog:
        row = self._db.one(_BACKLOG, {"moment": to_ms(now)})
        waiting, oldest = (0, None) if row is None else (row[0], row[1])
        return Backlog(waiting=waiting, oldest=from_ms_or_none(oldest))


def _key(delivery: WebhookDelivery) -> dict[str, Any]:
    return {
        "partner_id": delivery.partner_id,
        "endpoint_id": delivery.endpoint_id,
        "message_id": delivery.message_id,
    }


def _changes(delivery: WebhookDelivery) -> dict[str, Any]:
    return {
        "next_attempt_at": to_ms(delivery.next_attempt_at),
        "give_up_at": to_ms(delivery.give_up_at),
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "failure": None if delivery.failure is None else delivery.failure.value,
        "settled_at": to_ms_or_none(delivery.settled_at),
    }


@reads(webhook_deliveries)
def _delivery(row: Row) -> WebhookDelivery:
    return WebhookDelivery(
        partner_id=PartnerId(row[0]),
        endpoint_id=EndpointId(row[1]),
        message_id=MessageId(row[2]),
        event_type=WebhookEventType(row[3]),
        body=row[4],
        subject=row[5],
        due_at=from_ms(row[6]),
        next_attempt_at=from_ms(row[7]),
        give_up_at=from_ms(row[8]),
        state=DeliveryState(row[9]),
        attempts=row[10],
        failure=DeliveryFailure(row[11]) if row[11] else None,
        settled_at=from_ms_or_none(row[12]),
    )


@reads(webhook_attempts)
def _attempt(row: Row) -> DeliveryAttempt:
    tried = Tried(
        status=row[5],
        failure=DeliveryFailure(row[6]) if row[6] else None,
        milliseconds=row[7],
        read_bytes=row[8],
    )
    return DeliveryAttempt(number=row[3], at=from_ms(row[4]), tried=tried)
