"""Addresses that can be called, and what becomes of endpoint and delivery after a try."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.identifiers import PartnerId
from eztong.domain.jobs.job import RULES, JobKind
from eztong.domain.webhooks.delivery import (
    TRIED_FOR,
    DeliveryFailure,
    DeliveryPending,
    DeliveryState,
    Tried,
    WebhookDelivery,
    endpoint_after,
    failure_of,
)
from eztong.domain.webhooks.endpoint import (
    LONGEST_REST,
    PATIENT,
    PROMPT,
    DisabledBecause,
    EndpointId,
    EndpointState,
    EndpointUrlInvalid,
    WebhookEndpoint,
    check_url,
)
from eztong.domain.webhooks.event import CHOOSABLE, EventTypeUnknown, MessageId, WebhookEventType, choose_types

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ARRIVED, FAILED, GONE = (
    Tried(status=200),
    Tried(failure=DeliveryFailure.TIMEOUT),
    Tried(status=410, failure=DeliveryFailure.REFUSED),
)
ENDPOINT = WebhookEndpoint(
    partner_id=PartnerId("hotel"),
    endpoint_id=EndpointId("wep_1"),
    url="https://hotel.example/",
    event_types=frozenset(CHOOSABLE),
    state=EndpointState.ACTIVE,
    created_at=NOW,
    sealed_secret=b"sealed",
    public_key="whpk_",
    secret_made_at=NOW,
)
DELIVERY = WebhookDelivery(
    partner_id=PartnerId("hotel"),
    endpoint_id=EndpointId("wep_1"),
    message_id=MessageId("msg_1"),
    event_type=WebhookEventType.TEST,
    body="{}",
    due_at=NOW,
    next_attempt_at=NOW,
    give_up_at=NOW + TRIED_FOR,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://hotel.example",
        "https://hotel.example:8443/a/b?c=d&e=%20",
        "https://8.8.8.8/",
        "https://[2001:4860:4860::8888]:8443/x",
        "https://xn--fiqs8s.example/",
    ],
)
def test_addresses_that_can_be_called(url: str) -> None:
    assert check_url(url, allow_http=False) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hotel.example",
        "http://hotel.example/",
        "HTTPS://hotel.example/\n",
        "ftp://hotel.example/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user@hotel.example/",
        "https://user:secret@hotel.example/",
        "https://@hotel.example/",
        "https://hotel.example/#part",
        "https://hotel.example#",
        "https://hotel.example\\@other.example/",
        "https://hotel.example/ x",
        "https://hotel.example:0/",
        "https://hotel.example:99999/",
        "https://hotel.example:port/",
        "https://[::1/",
        "https://ho%74el.example/",
        "https://酒店.example/",
        "https://hotel.example/" + "x" * 500,
        'https://hotel.example/"',
        "https://hotel.example/<",
    ],
)
def test_addresses_that_cannot(url: str) -> None:
    with pytest.raises(EndpointUrlInvalid):
        check_url(url, allow_http=False)


def test_http_is_taken_where_it_is_allowed() -> None:
    assert check_url("http://127.0.0.1:9/x", allow_http=True)
    with pytest.raises(EndpointUrlInvalid):
        check_url("ftp://127.0.0.1/", allow_http=True)


@given(st.text(max_size=60))
def test_no_text_is_taken_that_is_read_in_two_ways(text: str) -> None:
    try:
        url = check_url(f"https://{text}", allow_http=False)
    except EndpointUrlInvalid:
        return
    assert url.isascii()
    assert not set(url) & set(' \\"#<>')
    assert "@" not in url.removeprefix("https://").partition("/")[0].partition("?")[0]


def test_events_are_chosen_by_name_and_the_test_is_none_of_them() -> None:
    assert choose_types(["request.finished", "api_key.ending"]) == {
        WebhookEventType.REQUEST_FINISHED,
        WebhookEventType.KEY_ENDING,
    }
    for names in ([], ["webhook.test"], ["request.finished", "nothing"]):
        with pytest.raises(EventTypeUnknown):
            choose_types(names)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (200, None),
        (204, None),
        (299, None),
        (301, DeliveryFailure.REDIRECTED),
        (308, DeliveryFailure.REDIRECTED),
        (400, DeliveryFailure.REFUSED),
        (410, DeliveryFailure.REFUSED),
        (429, DeliveryFailure.REFUSED),
        (500, DeliveryFailure.SERVER_ERROR),
        (599, DeliveryFailure.SERVER_ERROR),
        (199, DeliveryFailure.SERVER_ERROR),
    ],
)
def test_only_a_status_of_success_is_an_arrival(status: int, failure: DeliveryFailure | None) -> None:
    assert failure_of(status) is failure


def test_an_endpoint_proves_itself_by_an_arrival_and_loses_that_by_a_failure() -> None:
    assert ENDPOINT.lane is JobKind.WEBHOOK_RETRY
    proven = endpoint_after(ENDPOINT, DELIVERY, ARRIVED, now=NOW)
    assert proven.lane is JobKind.WEBHOOK
    failed = endpoint_after(proven, DELIVERY, FAILED, now=NOW)
    assert (failed.lane, failed.failures) == (JobKind.WEBHOOK_RETRY, 1)
    assert endpoint_after(failed, DELIVERY, ARRIVED, now=NOW).lane is JobKind.WEBHOOK
    assert (proven.patience, failed.patience) == (PROMPT, PATIENT)
    slow = endpoint_after(proven, DELIVERY, Tried(status=200, milliseconds=2001), now=NOW)
    assert (slow.lane, slow.patience, slow.failures) == (JobKind.WEBHOOK_RETRY, PATIENT, 0)
    assert endpoint_after(slow, DELIVERY, ARRIVED, now=NOW).lane is JobKind.WEBHOOK
    assert proven.disabled(DisabledBecause.PARTNER, now=NOW).enabled().lane is JobKind.WEBHOOK_RETRY


def test_it_rests_longer_after_each_failure_and_never_longer_than_the_longest() -> None:
    endpoint, rests = ENDPOINT, []
    for _ in range(20):
        endpoint = endpoint.after_failure(now=NOW)
        rests.append((endpoint.rests_until or NOW) - NOW)
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (timedelta(seconds=10), LONGEST_REST)
    assert endpoint.call_at(NOW, now=NOW) == NOW + LONGEST_REST
    assert endpoint.call_at(NOW + timedelta(days=1), now=NOW) == NOW + timedelta(days=1)
    assert ENDPOINT.call_at(NOW - timedelta(days=1), now=NOW) == NOW


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=60))
def test_a_delivery_is_tried_to_its_last_moment_and_never_after(pauses: list[int]) -> None:
    delivery, now = DELIVERY, NOW
    for pause in pauses:
        if delivery.state is not DeliveryState.PENDING:
            break
        now = max(now, delivery.next_attempt_at) + timedelta(milliseconds=pause)
        before, delivery = delivery, delivery.after(FAILED, now=now)
        assert delivery.next_attempt_at <= delivery.give_up_at
        assert delivery.attempts == before.attempts + 1
        assert (delivery.state is DeliveryState.FAILED) == (now >= delivery.give_up_at)


def test_gone_ends_delivery_and_endpoint_at_once() -> None:
    after = DELIVERY.after(GONE, now=NOW)
    assert after.state is DeliveryState.FAILED
    assert endpoint_after(ENDPOINT, after, GONE, now=NOW).disabled_because is DisabledBecause.GONE


@pytest.mark.parametrize(("arrived", "stays_on"), [(None, False), (-1, False), (0, True), (1, True)])
def test_three_days_without_any_arrival_switch_it_off(arrived: int | None, *, stays_on: bool) -> None:
    delivered_at = None if arrived is None else NOW + timedelta(seconds=arrived)
    end = DELIVERY.give_up_at
    after = DELIVERY.after(FAILED, now=end)
    moved = endpoint_after(replace(ENDPOINT, delivered_at=delivered_at), after, FAILED, now=end)
    assert (moved.is_active, moved.disabled_because) == (stays_on, None if stays_on else DisabledBecause.FAILING)
    earlier = DELIVERY.after(FAILED, now=end - timedelta(seconds=1))
    assert endpoint_after(ENDPOINT, earlier, FAILED, now=end).is_active


def test_a_delivery_of_a_suspended_partner_waits_without_a_try_until_its_time_is_over() -> None:
    held = DELIVERY.held(now=NOW)
    assert (held.attempts, held.next_attempt_at, held.state) == (0, NOW + LONGEST_REST, DeliveryState.PENDING)
    over = DELIVERY.held(now=DELIVERY.give_up_at)
    assert (over.state, over.failure) == (DeliveryState.FAILED, DeliveryFailure.PARTNER)


def test_what_is_settled_can_be_sent_again_and_what_waits_cannot() -> None:
    with pytest.raises(DeliveryPending):
        DELIVERY.again(now=NOW)
    later = NOW + timedelta(days=9)
    again = DELIVERY.after(ARRIVED, now=NOW).again(now=later)
    assert (again.next_attempt_at, again.give_up_at, again.settled_at) == (later, later + TRIED_FOR, None)


def test_no_pause_of_a_delivery_is_one_that_a_clock_set_wrong_would_have_made() -> None:
    assert RULES[JobKind.WEBHOOK_RETRY].backoff.longest >= LONGEST_REST
