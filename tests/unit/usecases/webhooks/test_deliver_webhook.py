"""Deliveries are made at least once, one at a time for an endpoint, with growing pauses for three days."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from eztong.domain.jobs.fate import LeasedJob, LeaseLost
from eztong.domain.jobs.job import LEASE, Job
from eztong.domain.webhooks.delivery import TRIED_FOR, DeliveryState
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointState
from eztong.ports.act import PARTNER
from eztong.usecases.webhooks.deliver_webhook import A_TURN, deliver_webhooks
from eztong.usecases.webhooks.manage_endpoints import WithSecret, disable_endpoint, remove_endpoint, rotate_secret
from eztong.usecases.webhooks.read_deliveries import read_delivery
from eztong.usecases.webhooks.send_again import send_test
from tests.unit.usecases.stage import Stage
from tests.unit.usecases.webhooks.hearing import (
    ARRIVED,
    DOWN,
    GONE,
    HOTEL,
    LANES,
    OUTSIDE,
    SILENT,
    CollectingSender,
    deliver,
    deliveries,
    listen,
    now_of,
    waiting,
)


@pytest.fixture
def sender() -> CollectingSender:
    return CollectingSender()


def tell(stage: Stage, added: WithSecret, times: int = 1) -> None:
    for _ in range(times):
        stage.act(send_test, HOTEL, added.endpoint.endpoint_id, by=PARTNER)


def next_call(stage: Stage) -> datetime:
    """Return when the one job that waits is due."""
    far = stage.clock.now() + timedelta(days=9)
    with stage.store.read() as stored:
        (job,) = [job for kind in LANES for job in stored.jobs.due(kind, now=far, limit=9)]
    assert isinstance(job, Job)
    return job.next_attempt_at


def pass_until_next(stage: Stage) -> timedelta:
    pause = next_call(stage) - stage.clock.now()
    stage.clock.moment = next_call(stage)
    return pause


def test_what_arrives_is_signed_by_both_keys_noted_and_done(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    tell(stage, added)
    deliver(stage, sender)
    (sent,) = sender.sent
    content = f"{sent.headers['webhook-id']}.{sent.headers['webhook-timestamp']}.{sent.body}".encode()
    assert sent.headers["webhook-timestamp"] == str(int(OUTSIDE.now().timestamp()))
    mac, signature = sent.headers["webhook-signature"].split(" ")
    assert mac.startswith("v1,")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(added.endpoint.public_key.removeprefix("whpk_")))
    key.verify(base64.b64decode(signature.removeprefix("v1a,")), content)
    (delivery,) = deliveries(stage, added)
    assert (delivery.state, delivery.attempts, delivery.message_id) == (
        DeliveryState.DELIVERED,
        1,
        sent.headers["webhook-id"],
    )
    assert (now_of(stage, added).delivered_at, waiting(stage)) == (stage.clock.now(), [])


def test_who_never_answered_and_who_failed_waits_in_a_lane_of_its_own(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    tell(stage, added)
    assert [kind for kind, _key in waiting(stage)] == ["webhook_retries"]
    deliver(stage, sender)
    tell(stage, added)
    assert [kind for kind, _key in waiting(stage)] == ["webhooks"]
    sender.answer = DOWN
    deliver(stage, sender)
    assert [kind for kind, _key in waiting(stage)] == ["webhook_retries"]
    assert stage.observer.seen[-1] == ("queue_failure", "webhooks", "server_error")


def test_a_failed_try_is_repeated_under_the_same_id_after_growing_pauses_until_three_days_are_over(
    stage: Stage, sender: CollectingSender
) -> None:
    added = listen(stage)
    begun = stage.clock.now()
    tell(stage, added)
    sender.answer = DOWN
    deliver(stage, sender)
    pauses = []
    while deliveries(stage, added)[0].state is DeliveryState.PENDING:
        pauses.append(pass_until_next(stage))
        deliver(stage, sender)
    assert pauses[:5] == [timedelta(seconds=10 * 2**n) for n in range(5)]
    assert all(one <= two for one, two in pairwise(pauses[:-1]))
    assert stage.clock.now() == begun + TRIED_FOR
    assert len(set(sender.ids)) == 1
    (delivery,) = deliveries(stage, added)
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, len(sender.sent))
    endpoint = now_of(stage, added)
    assert (endpoint.state, endpoint.disabled_because) == (EndpointState.DISABLED, DisabledBecause.FAILING)
    assert waiting(stage) == []
    _delivery, log = stage.act(read_delivery, HOTEL, endpoint.endpoint_id, delivery.message_id)
    assert [one.number for one in log] == list(range(1, len(sender.sent) + 1))
    assert {(one.tried.status, one.tried.milliseconds, one.tried.read_bytes) for one in log} == {(503, 7, 3)}


def test_a_success_lets_all_that_is_due_follow_in_turns(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    tell(stage, added, A_TURN + 3)
    deliver(stage, sender)
    assert len(sender.sent) == A_TURN
    deliver(stage, sender)
    assert len(sender.sent) == A_TURN + 3 == len(set(sender.ids))
    assert waiting(stage) == []


def test_a_failure_lets_everything_for_the_endpoint_rest(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    tell(stage, added, 3)
    sender.answer = SILENT
    deliver(stage, sender, rounds=3)
    assert len(sender.sent) == 1
    tell(stage, added)
    deliver(stage, sender, rounds=3)
    assert len(sender.sent) == 1
    stage.clock.pass_by(seconds=10)
    deliver(stage, sender, rounds=3)
    assert len(sender.sent) == 2


def test_gone_means_that_nobody_calls_there_again(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    tell(stage, added, 2)
    sender.answer = GONE
    deliver(stage, sender, rounds=3)
    endpoint = now_of(stage, added)
    assert (len(sender.sent), endpoint.disabled_because, waiting(stage)) == (1, DisabledBecause.GONE, [])
    assert [one.failure and one.failure.value for one in deliveries(stage, added)] == [
        "client_error",
        "endpoint_disabled",
    ]


def test_what_was_sent_and_not_noted_is_sent_once_more_under_the_same_id(
    stage: Stage, sender: CollectingSender
) -> None:
    added = listen(stage)
    tell(stage, added)
    job = leased(stage, added)
    with stage.store.read() as stored:
        assert not stored.jobs.due(job.job.kind, now=stage.clock.now(), limit=1)
    # It was sent, and here the process died. After the lease another one sees the job.
    stage.clock.pass_by(seconds=LEASE.total_seconds())
    deliver(stage, sender)
    assert deliveries(stage, added)[0].state is DeliveryState.DELIVERED


def test_who_lost_the_lease_notes_nothing(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    tell(stage, added)
    job = leased(stage, added)

    def sleep() -> None:
        stage.clock.pass_by(seconds=LEASE.total_seconds())
        deliver(stage, sender)

    sender.while_sending = sleep
    with pytest.raises(LeaseLost):
        deliver_webhooks(job, services=stage.services, sender=sender, outside=OUTSIDE)
    assert len(sender.ids) == 2
    assert len(set(sender.ids)) == 1
    assert deliveries(stage, added)[0].attempts == 1


def test_a_service_that_stops_counts_no_try(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    tell(stage, added)
    sender.is_stopped = True
    deliver(stage, sender)
    assert (deliveries(stage, added)[0].attempts, len(waiting(stage))) == (0, 1)
    sender.is_stopped = False
    deliver(stage, sender)
    assert deliveries(stage, added)[0].state is DeliveryState.DELIVERED


@pytest.mark.parametrize("answer", [ARRIVED, DOWN])
def test_what_is_switched_off_while_a_try_is_under_way_stays_off(
    stage: Stage, sender: CollectingSender, answer: object
) -> None:
    added = listen(stage)
    tell(stage, added, 2)
    whose = (HOTEL, added.endpoint.endpoint_id)
    sender.answer = answer  # type: ignore[assignment]  # a parameter
    sender.while_sending = lambda: stage.act(disable_endpoint, *whose, DisabledBecause.PARTNER)
    deliver(stage, sender, rounds=2)
    arrived = answer is ARRIVED
    states = [DeliveryState.DELIVERED if arrived else DeliveryState.FAILED, DeliveryState.FAILED]
    assert [one.state for one in deliveries(stage, added)] == states
    assert (len(sender.sent), now_of(stage, added).disabled_because) == (1, DisabledBecause.PARTNER)
    assert (deliveries(stage, added)[0].attempts, waiting(stage)) == (1, [])


def test_what_is_removed_while_a_try_is_under_way_is_gone(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    tell(stage, added)
    sender.while_sending = lambda: stage.act(remove_endpoint, HOTEL, added.endpoint.endpoint_id)
    deliver(stage, sender, rounds=2)
    tables = ("webhook_endpoints", "webhook_deliveries", "webhook_attempts")
    assert [stage.rows()[table] for table in tables] == [0, 0, 0]
    assert waiting(stage) == []


def test_after_a_rotation_both_secrets_sign_until_the_old_one_ends(stage: Stage, sender: CollectingSender) -> None:
    added = listen(stage)
    for at_once, signatures in ((False, 4), (True, 2)):
        stage.act(rotate_secret, HOTEL, added.endpoint.endpoint_id, at_once=at_once)
        tell(stage, added)
        deliver(stage, sender)
        assert len(sender.sent[-1].headers["webhook-signature"].split(" ")) == signatures
    stage.act(rotate_secret, HOTEL, added.endpoint.endpoint_id)
    stage.clock.pass_by(hours=24)
    tell(stage, added)
    deliver(stage, sender)
    assert len(sender.sent[-1].headers["webhook-signature"].split(" ")) == 2


def leased(stage: Stage, added: WithSecret) -> LeasedJob:
    """Take the endpoint's job as a worker does that dies with it."""
    kind = now_of(stage, added).lane
    (job,) = stage.read(lambda stored: stored.jobs.due(kind, now=stage.clock.now(), limit=1))
    assert isinstance(job, Job)
    until = stage.clock.now() + LEASE
    assert stage.write(lambda uow: uow.jobs.lease(job.job_id, now=stage.clock.now(), until=until))
    return LeasedJob(job, until)
