"""Deliver what waits for one endpoint: at least once, one try at a time, and each noted under the lease of its job.

A job stands for an endpoint. It sends the first delivery that is due, notes how that went, and goes on while what it
sends arrives; after a failure the endpoint rests. Whoever dies between sending and noting leaves a lease that lapses,
and the same message is sent once more, under the same id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from eztong.domain.deregistration.partner_event import EventId
from eztong.domain.identifiers import PartnerId, RequestId
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import LEASE, Job, JobEnd
from eztong.domain.partners.partner import PartnerState
from eztong.domain.requests.request import RequestState
from eztong.domain.webhooks.delivery import (
    DeliveryAttempt,
    DeliveryFailure,
    DeliveryState,
    Tried,
    WebhookDelivery,
    endpoint_after,
)
from eztong.domain.webhooks.endpoint import WebhookEndpoint
from eztong.domain.webhooks.event import WebhookEventType
from eztong.domain.webhooks.signature import signed_headers
from eztong.ports.act import SYSTEM, Act
from eztong.ports.clock import Clock
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.ports.webhook_sender import SenderStopped, SignedDelivery, WebhookSender
from eztong.usecases.naming import new_id
from eztong.usecases.webhooks.announce import call, endpoint_of, job_key
from eztong.usecases.webhooks.find_endpoint import signing_secrets

A_TURN: Final = 20
"""How many deliveries one endpoint gets before others have their turn."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be sent now, and where."""

    endpoint: WebhookEndpoint
    delivery: WebhookDelivery


def deliver_webhooks(leased: LeasedJob, *, services: Services, sender: WebhookSender, outside: Clock) -> Fate:
    """Send what is due for the job's endpoint, as long as it arrives, and note each try.

    ``outside`` is the clock that receivers compare with: a sandbox's own may stand anywhere.

    Raises:
        LeaseLost: another worker has the job; what was sent now is sent again.
        eztong.gm.errors.DecryptionFailed: the secret cannot be opened.
    """
    turn: LeasedJob | None = leased
    for _ in range(A_TURN):
        if turn is None:
            return Fate.NOTED
        with services.store.read() as stored:
            ready = _find_ready(turn.job, stored=stored, now=services.clock.now())
        if ready is None:
            services.perform(SYSTEM, _plan_anew, turn)
            return Fate.NOTED
        begun = services.clock.now()
        try:
            tried = _send(ready, services=services, sender=sender, at=outside.now())
        except SenderStopped:
            return Fate.GIVEN_BACK if turn is leased else Fate.NOTED
        if tried.failure is not None:
            services.observer.queue_failure(turn.job.kind.value, tried.failure.value)
        turn = services.perform(SYSTEM, _note, turn, ready, tried, begun=begun)
    if turn is not None:
        services.perform(SYSTEM, _plan_anew, turn)
    return Fate.NOTED


def _find_ready(job: Job, *, stored: Repositories, now: datetime) -> _Ready | None:
    partner_id, endpoint_id = endpoint_of(job.key)
    endpoint = stored.webhook_endpoints.get(partner_id, endpoint_id)
    if endpoint is None or not endpoint.is_active or endpoint.lane is not job.kind:
        return None
    delivery = stored.webhook_deliveries.next_of(partner_id, endpoint_id)
    if delivery is None or endpoint.call_at(delivery.next_attempt_at, now=now) > now:
        return None
    if not _may_hear(partner_id, stored=stored) or _came_to_nothing(delivery, stored=stored, now=now):
        return None
    return _Ready(endpoint, delivery)


def _send(ready: _Ready, *, services: Services, sender: WebhookSender, at: datetime) -> Tried:
    endpoint, delivery = ready.endpoint, ready.delivery
    headers = signed_headers(
        signing_secrets(endpoint, keys=services.keys, now=services.clock.now()),
        message_id=delivery.message_id,
        body=delivery.body,
        now=at,
    )
    signed = SignedDelivery(url=endpoint.url, headers=headers, body=delivery.body)
    return sender.send(signed, patience=endpoint.patience)


def _note(act: Act, turn: LeasedJob, ready: _Ready, tried: Tried, *, begun: datetime) -> LeasedJob | None:
    """Note a try and end the job; return the next one, leased as this was, where more is due at once."""
    _end(act, turn)
    sent = ready.delivery
    endpoint = act.uow.webhook_endpoints.get(sent.partner_id, sent.endpoint_id)
    delivery = act.uow.webhook_deliveries.get(sent.partner_id, sent.endpoint_id, sent.message_id)
    if endpoint is None or delivery is None:
        return None
    after = delivery.after(tried, now=act.now)
    if delivery.state is not DeliveryState.PENDING and tried.failure is not None:
        # Given up while it was under way: it stays so, and the try is in the log.
        after = replace(delivery, attempts=after.attempts)
    act.uow.webhook_deliveries.save(after)
    line = DeliveryAttempt(number=after.attempts, at=begun, tried=tried)
    act.uow.webhook_deliveries.add_attempt(delivery, line)
    if not endpoint.is_active:
        return None
    moved = endpoint_after(endpoint, after, tried, now=act.now)
    act.uow.webhook_endpoints.save(moved)
    if not moved.is_active:
        act.uow.webhook_deliveries.give_up(
            moved.partner_id, moved.endpoint_id, failure=DeliveryFailure.DISABLED, now=act.now
        )
        return None
    return _go_on(act, moved)


def _go_on(act: Act, endpoint: WebhookEndpoint) -> LeasedJob | None:
    following = act.uow.webhook_deliveries.next_of(endpoint.partner_id, endpoint.endpoint_id)
    if following is None:
        return None
    if endpoint.failures or following.next_attempt_at > act.now:
        call(act, endpoint, following.next_attempt_at)
        return None
    until = act.now + LEASE
    job = Job(
        job_id=new_id(act, "job"),
        kind=endpoint.lane,
        key=job_key(endpoint),
        created_at=act.now,
        next_attempt_at=act.now,
        leased_until=until,
    )
    return LeasedJob(job, until) if act.uow.jobs.add(job) else None


def _plan_anew(act: Act, turn: LeasedJob) -> None:
    """End the job, set aside what is not to be sent now, and let the endpoint be called when something is."""
    _end(act, turn)
    partner_id, endpoint_id = endpoint_of(turn.job.key)
    endpoint = act.uow.webhook_endpoints.get(partner_id, endpoint_id)
    delivery = act.uow.webhook_deliveries.next_of(partner_id, endpoint_id)
    if endpoint is None or delivery is None or not endpoint.is_active:
        return
    if endpoint.call_at(delivery.next_attempt_at, now=act.now) <= act.now:
        if _came_to_nothing(delivery, stored=act.uow, now=act.now):
            act.uow.webhook_deliveries.drop(delivery)
        elif not _may_hear(partner_id, stored=act.uow):
            act.uow.webhook_deliveries.save(delivery.held(now=act.now))
    following = act.uow.webhook_deliveries.next_of(partner_id, endpoint_id)
    if following is not None:
        call(act, endpoint, following.next_attempt_at)


def _end(act: Act, turn: LeasedJob) -> None:
    if not act.uow.jobs.end(turn.job.job_id, JobEnd.DONE, lease=turn.lease, now=act.now):
        raise LeaseLost


def _may_hear(partner_id: PartnerId, *, stored: Repositories) -> bool:
    """Say whether the partner gets answers now: it is told nothing that the API would not answer."""
    partner = stored.partners.get(partner_id)
    return partner is not None and partner.state is PartnerState.APPROVED


def _came_to_nothing(delivery: WebhookDelivery, *, stored: Repositories, now: datetime) -> bool:
    """Say whether what was announced ahead is not so, now that its time has come."""
    subject, partner_id = delivery.subject, delivery.partner_id
    if subject is None or delivery.attempts:
        return False
    match delivery.event_type:
        case WebhookEventType.REQUEST_EXPIRED:
            request = stored.requests.get(partner_id, RequestId(subject))
            return request is None or request.as_of(now).state is not RequestState.TIMEOUT
        case WebhookEventType.ERASURE_DUE:
            event = stored.partner_events.get(partner_id, EventId(subject))
            return event is None or event.answered is not None
        case WebhookEventType.KEY_ENDING:
            keys = [one for one in stored.partners.keys(partner_id) if one.key_id == subject]
            return not any(one.revoked_at is None and one.expires_at is not None for one in keys)
        case _:
            return False
