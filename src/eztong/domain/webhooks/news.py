"""Every event that is told, made from what happened: one constructor each, and none else writes a body."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.codes.verification import Outcome
from eztong.domain.deregistration.partner_event import PartnerEvent
from eztong.domain.identifiers import VerificationId
from eztong.domain.partners.partner import ApiKey
from eztong.domain.requests.request import Request
from eztong.domain.webhooks.event import WebhookEvent, WebhookEventType, request_ended
from eztong.domain.working_days import WorkCalendar

REMINDED_BEFORE: Final = timedelta(days=3)
"""How long before the last day of an answer its partner is reminded of an erasure request."""
KEY_ENDS_WITHIN: Final = timedelta(days=14)
"""How long before its end a key is announced to end; one that lives shorter, at half of its life."""


def request_will_expire(request: Request) -> WebhookEvent:
    """Return what is told if the request has no answer when its time is over."""
    return WebhookEvent(
        event_type=WebhookEventType.REQUEST_EXPIRED,
        at=request.expires_at,
        data={"request_id": request.request_id, "state": "timeout"},
        subject=request.request_id,
    )


def request_was_answered(
    request: Request, *, verification_id: VerificationId, outcome: Outcome, now: datetime
) -> Sequence[WebhookEvent]:
    """Return what is told of an answer: the request's end, and its verification."""
    ids = {"request_id": request.request_id, "verification_id": verification_id}
    return (
        WebhookEvent(event_type=request_ended(outcome), at=now, data=ids | {"state": "finished", "outcome": outcome}),
        WebhookEvent(event_type=WebhookEventType.VERIFICATION_COMPLETED, at=now, data=ids | {"outcome": outcome.value}),
    )


def code_ended(event: PartnerEvent) -> Sequence[WebhookEvent]:
    """Return what a partner hears when its time comes to hear that a code ended, and a while later.

    Nothing in it is of another moment than that of the telling, which was drawn for this partner alone.
    """
    ids = {"event_id": event.event_id, "erasure_request_id": event.erasure_id, "partner_code": event.partner_code}
    # Whole days later, so that this moment tells no more than the first.
    left = event.answer_by(WorkCalendar()) - event.day - REMINDED_BEFORE
    reminder = {"event_id": event.event_id, "erasure_request_id": event.erasure_id}
    return (
        WebhookEvent(event_type=WebhookEventType.CODE_ENDED, at=event.tell_at, data=ids),
        WebhookEvent(event_type=WebhookEventType.ERASURE_ASKED, at=event.tell_at, data=ids),
        WebhookEvent(
            event_type=WebhookEventType.ERASURE_DUE,
            at=event.tell_at + left,
            data=reminder,
            subject=event.event_id,
        ),
    )


def key_created(key: ApiKey) -> Sequence[WebhookEvent]:
    """Return what is told of a new API key, now and before its end."""
    made = WebhookEvent(
        event_type=WebhookEventType.KEY_CREATED, at=key.created_at, data={"api_key_id": key.key_id, "state": "live"}
    )
    return (made, *key_ending(key))


def key_ending(key: ApiKey) -> Sequence[WebhookEvent]:
    """Return what is told before the end of an API key that has one."""
    if key.expires_at is None:
        return ()
    notice = min(KEY_ENDS_WITHIN, (key.expires_at - key.created_at) / 2)
    return (
        WebhookEvent(
            event_type=WebhookEventType.KEY_ENDING,
            at=key.expires_at - notice,
            data={"api_key_id": key.key_id, "state": "ending"},
            subject=key.key_id,
        ),
    )


def key_revoked(key_id: str, *, now: datetime) -> WebhookEvent:
    """Return what is told of a revoked API key."""
    return WebhookEvent(
        event_type=WebhookEventType.KEY_REVOKED, at=now, data={"api_key_id": key_id, "state": "revoked"}
    )


def trial(endpoint_id: str, *, now: datetime) -> WebhookEvent:
    """Return what is sent to try an endpoint."""
    return WebhookEvent(event_type=WebhookEventType.TEST, at=now, data={"endpoint_id": endpoint_id})
