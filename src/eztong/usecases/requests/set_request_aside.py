"""Set a request aside that its holder refused before, and decline it a little later (clause 2.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.eid_flow import EidCode, EidEnding, FlowTry
from eztong.domain.errors import EztongError, NotFound, RequestFinished
from eztong.domain.identifiers import HolderId
from eztong.domain.requests.cool_down import PAUSE_SPREAD, REFUSED_BEFORE, SHORTEST_PAUSE, check_not_refused
from eztong.domain.requests.request import Request
from eztong.ports.entropy import Entropy
from eztong.ports.services import Services
from eztong.ports.storage.records import SetAside
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.codes.conclude_verification import Decided
from eztong.usecases.naming import new_id
from eztong.usecases.requests.answer_request import RequestAnswer, find_asker, finish_request
from eztong.usecases.requests.open_request import start_request

_LAST_MOMENT = timedelta(seconds=1)


def check_not_refused_before(
    request: Request, holder_id: HolderId, *, rest: timedelta, stored: Repositories, now: datetime
) -> None:
    """Refuse to ask the holder what the holder refused not long ago, unless this request was taken up.

    Raises:
        RefusedBefore: the same partner, scene and claims were refused within ``rest``.
    """
    aside = stored.requests.set_aside_of(request.request_id)
    if aside is not None and aside.holder_id == holder_id and aside.declines_at is None:
        return
    answers = stored.requests.answers(holder_id, request.partner_id, request.scene, since=now - rest)
    check_not_refused(answers, claims=request.claims, rest=rest, now=now)


def set_aside(request: Request, holder_id: HolderId, *, uow: UnitOfWork, entropy: Entropy, now: datetime) -> None:
    """Let the request be declined by itself soon; setting it aside again changes nothing.

    Raises:
        RequestFinished: answered, or out of time.
    """
    start_request(request, uow=uow, now=now)
    pause = SHORTEST_PAUSE + timedelta(seconds=entropy.below(PAUSE_SPREAD))
    aside = SetAside(
        partner_id=request.partner_id,
        request_id=request.request_id,
        holder_id=holder_id,
        declines_at=min(now + pause, request.expires_at - _LAST_MOMENT),
    )
    uow.requests.set_aside(aside)


def take_up(request: Request, holder_id: HolderId, *, uow: UnitOfWork) -> bool:
    """Answer the request after all; return whether it was set aside for this holder and still open."""
    return uow.requests.take_up(request.request_id, holder_id)


def decline_set_aside(*, services: Services, limit: int = 20) -> int:
    """Decline the requests whose pause is over; return how many."""
    with services.store.read() as stored:
        due = stored.requests.due_set_aside(now=services.clock.now(), limit=limit)
    return sum(_decline_one(aside, services=services) for aside in due)


def _decline_one(aside: SetAside, *, services: Services) -> bool:
    try:
        return services.store.write(lambda uow: _decline(aside, uow=uow, services=services)).value
    except EztongError:
        # One that cannot be declined now is tried again until its time is over, and keeps no other waiting.
        return False


def _decline(aside: SetAside, *, uow: UnitOfWork, services: Services) -> bool:
    now = services.clock.now()
    request = uow.requests.get(aside.partner_id, aside.request_id)
    holder = uow.holders.get(aside.holder_id)
    if request is None or holder is None or not uow.requests.begin_declining(aside, now=now):
        return False
    try:
        partner, scene = find_asker(request, uow=uow)
    except (RequestFinished, NotFound):
        # A partner that was suspended meanwhile gets no answer of any kind.
        return False
    answer = RequestAnswer(
        request=request,
        partner=partner,
        scene=scene,
        holder=holder,
        decided=Decided(Outcome.DECLINED, REFUSED_BEFORE),
        allowed=frozenset(),
        environment=services.deployment.mode.value,
    )
    finish_request(answer, uow=uow, keys=services.keys, entropy=services.entropy, now=now)
    flow = uow.eid_flows.of_request(request.request_id)
    if flow is not None:
        sequence = new_id("seq", now=now, entropy=services.entropy)
        refused = FlowTry(at=now, sequence=sequence, code=EidCode.NOT_FINISHED)
        uow.eid_flows.save(replace(flow, tries=(*flow.tries, refused), ending=EidEnding()))
    return True
