"""Open a partner-started request: a link and QR for a holder whom the partner does not know yet."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.claims import Claim
from eztong.domain.errors import NotFound, RequestFinished
from eztong.domain.identifiers import PartnerId, RequestId
from eztong.domain.partners.partner import Caller
from eztong.domain.partners.quota import check_quota
from eztong.domain.requests.request import REQUEST_LIFE, Request, RequestState
from eztong.domain.webhooks.news import request_will_expire
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.codes.check_asking import check_asking
from eztong.usecases.idempotency import IdempotencyKey, find_earlier, remember
from eztong.usecases.naming import new_id
from eztong.usecases.webhooks.announce import announce

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


def open_request(act: Act, command: OpenRequest) -> Request:
    """Open the request, or return the one that the same idempotency key opened.

    Raises:
        SceneNotAllowed, DeskUnknown, ClaimNotAllowed, IdempotencyConflict, QuotaUsedUp: nothing was opened.
    """
    partner_id = command.caller.partner.partner_id
    earlier = find_earlier(command.idempotency, partner_id=partner_id, stored=act.uow)
    if earlier is not None:
        return read_request(RequestId(earlier), caller=command.caller, stored=act.uow, now=act.now)
    scene = check_asking(command.caller, scene=command.scene, desk=command.desk, wants=command.wants, stored=act.uow)
    check_quota(command.caller.partner.quota_until, now=act.now)
    asked = RequestTerms(
        partner_id=partner_id,
        scene=scene.scene,
        desk=command.desk,
        claims=command.wants,
        grant_days=command.grant_days,
        reference=command.reference,
    )
    request = add_request(act, asked)
    remember(act, command.idempotency, partner_id=partner_id, resource_id=request.request_id)
    return request


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTerms:
    """What a request asks of its holder, checked by the door's own use case."""

    partner_id: PartnerId
    scene: str
    claims: frozenset[Claim]
    desk: str | None = None
    grant_days: int = 0
    reference: str | None = None


def add_request(act: Act, asked: RequestTerms) -> Request:
    """Store a new request; the requests of every door begin here."""
    request = Request(
        request_id=RequestId(new_id(act, "req")),
        partner_id=asked.partner_id,
        scene=asked.scene,
        desk=asked.desk,
        claims=asked.claims,
        grant_days=asked.grant_days,
        match_number=_FIRST_MATCH_NUMBER + act.entropy.below(_MATCH_NUMBERS),
        state=RequestState.INIT,
        created_at=act.now,
        expires_at=act.now + REQUEST_LIFE,
        reference=asked.reference,
    )
    act.uow.requests.add(
        request, token_hash=_hash_token(request_token(request.request_id, keys=act.keys), keys=act.keys)
    )
    announce(act, asked.partner_id, [request_will_expire(request)])
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


def start_request(act: Act, request: Request) -> Request:
    """Mark the request as opened by a holder; opening again changes nothing.

    Raises:
        RequestFinished: answered, or out of time.
    """
    opened = request.opened(now=act.now)
    if request.state is RequestState.INIT and not act.uow.requests.advance(opened, expected=[RequestState.INIT]):
        raise RequestFinished
    return opened


def begin_answering(act: Act, request: Request, session_hash: bytes) -> Request:
    """Mark the request as opened by the holder of an unlocked session, who now sees what is asked.

    Raises:
        RequestFinished: answered, or out of time.
        SessionMissing, DeviceNotBound, Locked: this session may not.
    """
    find_unlocked(session_hash, stored=act.uow, now=act.now)
    return start_request(act, request)


def _hash_token(token: str, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.SESSION, _LINK + token.encode())
