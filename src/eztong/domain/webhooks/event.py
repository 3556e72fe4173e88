"""What partner servers are told of: a catalogue, and one thin body for all (Standard Webhooks 1.0).

A body holds ids and states, as the API would answer the same partner; never personal data, never a reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from eztong.domain.canonical_json import render_time
from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import InputInvalid

MessageId = NewType("MessageId", str)

MESSAGE: Final = "msg"
"""The prefix of message ids, which a receiver knows a repeated delivery by."""


class WebhookEventType(StrEnum):
    """What happened. The value stands in the body and is what a receiver tells them apart by."""

    REQUEST_FINISHED = "request.finished"
    REQUEST_DECLINED = "request.declined"
    REQUEST_EXPIRED = "request.expired"
    VERIFICATION_COMPLETED = "verification.completed"
    """A request has its verification. What a code shows is answered at once, and told by no event."""

    CODE_ENDED = "partner_code.ended"
    """A person who comes back has another code; old and new are never named together."""

    ERASURE_ASKED = "erasure_request.asked"
    ERASURE_DUE = "erasure_request.due"
    KEY_CREATED = "api_key.created"
    KEY_REVOKED = "api_key.revoked"
    KEY_ENDING = "api_key.ending"
    TEST = "webhook.test"
    """Asked for by the partner or the operator; goes to one endpoint, whatever that chose."""


CHOOSABLE: Final = tuple(one for one in WebhookEventType if one is not WebhookEventType.TEST)
"""What an endpoint may choose to be told of."""


class EventTypeUnknown(InputInvalid):
    """There is no such event, or none was chosen."""

    code = "webhook_event_unknown"
    advice = "Choose at least one of the event types that the documentation lists."


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """One thing to tell a partner, from ``at`` on; that may lie ahead.

    ``subject`` names what must still be so when its time comes (a request still open, a key still live), where ``at``
    lies ahead of what happened.
    """

    event_type: WebhookEventType
    at: datetime
    data: Mapping[str, str]
    subject: str | None = None


def render_body(event: WebhookEvent) -> str:
    """Return the JSON that is signed and sent: the same at each try."""
    body = {"type": event.event_type.value, "timestamp": render_time(event.at), "data": dict(event.data)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def request_ended(outcome: Outcome) -> WebhookEventType:
    """Return how the end of an answered request is told."""
    declined = outcome is Outcome.DECLINED
    return WebhookEventType.REQUEST_DECLINED if declined else WebhookEventType.REQUEST_FINISHED


def choose_types(names: Iterable[str]) -> frozenset[WebhookEventType]:
    """Return the event types of these names.

    Raises:
        EventTypeUnknown: one is none that can be chosen, or there is none.
    """
    known = {one.value: one for one in CHOOSABLE}
    try:
        chosen = frozenset(known[name] for name in names)
    except KeyError:
        raise EventTypeUnknown from None
    if not chosen:
        raise EventTypeUnknown
    return chosen
