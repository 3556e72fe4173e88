"""The public contract of ``/v1/webhook-endpoints``: bodies and answers. Fields are only ever added."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from eztong.domain.webhooks.delivery import DeliveryFailure, DeliveryState
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointState
from eztong.domain.webhooks.event import CHOOSABLE, WebhookEventType
from eztong.partner_api.schemas import Body

URL_EXAMPLE = "https://hotel.example/hooks"
Url = Annotated[str, Field(min_length=1, max_length=500, description="https; in a sandbox also http")]
ChosenEvent = StrEnum("ChosenEvent", {one.name: one.value for one in CHOOSABLE})  # type: ignore[misc]  # made from the catalogue
EventTypes = Annotated[
    tuple[ChosenEvent, ...], Field(min_length=1, max_length=len(CHOOSABLE), description="what it is told of")
]


class EndpointBody(Body):
    """Add an endpoint."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"url": URL_EXAMPLE, "event_types": ["request.finished", "request.declined"]}]},
    )

    url: Url
    event_types: EventTypes


class EndpointChangeBody(Body):
    """Change address, choice, or both."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"event_types": ["request.finished"]}]})

    url: Url | None = None
    event_types: EventTypes | None = None


class RotationBody(Body):
    """How the old secret ends."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"at_once": False}]})

    at_once: Annotated[bool, Field(description="end the old secret now, since somebody else knows it")] = False


class Endpoint(BaseModel):
    """An endpoint, without its secret."""

    id: Annotated[str, Field(examples=["wep_01KF0000000000000000000000"])]
    url: Annotated[str, Field(examples=[URL_EXAMPLE])]
    event_types: list[WebhookEventType]
    state: EndpointState
    disabled_because: DisabledBecause | None
    disabled_at: datetime | None
    notice: Annotated[str | None, Field(description="why it is disabled, and what to do")]
    created_at: datetime
    secret_made_at: datetime
    public_key: Annotated[str, Field(description="checks the `v1a` signature", examples=["whpk_MC4CAQ=="])]
    previous_public_key: Annotated[str | None, Field(description="the key before, while it still signs")]
    previous_secret_until: datetime | None
    delivered_at: Annotated[datetime | None, Field(description="when something arrived last")]
    failures: Annotated[int, Field(description="tries that failed since")]


class EndpointWithSecret(Endpoint):
    """An endpoint with its secret, which is shown only now."""

    secret: Annotated[str, Field(description="checks the `v1` signature", examples=["whsec_c2VjcmV0"])]


class EndpointList(BaseModel):
    """All your endpoints, oldest first."""

    data: list[Endpoint]


class DeliverySummary(BaseModel):
    """What became of a message to an endpoint."""

    id: Annotated[str, Field(description="the `webhook-id`", examples=["msg_01KF0000000000000000000000"])]
    type: WebhookEventType
    state: DeliveryState
    due_at: datetime
    attempts: int
    failure: Annotated[DeliveryFailure | None, Field(description="why the last try failed")]
    next_attempt_at: datetime | None
    settled_at: datetime | None


class DeliveryListing(BaseModel):
    """Deliveries, newest first; ``next_cursor`` is the next page's ``cursor``, null on the last."""

    data: list[DeliverySummary]
    next_cursor: str | None


class AttemptEntry(BaseModel):
    """One try. Of what your server answered only the status is kept, and how many bytes were read."""

    number: int
    at: datetime
    status: int | None
    failure: DeliveryFailure | None
    milliseconds: int
    read_bytes: int


class DeliveryWithLog(DeliverySummary):
    """A delivery with what was sent and how each try went."""

    body: str
    log: list[AttemptEntry]
