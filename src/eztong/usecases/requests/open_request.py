"""Open a partner-started request: a link and QR for a holder whom the partner does not know yet."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.claims import Claim
from eztong.domain.errors import NotFound, RequestFinished
from eztong.domain.identifiers import PartnerId, RequestId
from eztong.domain.partners.partner import Caller
from eztong.domain.requests.request import REQUEST_LIFE, Request, RequestState
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.codes.check_asking import check_asking
from eztong.usecases.idempotency import IdempotencyKey, find_earlier, remember
from eztong.usecases.naming import new_id

_TOKEN_BYTES = 24
_LINK = b"request-link\x00"
_FIRST_MATCH_NUMBER = 10
_MATCH_NUMBERS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """What the partner asks for."""

    caller: Caller
    scene: str
    desk: str | None
    wants: frozenset[Claim]
    grant_days: int
    reference: str | None
    idempotency: IdempotencyKey | None = None


def open_request(command: OpenRequest, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime) -> Request:
    """Open the request, or return the one that the same idempotency key opened.

    Raises:
        SceneNotAllowed, DeskUnknown, ClaimNotAllowed, IdempotencyConflict: nothing was opened.
    """
    partner_id = command.caller.partner.partner_id
    earlier = find_earlier(command.idempotency, partner_id=partner_id, uow=uow)
    if earlier is not None:
        return read_request(RequestId(earlier), caller=command.caller, stored=uow, now=now)
    scene = check_asking(command.caller, scene=command.scene, desk=command.desk, wants=command.wants, stored=uow)
    asked = AskedFor(
        partner_id=partner_id,
        scene=scene.scene,
        desk=command.desk,
        claims=command.wants,
        grant_days=command.grant_days,
        reference=command.reference,
    )
    request = add_request(asked, uow=uow, keys=keys, entropy=entropy, now=now)
    remember(command.idempotency, partner_id=partner_id, resource_id=request.request_id, uow=uow, now=now)
    return request


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What a request asks of its holder, checked by the door's own use case."""

    partner_id: PartnerId
    scene: str
    claims: frozenset[Claim]
    desk: str | None = None
    grant_days: int = 0
    reference: str | None = None


def add_request(asked: AskedFor, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime) -> Request:
    """Store a new request; the requests of every door begin here."""
    request = Request(
        request_id=RequestId(new_id("req", now=now, entropy=entropy)),
        partner_id=asked.partner_id,
        scene=asked.scene,
        desk=asked.desk,
        claims=asked.claims,
        grant_days=asked.grant_days,
        match_number=_FIRST_MATCH_NUMBER + entropy.below(_MATCH_NUMBERS),
        state=RequestState.INIT,
        created_at=now,
        expires_at=now + REQUEST_LIFE,
        reference=asked.reference,
    )
    uow.requests.add(request, token_hash=_hash_token(request_token(request.request_id, keys=keys), keys=keys))
    return request


def request_token(request_id: RequestId, *, keys: Keys) -> str:
    """Return the secret of the request's link; it can be made again, so it is stored nowhere."""
    # Of a purpose that never rotates: the address that a partner reads again is the one that it got.
    secret = keys.mac(MacPurpose.LOOKUP, b"request\x00" + request_id.encode())
    return base64.urlsafe_b64encode(secret[:_TOKEN_BYTES]).decode()


def find_by_token(token: str, *, stored: Repositories, keys: Keys, now: datetime) -> Request:
    """Return the request behind a link, with its state as of ``now``.

    Raises:
        NotFound: no such link.
    """
    for token_hash in keys.macs(MacPurpose.SESSION, _LINK + token.encode()):
        request = stored.requests.by_token(token_hash)
        if request is not None:
            return request.as_of(now)
    raise NotFound


def read_request(request_id: RequestId, *, caller: Caller, stored: Repositories, now: datetime) -> Request:
    """Return a request of the caller, with its state as of ``now``.

    Raises:
        NotFound: none, or another partner's.
    """
    request = stored.requests.get(caller.partner.partner_id, request_id)
    if request is None:
        raise NotFound
    return request.as_of(now)


def start_request(request: Request, *, uow: UnitOfWork, now: datetime) -> Request:
    """Mark the request as opened by a holder; opening again changes nothing.

    Raises:
        RequestFinished: answered, or out of time.
    """
    opened = request.opened(now=now)
    if request.state is RequestState.INIT and not uow.requests.advance(opened, expected=[RequestState.INIT]):
        raise RequestFinished
    return opened


def _hash_token(token: str, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.SESSION, _LINK + token.encode())
