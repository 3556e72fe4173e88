"""Add, change, switch and remove endpoints, and replace what signs for them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from typing_extensions import override

from eztong.domain.errors import NotFound
from eztong.domain.events import Actor
from eztong.domain.identifiers import PartnerId
from eztong.domain.sealing import NONCE_BYTES
from eztong.domain.webhooks.delivery import DeliveryFailure
from eztong.domain.webhooks.endpoint import (
    MOST_ENDPOINTS,
    DisabledBecause,
    EndpointHeld,
    EndpointId,
    EndpointState,
    EndpointUnknown,
    TooManyEndpoints,
    WebhookEndpoint,
    WebhookSecretReplaced,
    check_not_held,
    check_url,
)
from eztong.domain.webhooks.event import WebhookEventType
from eztong.domain.webhooks.news import key_ending
from eztong.domain.webhooks.signature import SECRET_BYTES, SEED_BYTES, SigningSecret
from eztong.ports.act import Act
from eztong.usecases.idempotency import IdempotencyKey, find_earlier, remember
from eztong.usecases.naming import new_id
from eztong.usecases.webhooks.announce import new_message, queue_delivery
from eztong.usecases.webhooks.find_endpoint import CURRENT, PREVIOUS, find_endpoint, open_secret, secret_place

_PREFIX = "wep"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithSecret:
    """An endpoint with the secret that its partner checks deliveries with, which is shown only now."""

    endpoint: WebhookEndpoint
    secret: str

    @override
    def __repr__(self) -> str:
        """Hide the secret."""
        return f"WithSecret({self.endpoint.endpoint_id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEndpoint:
    """A new endpoint of a partner; ``allow_http`` is so in a sandbox alone."""

    partner_id: PartnerId
    url: str
    event_types: frozenset[WebhookEventType]
    allow_http: bool
    idempotency: IdempotencyKey | None = None


def add_endpoint(act: Act, command: AddEndpoint) -> WithSecret:
    """Add an endpoint, or return the one that the same idempotency key added.

    1. The address can be called, is on no host that the operator switched off, and the partner has room for one more.
    2. Secret and key pair are drawn for it alone, and sealed.
    3. That keys of before will end is told to it, too, when the time comes.

    Raises:
        NotFound: no such partner.
        EndpointUrlInvalid, EndpointHeld, TooManyEndpoints, IdempotencyConflict: nothing was added.
        WebhookSecretReplaced: the key added one whose secret is another by now.
    """
    if act.uow.partners.get(command.partner_id) is None:
        raise NotFound("There is no such partner.")
    earlier = find_earlier(command.idempotency, partner_id=command.partner_id, stored=act.uow)
    if earlier is not None:
        added = find_endpoint(command.partner_id, EndpointId(earlier), stored=act.uow)
        return _with_secret(act, added, is_own=added.secret_made_at == added.created_at)
    url = check_url(command.url, allow_http=command.allow_http)
    found = act.uow.webhook_endpoints.list(command.partner_id)
    if len(found.those) + found.unreadable >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    check_not_held(url, found.those)
    endpoint_id, secret = EndpointId(new_id(act, _PREFIX)), _draw(act)
    endpoint = WebhookEndpoint(
        partner_id=command.partner_id,
        endpoint_id=endpoint_id,
        url=url,
        event_types=command.event_types,
        state=EndpointState.ACTIVE,
        created_at=act.now,
        sealed_secret=_seal(act, secret, endpoint_id, CURRENT),
        public_key=secret.public_text(),
        secret_made_at=act.now,
    )
    act.uow.webhook_endpoints.add(endpoint)
    _remind_of_keys(act, endpoint)
    remember(act, command.idempotency, partner_id=command.partner_id, resource_id=endpoint_id)
    return WithSecret(endpoint=endpoint, secret=secret.text())


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEndpoint:
    """Another address, or another choice of events; None leaves it as it is."""

    partner_id: PartnerId
    endpoint_id: EndpointId
    allow_http: bool
    url: str | None = None
    event_types: frozenset[WebhookEventType] | None = None


def change_endpoint(act: Act, command: ChangeEndpoint) -> WebhookEndpoint:
    """Change address or choice. What waits already goes to the new address, under the same secret.

    Raises:
        EndpointUnknown, EndpointUrlInvalid, EndpointHeld: nothing was changed.
    """
    endpoint = find_endpoint(command.partner_id, command.endpoint_id, stored=act.uow)
    url = endpoint.url
    if command.url is not None:
        url = check_url(command.url, allow_http=command.allow_http)
        _check_free(act, endpoint)
        check_not_held(url, act.uow.webhook_endpoints.list(command.partner_id).those)
    types = endpoint.event_types if command.event_types is None else command.event_types
    changed = replace(endpoint, url=url, event_types=types)
    act.uow.webhook_endpoints.choose(changed)
    return changed


def rotate_secret(
    act: Act,
    partner_id: PartnerId,
    endpoint_id: EndpointId,
    *,
    at_once: bool = False,
    idempotency: IdempotencyKey | None = None,
) -> WithSecret:
    """Give the endpoint a new secret and key pair; the old ones sign beside them for 24 hours.

    ``at_once`` ends the old ones now: for a secret that somebody else knows. The same idempotency key rotates once.

    Raises:
        EndpointUnknown, IdempotencyConflict: nothing was changed.
        WebhookSecretReplaced: the key made another secret than this endpoint has now.
    """
    endpoint = find_endpoint(partner_id, endpoint_id, stored=act.uow)
    made = find_earlier(idempotency, partner_id=partner_id, stored=act.uow)
    if made is not None:
        return _with_secret(act, endpoint, is_own=made == endpoint.public_key)
    old, new = open_secret(endpoint, keys=act.keys), _draw(act)
    rotated = endpoint.rotated(
        sealed_secret=_seal(act, new, endpoint_id, CURRENT),
        public_key=new.public_text(),
        sealed_previous=None if at_once else _seal(act, old, endpoint_id, PREVIOUS),
        now=act.now,
    )
    act.uow.webhook_endpoints.save(rotated)
    remember(act, idempotency, partner_id=partner_id, resource_id=rotated.public_key)
    return WithSecret(endpoint=rotated, secret=new.text())


def disable_endpoint(
    act: Act, partner_id: PartnerId, endpoint_id: EndpointId, because: DisabledBecause
) -> WebhookEndpoint:
    """Switch an endpoint off. What waits for it is given up, and can be sent again.

    What the operator switches off stays so until the operator lifts it, also where it was off already.

    Raises:
        EndpointUnknown: the partner has no such endpoint.
    """
    endpoint = find_endpoint(partner_id, endpoint_id, stored=act.uow)
    disabled = endpoint.disabled(because, now=act.now)
    if disabled == endpoint:
        return endpoint
    act.uow.webhook_endpoints.save(disabled)
    act.uow.webhook_deliveries.give_up(partner_id, endpoint_id, failure=DeliveryFailure.DISABLED, now=act.now)
    return disabled


def enable_endpoint(act: Act, partner_id: PartnerId, endpoint_id: EndpointId) -> WebhookEndpoint:
    """Switch an endpoint on; it hears of what happens from now on.

    Raises:
        EndpointUnknown: the partner has no such endpoint.
        EndpointHeld: the operator switched it off, and whoever acts is its partner.
    """
    endpoint = find_endpoint(partner_id, endpoint_id, stored=act.uow)
    if endpoint.is_active:
        return endpoint
    _check_free(act, endpoint)
    enabled = endpoint.enabled()
    act.uow.webhook_endpoints.save(enabled)
    _remind_of_keys(act, enabled)
    return enabled


def remove_endpoint(act: Act, partner_id: PartnerId, endpoint_id: EndpointId) -> None:
    """Remove an endpoint, what waits for it, and its delivery log; also one that cannot be read any more.

    Raises:
        EndpointUnknown: the partner has no such endpoint.
        EndpointHeld: the operator switched it off, and whoever acts is its partner: with it that would be forgotten.
    """
    for one in act.uow.webhook_endpoints.list(partner_id).those:
        if one.endpoint_id == endpoint_id:
            _check_free(act, one)
    if not act.uow.webhook_endpoints.remove(partner_id, endpoint_id):
        raise EndpointUnknown


def _check_free(act: Act, endpoint: WebhookEndpoint) -> None:
    if endpoint.is_held and act.by.actor is Actor.PARTNER:
        raise EndpointHeld


def _remind_of_keys(act: Act, endpoint: WebhookEndpoint) -> None:
    for key in act.uow.partners.keys(endpoint.partner_id):
        for event in key_ending(key):
            if key.revoked_at is None and event.at > act.now and event.event_type in endpoint.event_types:
                queue_delivery(act, endpoint, event, new_message(act, event))


def _with_secret(act: Act, endpoint: WebhookEndpoint, *, is_own: bool) -> WithSecret:
    """Return the endpoint with the secret that was made for whoever asks again, and with no later one."""
    if not is_own:
        raise WebhookSecretReplaced
    return WithSecret(endpoint=endpoint, secret=open_secret(endpoint, keys=act.keys).text())


def _draw(act: Act) -> SigningSecret:
    return SigningSecret(act.entropy.token(SECRET_BYTES), act.entropy.token(SEED_BYTES))


def _seal(act: Act, secret: SigningSecret, endpoint_id: EndpointId, column: str) -> bytes:
    nonce = act.entropy.token(NONCE_BYTES)
    return act.keys.seal(secret.stored(), nonce=nonce, place=secret_place(endpoint_id, column))
