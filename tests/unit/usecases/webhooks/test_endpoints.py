"""Endpoints are added, changed, switched and removed; secrets are shown once and signed for by none but the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from eztong.domain.errors import IdempotencyConflict, NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.delivery import TRIED_FOR, DeliveryPending, DeliveryState, DeliveryUnknown
from eztong.domain.webhooks.endpoint import (
    MOST_ENDPOINTS,
    DisabledBecause,
    EndpointDisabled,
    EndpointHeld,
    EndpointId,
    EndpointState,
    EndpointUnknown,
    EndpointUrlInvalid,
    TooManyEndpoints,
    WebhookSecretReplaced,
)
from eztong.domain.webhooks.event import CHOOSABLE, MessageId, WebhookEventType
from eztong.ports.act import PARTNER
from eztong.usecases.idempotency import IdempotencyKey, idempotency_key
from eztong.usecases.webhooks.described import describe_delivery, describe_endpoint, describe_with_log
from eztong.usecases.webhooks.find_endpoint import open_secret
from eztong.usecases.webhooks.manage_endpoints import (
    AddEndpoint,
    ChangeEndpoint,
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
    rotate_secret,
)
from eztong.usecases.webhooks.read_deliveries import read_deliveries, read_delivery
from eztong.usecases.webhooks.send_again import resend_delivery, send_test
from tests.unit.usecases.requests.acts import ask
from tests.unit.usecases.stage import Stage
from tests.unit.usecases.webhooks.hearing import (
    DOWN,
    HOTEL,
    URL,
    CollectingSender,
    deliver,
    deliveries,
    listen,
    now_of,
    waiting,
)

OTHER = "https://other.example/"
LIBRARY = PartnerId("library")
NOBODY = EndpointId("wep_nobody")


def key(stage: Stage, name: str = "one", *, body: bytes = b"{}", operation: str = "webhooks") -> IdempotencyKey:
    return idempotency_key(name, body=body, operation=operation, keys=stage.keys)


def test_an_added_endpoint_is_active_has_its_own_secret_and_keeps_it_sealed(stage: Stage) -> None:
    one, other = listen(stage), listen(stage)
    assert one.secret.startswith("whsec_")
    assert one.endpoint.public_key.startswith("whpk_")
    assert (one.secret, one.endpoint.public_key) != (other.secret, other.endpoint.public_key)
    assert now_of(stage, one) == one.endpoint
    assert one.endpoint.is_active
    assert open_secret(one.endpoint, keys=stage.keys).text() == one.secret
    assert one.secret not in repr(one)
    ((stored,),) = stage.select(
        "SELECT sealed_secret FROM webhook_endpoints WHERE endpoint_id = ?", one.endpoint.endpoint_id
    )
    assert open_secret(one.endpoint, keys=stage.keys).secret not in stored
    assert "secret" not in {name for name in describe_endpoint(one.endpoint, now=stage.clock.now()) if name == "secret"}


def test_a_partner_has_at_most_ten_and_a_stranger_none(stage: Stage) -> None:
    for _ in range(MOST_ENDPOINTS):
        listen(stage)
    with pytest.raises(TooManyEndpoints):
        listen(stage)
    listen(stage, partner_id=LIBRARY)
    with pytest.raises(NotFound, match="no such partner"):
        listen(stage, partner_id=PartnerId("nobody"))


def test_plain_http_is_for_a_sandbox_alone(stage: Stage) -> None:
    with pytest.raises(EndpointUrlInvalid, match="https"):
        listen(stage, url="http://hotel.example/hooks")
    assert listen(stage, url="http://hotel.example/hooks", allow_http=True).endpoint.is_active


def test_the_same_key_adds_once_and_shows_the_same_secret(stage: Stage) -> None:
    command = AddEndpoint(
        partner_id=HOTEL, url=URL, event_types=frozenset(CHOOSABLE), allow_http=False, idempotency=key(stage)
    )
    first, second = stage.act(add_endpoint, command), stage.act(add_endpoint, command)
    assert (first.endpoint, first.secret) == (second.endpoint, second.secret)
    with pytest.raises(IdempotencyConflict):
        stage.act(add_endpoint, replace(command, idempotency=key(stage, body=b"other")))


def test_another_partner_finds_none_of_it(stage: Stage) -> None:
    endpoint_id = listen(stage).endpoint.endpoint_id
    changed = ChangeEndpoint(partner_id=LIBRARY, endpoint_id=endpoint_id, allow_http=False)
    for whose in ((LIBRARY, endpoint_id), (HOTEL, NOBODY)):
        for verb in (rotate_secret, enable_endpoint, remove_endpoint, send_test):
            with pytest.raises(EndpointUnknown):
                stage.act(verb, *whose)
        with pytest.raises(EndpointUnknown):
            stage.act(disable_endpoint, *whose, DisabledBecause.PARTNER)
        with pytest.raises(EndpointUnknown):
            stage.act(read_deliveries, *whose, before=None, limit=1)
        with pytest.raises(EndpointUnknown):
            stage.act(resend_delivery, *whose, MessageId("msg_x"))
    with pytest.raises(EndpointUnknown):
        stage.act(change_endpoint, changed)


def test_address_and_choice_change_each_by_itself(stage: Stage) -> None:
    added = listen(stage)
    base = ChangeEndpoint(partner_id=HOTEL, endpoint_id=added.endpoint.endpoint_id, allow_http=False)
    only = frozenset({WebhookEventType.KEY_CREATED})
    stage.act(change_endpoint, replace(base, event_types=only))
    assert now_of(stage, added) == replace(added.endpoint, event_types=only)
    stage.act(change_endpoint, replace(base, url="https://other.example/"))
    assert now_of(stage, added) == replace(added.endpoint, event_types=only, url="https://other.example/")
    with pytest.raises(EndpointUrlInvalid):
        stage.act(change_endpoint, replace(base, url="https://user@other.example/"))


def test_a_rotation_shows_the_new_secret_and_tells_until_when_the_old_one_signs(stage: Stage) -> None:
    added = listen(stage)
    whose = (HOTEL, added.endpoint.endpoint_id)
    rotated = stage.act(rotate_secret, *whose, idempotency=key(stage, operation="rotate"))
    again = stage.act(rotate_secret, *whose, idempotency=key(stage, operation="rotate"))
    assert rotated.secret == again.secret != added.secret
    now = stage.clock.now()
    told = describe_endpoint(now_of(stage, added), now=now)
    assert told["public_key"] == rotated.endpoint.public_key != added.endpoint.public_key
    assert told["previous_public_key"] == added.endpoint.public_key
    assert told["previous_secret_until"] == "2026-03-03T01:00:00.000Z"
    later = describe_endpoint(now_of(stage, added), now=now + timedelta(days=1))
    assert (later["previous_public_key"], later["previous_secret_until"]) == (None, None)
    at_once = stage.act(rotate_secret, *whose, at_once=True)
    assert at_once.endpoint.sealed_previous is None


def test_asked_again_no_secret_is_shown_but_the_one_that_was_made_then(stage: Stage) -> None:
    command = AddEndpoint(
        partner_id=HOTEL, url=URL, event_types=frozenset(CHOOSABLE), allow_http=False, idempotency=key(stage)
    )
    added, other = stage.act(add_endpoint, command), listen(stage)
    ids = [(HOTEL, one.endpoint.endpoint_id) for one in (added, other)]
    again = key(stage, operation="rotate")
    stage.act(rotate_secret, *ids[0], idempotency=again)
    # A colleague replaces what leaked; nor does the key open another endpoint, or rotate it.
    with pytest.raises(WebhookSecretReplaced):
        stage.act(rotate_secret, *ids[1], idempotency=again)
    assert now_of(stage, other) == other.endpoint
    stage.clock.pass_by(seconds=1)
    stage.act(rotate_secret, *ids[0], at_once=True)
    with pytest.raises(WebhookSecretReplaced):
        stage.act(rotate_secret, *ids[0], idempotency=again)
    with pytest.raises(WebhookSecretReplaced):
        stage.act(add_endpoint, command)


def test_a_disabled_endpoint_hears_nothing_says_why_and_hears_again_once_enabled(stage: Stage) -> None:
    added, sender = listen(stage), CollectingSender()
    whose = (HOTEL, added.endpoint.endpoint_id)
    ask(stage)
    stage.act(send_test, *whose)
    off = stage.act(disable_endpoint, *whose, DisabledBecause.OPERATOR)
    assert stage.act(disable_endpoint, *whose, DisabledBecause.PARTNER) == off
    told = describe_endpoint(off, now=stage.clock.now())
    assert (told["state"], told["disabled_because"]) == ("disabled", "operator")
    assert "operator" in told["notice"]
    ask(stage)
    with pytest.raises(EndpointDisabled):
        stage.act(send_test, *whose)
    with pytest.raises(EndpointDisabled):
        stage.act(resend_delivery, *whose, deliveries(stage, added)[0].message_id)
    deliver(stage, sender, rounds=2)
    assert (sender.sent, waiting(stage)) == ([], [])
    on = stage.act(enable_endpoint, *whose)
    assert (on.state, stage.act(enable_endpoint, *whose)) == (EndpointState.ACTIVE, on)
    stage.act(send_test, *whose)
    deliver(stage, sender)
    assert sender.types == ["webhook.test"]


def test_what_the_operator_switched_off_no_partner_brings_back(stage: Stage) -> None:
    added = listen(stage)
    whose = (HOTEL, added.endpoint.endpoint_id)
    stage.act(disable_endpoint, *whose, DisabledBecause.PARTNER, by=PARTNER)
    held = stage.act(disable_endpoint, *whose, DisabledBecause.OPERATOR)
    assert held.is_held
    host = str(urlsplit(held.url).hostname)
    wanted = AddEndpoint(partner_id=HOTEL, url=OTHER, event_types=frozenset(CHOOSABLE), allow_http=False)
    around: list[tuple[Callable[..., object], tuple[object, ...]]] = [
        (enable_endpoint, whose),
        (remove_endpoint, whose),
        (change_endpoint, (ChangeEndpoint(partner_id=HOTEL, endpoint_id=whose[1], allow_http=False, url=OTHER),)),
        (add_endpoint, (replace(wanted, url=f"https://{host.upper()}.:8443/again"),)),
    ]
    for verb, given in around:
        with pytest.raises(EndpointHeld):
            stage.act(verb, *given, by=PARTNER)
    other = stage.act(add_endpoint, wanted, by=PARTNER).endpoint
    moved = ChangeEndpoint(partner_id=HOTEL, endpoint_id=other.endpoint_id, allow_http=False, url=held.url)
    with pytest.raises(EndpointHeld):
        stage.act(change_endpoint, moved, by=PARTNER)
    assert now_of(stage, added) == held
    assert stage.act(enable_endpoint, *whose).is_active
    stage.act(disable_endpoint, *whose, DisabledBecause.PARTNER, by=PARTNER)
    assert stage.act(enable_endpoint, *whose, by=PARTNER).is_active


def test_a_removed_endpoint_takes_its_deliveries_along_and_no_others(stage: Stage) -> None:
    gone, kept, sender = listen(stage), listen(stage), CollectingSender()
    for one in (gone, kept):
        stage.act(send_test, HOTEL, one.endpoint.endpoint_id)
    deliver(stage, sender)
    stage.act(remove_endpoint, HOTEL, gone.endpoint.endpoint_id)
    counts = [stage.rows()[name] for name in ("webhook_endpoints", "webhook_deliveries", "webhook_attempts")]
    assert counts == [1, 1, 1]
    assert len(deliveries(stage, kept)) == 1


# --- sent again ---------------------------------------------------------------------------------------------------


def test_a_delivery_is_sent_again_under_its_id_and_its_log_goes_on(stage: Stage) -> None:
    added, sender = listen(stage), CollectingSender()
    whose = (HOTEL, added.endpoint.endpoint_id)
    sent = stage.act(send_test, *whose, idempotency=key(stage, operation="test"))
    assert stage.act(send_test, *whose, idempotency=key(stage, operation="test")) == sent
    with pytest.raises(DeliveryPending):
        stage.act(resend_delivery, *whose, sent.message_id)
    deliver(stage, sender)
    stage.clock.pass_by(days=7)
    again = stage.act(resend_delivery, *whose, sent.message_id, idempotency=key(stage, operation="resend"))
    assert (again.state, again.give_up_at) == (DeliveryState.PENDING, stage.clock.now() + TRIED_FOR)
    assert stage.act(resend_delivery, *whose, sent.message_id, idempotency=key(stage, operation="resend")) == again
    sender.answer = DOWN
    deliver(stage, sender)
    assert sender.ids == [sent.message_id] * 2
    delivery, log = stage.act(read_delivery, *whose, sent.message_id)
    told = describe_with_log(delivery, log)
    assert [(one["number"], one["status"], one["failure"]) for one in told["log"]] == [
        (1, 204, None),
        (2, 503, "server_error"),
    ]
    assert (told["state"], told["settled_at"], told["next_attempt_at"]) == ("pending", None, "2026-03-09T01:00:20.000Z")
    assert told["body"] == sender.sent[0].body


def test_deliveries_are_listed_newest_first_page_by_page(stage: Stage) -> None:
    added, sender = listen(stage), CollectingSender()
    whose = (HOTEL, added.endpoint.endpoint_id)
    ids = [stage.act(send_test, *whose).message_id for _ in range(5)][::-1]
    deliver(stage, sender)
    pages, cursor = [], None
    while True:
        page = stage.act(read_deliveries, *whose, before=cursor, limit=2)
        pages.append([one.message_id for one in page.listed.those])
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    assert describe_delivery(page.listed.those[0])["next_attempt_at"] is None


def test_what_is_not_due_is_nobodys_to_see_or_send(stage: Stage) -> None:
    added = listen(stage)
    whose = (HOTEL, added.endpoint.endpoint_id)
    ask(stage)
    ((ahead,),) = stage.select("SELECT message_id FROM webhook_deliveries")
    assert deliveries(stage, added) == []
    for verb in (read_delivery, resend_delivery):
        with pytest.raises(DeliveryUnknown):
            stage.act(verb, *whose, ahead)
        with pytest.raises(DeliveryUnknown):
            stage.act(verb, *whose, MessageId("msg_nobody"))
