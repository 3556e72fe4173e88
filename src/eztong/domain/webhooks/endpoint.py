"""Endpoints: where a partner's server hears, of what, and how long it is tried that does not answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType
from urllib.parse import urlsplit

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.identifiers import PartnerId
from eztong.domain.jobs.job import RULES, JobKind
from eztong.domain.webhooks.event import WebhookEventType

EndpointId = NewType("EndpointId", str)

MOST_ENDPOINTS: Final = 10
"""How many endpoints a partner may have."""
OVERLAP: Final = timedelta(hours=24)
"""For how long a replaced secret goes on signing beside the new one."""
LONGEST_REST: Final = timedelta(minutes=15)
"""For how long an endpoint that failed rests at most, whatever waits for it."""
PROMPT: Final = timedelta(seconds=2)
"""How long a server is waited for that answers sooner as a rule; one that needs longer is no neighbour of those."""
PATIENT: Final = timedelta(seconds=10)
"""How long any other is."""
_LONGEST_URL: Final = 500
_URL: Final = re.compile(r"[!#-;=?-\[\]_a-z~%]+")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")


class EndpointState(StrEnum):
    """Whether anything is sent there."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DisabledBecause(StrEnum):
    """Who or what switched an endpoint off."""

    PARTNER = "partner"
    OPERATOR = "operator"
    FAILING = "failing"
    """Nothing arrived there for three days."""

    GONE = "gone"
    """It answered 410: nothing is there any more, and nobody shall call again."""


class EndpointUnknown(NotFound):
    """The partner has no such endpoint."""

    code = "webhook_endpoint_unknown"
    advice = "List the endpoints and take the id from there."


class EndpointUrlInvalid(InputInvalid):
    """The address cannot be called."""

    code = "webhook_url_invalid"
    advice = "Give an https address of at most 500 characters, without user, password or fragment."


class TooManyEndpoints(StateConflict):
    """The partner has as many endpoints as it may have."""

    code = "webhook_endpoints_full"
    advice = "Remove an endpoint that is not used any more; a partner has at most ten."


class EndpointDisabled(StateConflict):
    """The endpoint is switched off: nothing is sent there."""

    code = "webhook_endpoint_disabled"
    advice = "Enable the endpoint first, once its server answers again."


class EndpointHeld(StateConflict):
    """The operator switched the endpoint off: its partner can neither switch it on nor go round that."""

    code = "webhook_endpoint_held"
    advice = "The operator of the service switched this host off. Ask the operator; nobody else can lift it."


class WebhookSecretReplaced(StateConflict):
    """What was asked for was done before, and the secret that it made is not the endpoint's any more."""

    code = "webhook_secret_replaced"
    advice = "Somebody replaced that secret since. Rotate it anew to get one."


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    """An endpoint of one partner.

    ``sealed_secret`` signs; ``sealed_previous`` does too, until ``previous_until``. ``public_key`` and
    ``previous_public_key`` are the published halves. ``delivered_at`` is when something arrived last, ``is_slow`` says
    that it took longer than most may, ``failures`` how many tries have failed since, ``rests_until`` when one is made
    again.
    """

    partner_id: PartnerId
    endpoint_id: EndpointId
    url: str
    event_types: frozenset[WebhookEventType]
    state: EndpointState
    created_at: datetime
    sealed_secret: bytes = field(repr=False)
    public_key: str
    secret_made_at: datetime
    sealed_previous: bytes | None = field(default=None, repr=False)
    previous_public_key: str | None = None
    previous_until: datetime | None = None
    disabled_because: DisabledBecause | None = None
    disabled_at: datetime | None = None
    delivered_at: datetime | None = None
    is_slow: bool = False
    failures: int = 0
    rests_until: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Say whether anything is sent there."""
        return self.state is EndpointState.ACTIVE

    @property
    def is_held(self) -> bool:
        """Say whether the operator switched it off, which only the operator lifts."""
        return not self.is_active and self.disabled_because is DisabledBecause.OPERATOR

    @property
    def lane(self) -> JobKind:
        """Which queue it waits in: who never answered, did not lately, or took long is no neighbour of who does."""
        is_prompt = self.delivered_at is not None and not self.failures and not self.is_slow
        return JobKind.WEBHOOK if is_prompt else JobKind.WEBHOOK_RETRY

    @property
    def patience(self) -> timedelta:
        """How long its server is waited for."""
        return PROMPT if self.lane is JobKind.WEBHOOK else PATIENT

    def previous_signs(self, *, now: datetime) -> bool:
        """Say whether the replaced secret still signs."""
        return self.previous_until is not None and now < self.previous_until

    def rotated(
        self, *, sealed_secret: bytes, public_key: str, sealed_previous: bytes | None, now: datetime
    ) -> WebhookEndpoint:
        """Return the endpoint with a new secret; the old one, sealed anew, signs on if it is given."""
        stays = sealed_previous is not None
        return replace(
            self,
            sealed_secret=sealed_secret,
            public_key=public_key,
            secret_made_at=now,
            sealed_previous=sealed_previous,
            previous_public_key=self.public_key if stays else None,
            previous_until=now + OVERLAP if stays else None,
        )

    def disabled(self, because: DisabledBecause, *, now: datetime) -> WebhookEndpoint:
        """Return the endpoint switched off; one that is off already stays so, unless the operator holds it now."""
        if not self.is_active and (self.is_held or because is not DisabledBecause.OPERATOR):
            return self
        return replace(self, state=EndpointState.DISABLED, disabled_because=because, disabled_at=now)

    def enabled(self) -> WebhookEndpoint:
        """Return the endpoint switched on, as one that has still to show that it answers."""
        return replace(
            self,
            state=EndpointState.ACTIVE,
            disabled_because=None,
            disabled_at=None,
            delivered_at=None,
            failures=0,
            rests_until=None,
        )

    def after_success(self, *, took: timedelta, now: datetime) -> WebhookEndpoint:
        """Return the endpoint after something arrived there, which took so long."""
        return replace(self, delivered_at=now, is_slow=took > PROMPT, failures=0, rests_until=None)

    def after_failure(self, *, now: datetime) -> WebhookEndpoint:
        """Return the endpoint after a try that failed: it rests, each time longer."""
        rest = min(RULES[JobKind.WEBHOOK_RETRY].backoff.pause_after(self.failures), LONGEST_REST)
        return replace(self, failures=self.failures + 1, rests_until=now + rest)

    def call_at(self, due: datetime, *, now: datetime) -> datetime:
        """Return when something that is due then can be tried there."""
        return max(due, now, self.rests_until or now)


def check_not_held(url: str, held: Iterable[WebhookEndpoint]) -> None:
    """Refuse an address on a host that the operator switched off, under whatever port and path.

    Raises:
        EndpointHeld: one of these endpoints is held, and is on that host.
    """
    if _host_of(url) in {_host_of(one.url) for one in held if one.is_held}:
        raise EndpointHeld


def _host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".")


def check_url(text: str, *, allow_http: bool) -> str:
    """Return the address of an endpoint as it is stored.

    1. It is https; plain http only where ``allow_http`` says so.
    2. It names a host, and neither user nor password: they would stand in lists and logs.
    3. It is plain ASCII without blanks, backslashes and fragment: no two readers of it may differ.

    Raises:
        EndpointUrlInvalid: it is not.
    """
    if len(text) > _LONGEST_URL or not _URL.fullmatch(text):
        raise EndpointUrlInvalid
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise EndpointUrlInvalid from None
    if "#" in text or "@" in parts.netloc or not host or not _HOST.fullmatch(host) or port == 0:
        raise EndpointUrlInvalid
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_http):
        raise EndpointUrlInvalid("The address of an endpoint begins with https://.")
    return text
