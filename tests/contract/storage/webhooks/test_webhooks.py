"""Endpoints and deliveries are each partner's own; what waits is found in order, and what is removed is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.damage import RowDamaged
from eztong.domain.webhooks.delivery import (
    DeliveryAttempt,
    DeliveryFailure,
    DeliveryState,
    Tried,
    WebhookDelivery,
)
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointId, EndpointState, WebhookEndpoint
from eztong.domain.webhooks.event import CHOOSABLE, MessageId, WebhookEventType
from eztong.ports.storage.store import Store
from eztong.ports.storage.webhooks.deliveries import Backlog
from tests.contract.storage.stage import World, at, in_turn, make, partner_id

AT_1 = int(at(1).timestamp() * 1000)
PLAIN = WebhookEndpoint(
    partner_id=partner_id(),
    endpoint_id=EndpointId(make("wep", 1)),
    url="https://hotel.example/hooks?a=b",
    event_types=frozenset({WebhookEventType.REQUEST_FINISHED}),
    state=EndpointState.ACTIVE,
    created_at=at(1),
    sealed_secret=b"sealed",
    public_key="whpk_one",
    secret_made_at=at(1),
)
FULL = replace(
    PLAIN,
    event_types=frozenset(CHOOSABLE),
    state=EndpointState.DISABLED,
    sealed_secret=b"other",
    public_key="whpk_two",
    secret_made_at=at(2),
    sealed_previous=b"sealed before",
    previous_public_key="whpk_one",
    previous_until=at(9),
    disabled_because=DisabledBecause.FAILING,
    disabled_at=at(8),
    delivered_at=at(3),
    is_slow=True,
    failures=4,
    rests_until=at(7),
)


def endpoint(number: int = 1, *, partner: int = 1) -> WebhookEndpoint:
    return replace(PLAIN, partner_id=partner_id(partner), endpoint_id=EndpointId(make("wep", number)))


def delivery(
    number: int = 1, *, of: int = 1, partner: int = 1, due: float = 1, next_at: float | None = None
) -> WebhookDelivery:
    return WebhookDelivery(
        partner_id=partner_id(partner),
        endpoint_id=EndpointId(make("wep", of)),
        message_id=MessageId(make("msg", number)),
        event_type=WebhookEventType.REQUEST_EXPIRED,
        body='{"type":"request.expired"}',
        due_at=at(due),
        next_attempt_at=at(due if next_at is None else next_at),
        give_up_at=at(due + 100),
        subject=make("req", number),
    )


def store_all(store: Store, *things: WebhookEndpoint | WebhookDelivery) -> None:
    def add(one: WebhookEndpoint | WebhookDelivery) -> object:
        if isinstance(one, WebhookEndpoint):
            return lambda uow: uow.webhook_endpoints.add(one)
        return lambda uow: uow.webhook_deliveries.add(one)

    store.write(in_turn(*[add(one) for one in things]))  # type: ignore[arg-type]  # lambdas


@pytest.mark.parametrize("one", [PLAIN, FULL])
def test_an_endpoint_comes_back(store: Store, one: WebhookEndpoint) -> None:
    store_all(store, one)
    with store.read() as stored:
        assert stored.webhook_endpoints.get(one.partner_id, one.endpoint_id) == one
        assert stored.webhook_endpoints.get(partner_id(2), one.endpoint_id) is None
        assert list(stored.webhook_endpoints.list(one.partner_id).those) == [one]


def test_a_partner_lists_its_own_oldest_first(store: Store) -> None:
    mine, later, others = endpoint(1), endpoint(3), endpoint(2, partner=2)
    store_all(store, later, mine, others)
    with store.read() as stored:
        assert list(stored.webhook_endpoints.list(partner_id()).those) == [mine, later]
        assert stored.webhook_endpoints.list(partner_id(3)).is_empty


def test_what_changes_is_saved_apart_from_address_and_choice(store: Store) -> None:
    store_all(store, PLAIN, endpoint(2))
    elsewhere = replace(FULL, url="https://elsewhere.example/")
    assert store.write(lambda uow: uow.webhook_endpoints.save(elsewhere)).value
    with store.read() as stored:
        found = stored.webhook_endpoints.get(PLAIN.partner_id, PLAIN.endpoint_id)
        assert found == replace(FULL, url=PLAIN.url, event_types=PLAIN.event_types)
        assert stored.webhook_endpoints.get(PLAIN.partner_id, endpoint(2).endpoint_id) == endpoint(2)
    assert store.write(lambda uow: uow.webhook_endpoints.choose(elsewhere)).value
    with store.read() as stored:
        assert stored.webhook_endpoints.get(PLAIN.partner_id, PLAIN.endpoint_id) == elsewhere
    assert not store.write(lambda uow: uow.webhook_endpoints.save(endpoint(9))).value
    assert not store.write(lambda uow: uow.webhook_endpoints.choose(endpoint(9))).value


def test_a_removed_endpoint_takes_deliveries_and_log_along(store: Store) -> None:
    kept = delivery(1, of=2)
    store_all(store, endpoint(1), endpoint(2), delivery(1), kept)
    line = DeliveryAttempt(number=1, at=at(1), tried=Tried(status=200))
    store.write(lambda uow: uow.webhook_deliveries.add_attempt(delivery(1), line))
    store.write(lambda uow: uow.webhook_deliveries.add_attempt(kept, line))
    assert store.write(lambda uow: uow.webhook_endpoints.remove(partner_id(), endpoint(1).endpoint_id)).value
    assert not store.write(lambda uow: uow.webhook_endpoints.remove(partner_id(), endpoint(1).endpoint_id)).value
    with store.read() as stored:
        assert stored.webhook_deliveries.get(partner_id(), endpoint(1).endpoint_id, kept.message_id) is None
        assert list(stored.webhook_deliveries.attempts(delivery(1))) == []
        assert stored.webhook_deliveries.get(partner_id(), endpoint(2).endpoint_id, kept.message_id) == kept
        assert list(stored.webhook_deliveries.attempts(kept)) == [line]


def test_a_delivery_comes_back_and_changes_by_what_was_tried(store: Store) -> None:
    one = delivery()
    store_all(store, one)
    changed = replace(
        one,
        next_attempt_at=at(5),
        give_up_at=at(500),
        state=DeliveryState.FAILED,
        attempts=7,
        failure=DeliveryFailure.TLS,
        settled_at=at(6),
    )
    assert store.write(lambda uow: uow.webhook_deliveries.save(changed)).value
    assert not store.write(lambda uow: uow.webhook_deliveries.save(delivery(2))).value
    with store.read() as stored:
        assert stored.webhook_deliveries.get(one.partner_id, one.endpoint_id, one.message_id) == changed
        assert stored.webhook_deliveries.get(partner_id(2), one.endpoint_id, one.message_id) is None


def test_what_waits_is_found_by_when_it_is_tried_also_ahead(store: Store) -> None:
    soon, late, done = (
        delivery(3, next_at=2),
        delivery(1, next_at=9),
        replace(delivery(2, next_at=1), state=DeliveryState.DELIVERED),
    )
    store_all(store, late, done, soon, delivery(4, of=2, next_at=0), delivery(5, partner=2, next_at=0))

    def first() -> WebhookDelivery | None:
        with store.read() as stored:
            return stored.webhook_deliveries.next_of(partner_id(), soon.endpoint_id)

    assert first() == soon
    store.write(lambda uow: uow.webhook_deliveries.drop(soon))
    assert first() == late
    store.write(lambda uow: uow.webhook_deliveries.drop(late))
    assert first() is None


def test_a_damaged_one_keeps_no_other_back(world: World) -> None:
    store_all(world.store, delivery(1, next_at=1), delivery(2, next_at=2), endpoint(1), endpoint(2))
    with world.aside() as connection:
        connection.execute("UPDATE webhook_deliveries SET event_type = 'no.such' WHERE next_attempt_at = ?", (AT_1,))
        connection.execute("UPDATE webhook_endpoints SET state = 'no.such' WHERE endpoint_id = ?", (make("wep", 1),))
    with world.store.read() as stored:
        found = stored.webhook_deliveries.next_of(partner_id(), endpoint().endpoint_id)
        assert found == delivery(2, next_at=2)
        listed = stored.webhook_deliveries.list(partner_id(), endpoint().endpoint_id, before=None, now=at(9), limit=9)
        assert (list(listed.those), listed.failures) == ([delivery(2, next_at=2)], ["RowDamaged"])
        endpoints = stored.webhook_endpoints.list(partner_id())
        assert (list(endpoints.those), endpoints.failures) == ([endpoint(2)], ["RowDamaged"])
        with pytest.raises(RowDamaged):
            stored.webhook_endpoints.get(partner_id(), endpoint(1).endpoint_id)


def test_only_what_is_due_is_listed_newest_first_behind_the_cursor(store: Store) -> None:
    many = [delivery(number, due=number) for number in range(1, 7)]
    store_all(store, *many, delivery(9, of=2), delivery(8, partner=2))

    def listed(before: int | None, *, now: int, limit: int = 9) -> list[WebhookDelivery]:
        cursor = None if before is None else MessageId(make("msg", before))
        with store.read() as stored:
            found = stored.webhook_deliveries.list(
                partner_id(), many[0].endpoint_id, before=cursor, now=at(now), limit=limit
            )
        return list(found.those)

    assert listed(None, now=4) == many[3::-1]
    assert listed(4, now=9, limit=2) == [many[2], many[1]]
    assert listed(1, now=9) == []


def test_the_log_comes_in_order(store: Store) -> None:
    store_all(store, delivery())
    lines = [
        DeliveryAttempt(number=2, at=at(2), tried=Tried(status=204, milliseconds=5, read_bytes=9)),
        DeliveryAttempt(number=1, at=at(1), tried=Tried(failure=DeliveryFailure.TIMEOUT, milliseconds=10_000)),
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.webhook_deliveries.add_attempt(delivery(), one) for one in lines]))
    with store.read() as stored:
        assert list(stored.webhook_deliveries.attempts(delivery())) == lines[::-1]
        assert list(stored.webhook_deliveries.attempts(delivery(2))) == []


def test_all_that_waits_for_an_endpoint_is_given_up_at_once(store: Store) -> None:
    done = replace(delivery(3), state=DeliveryState.DELIVERED, settled_at=at(1))
    other = delivery(1, of=2)
    store_all(store, delivery(1), delivery(2, due=99), done, other)
    whose = (partner_id(), endpoint().endpoint_id)
    gave_up = store.write(
        lambda uow: uow.webhook_deliveries.give_up(*whose, failure=DeliveryFailure.DISABLED, now=at(5))
    ).value
    assert gave_up == 2
    with store.read() as stored:
        found = [stored.webhook_deliveries.get(*whose, MessageId(make("msg", number))) for number in (1, 2, 3)]
        assert stored.webhook_deliveries.get(partner_id(), EndpointId(make("wep", 2)), other.message_id) == other
    assert [(one.state, one.failure, one.settled_at) for one in found if one] == [
        (DeliveryState.FAILED, DeliveryFailure.DISABLED, at(5)),
        (DeliveryState.FAILED, DeliveryFailure.DISABLED, at(5)),
        (DeliveryState.DELIVERED, None, at(1)),
    ]


def test_the_backlog_counts_what_is_due_and_waits(store: Store) -> None:
    done = replace(delivery(9, due=1), state=DeliveryState.FAILED)
    store_all(store, delivery(1, due=5), delivery(2, due=3, partner=2), delivery(3, due=50), done)

    def backlog(now: int) -> Backlog:
        with store.read() as stored:
            return stored.webhook_deliveries.backlog(now=at(now))

    assert backlog(2) == Backlog(waiting=0, oldest=None)
    assert backlog(9) == Backlog(waiting=2, oldest=at(3))
