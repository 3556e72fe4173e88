"""What every ``/v1`` handler starts with: who calls, under which id, within which limits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from eztong.domain.errors import InputInvalid, KeyMissing, KeyUnknown
from eztong.domain.partners.partner import Caller, Scope
from eztong.domain.partners.reach import check_reach
from eztong.http.limits import READS, UNKNOWN_KEYS, hit_network, own_limit
from eztong.ports.act import PARTNER
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.usecases.idempotency import IdempotencyKey, idempotency_key
from eztong.usecases.partners.authenticate_partner import (
    SeenKey,
    authenticate_partner,
    note_key_used,
    see_partner,
)

IDEMPOTENCY_HEADER = "idempotency-key"
_BEARER = "bearer"
_BLANKS = " \t"
_MAX_IDEMPOTENCY_KEY = 128
bearer = HTTPBearer(bearerFormat="ezt_sk_...", auto_error=False, description="API key, shown once when issued")


def services_of(request: Request) -> Services:
    """Return the bundle that wiring put on the application."""
    services: Services = request.app.state.services
    return services


def authenticate(header: str, *, client: str, services: Services) -> Caller:
    """Return the partner that calls, by its ``Authorization`` header; ``client`` is the address it calls from.

    Raises:
        KeyMissing, KeyUnknown, KeyRevoked, KeyExpired, PartnerSuspended: as the key says.
        PartnerNotLive, NetworkNotAllowed: not this partner here, or not from this network.
        TooMany: too many unknown keys from this network.
    """
    key, now = _key_of(header), services.clock.now()
    try:
        with services.store.read() as stored:
            caller = authenticate_partner(key, stored=stored, keys=services.keys, now=now)
    except KeyUnknown:
        hit_network(services.limiter, UNKNOWN_KEYS, client)
        raise
    check_reach(caller.partner, client=client, is_sandbox=services.deployment.is_sandbox)
    if caller.key.is_use_worth_noting(now):
        # Nobody waits for it: what was asked for is answered also while nothing can be written.
        services.store.submit(services.job_of(now, PARTNER, note_key_used, caller.key), lambda _outcome: None)
    return caller


def recognise(header: str, *, client: str, now: datetime, services: Services) -> SeenKey:
    """Return the partner that calls, for a call whose unit of work asks once more whether it still may.

    Raises:
        KeyMissing, KeyUnknown, KeyRevoked, KeyExpired, PartnerSuspended, TooMany: as for :func:`authenticate`.
        PartnerNotLive, NetworkNotAllowed: as for it.
    """
    key = _key_of(header)
    try:
        seen = see_partner(key, store=services.store, keys=services.keys, now=now)
    except KeyUnknown:
        hit_network(services.limiter, UNKNOWN_KEYS, client)
        raise
    check_reach(seen.caller.partner, client=client, is_sandbox=services.deployment.is_sandbox)
    return seen


def _key_of(header: str) -> str:
    # RFC 9110 section 11.4: any number of blanks may follow the scheme; those around a value are none of it (5.5).
    scheme, _, key = header.strip(_BLANKS).partition(" ")
    key = key.lstrip(_BLANKS)
    if scheme.lower() != _BEARER or not key:
        raise KeyMissing
    return key


def authorization_of(request: Request) -> str:
    """Return the ``Authorization`` header, or an empty text."""
    return request.headers.get("authorization", "")


def client_of(request: Request) -> str:
    """Return the address that the request came from."""
    return request.client.host if request.client else ""


def reading_caller(
    request: Request, _shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)] = None
) -> Caller:
    """Return a caller that may read, within its rate."""
    services = services_of(request)
    caller = authenticate(authorization_of(request), client=client_of(request), services=services)
    caller.require(Scope.READ)
    services.limiter.hit(own_limit(READS, caller.partner), caller.partner.partner_id)
    return caller


ReadingCaller = Annotated[Caller, Depends(reading_caller)]


def idempotency_of(key: str | None, *, body: bytes, operation: str, keys: Keys) -> IdempotencyKey | None:
    """Return the idempotency key of a request, if it sent one.

    Raises:
        InputInvalid: not 1 to 128 printable ASCII characters.
    """
    if key is None:
        return None
    if not 0 < len(key) <= _MAX_IDEMPOTENCY_KEY or not (key.isascii() and key.isprintable()):
        raise InputInvalid("The Idempotency-Key header must have 1 to 128 printable ASCII characters.")
    return idempotency_key(key, body=body, operation=operation, keys=keys)
