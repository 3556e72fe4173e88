"""Set a request aside that its holder refused before, and decline it a little later (clause 2.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.eid_flow import EidCode, EidEnding, FlowTry
from eztong.domain.errors import NotFound, RequestFinished
from eztong.domain.identifiers import HolderId, RequestId
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import Job, JobEnd, JobKind
from eztong.domain.requests.cool_down import PAUSE_SPREAD, REFUSED_BEFORE, SHORTEST_PAUSE, check_not_refused
from eztong.domain.requests.request import Request
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.requests import SetAside
from eztong.usecases.access.find_session import find_bound
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


def set_aside(act: Act, request: Request, session_hash: bytes) -> None:
    """Let the request be declined by itself soon; setting it aside again changes nothing.

    Raises:
        RequestFinished: answered, or out of time.
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
    """
    holder_id = _holder_id(act, session_hash)
    start_request(act, request)
    pause = SHORTEST_PAUSE + timedelta(seconds=act.entropy.below(PAUSE_SPREAD))
    aside = SetAside(
        partner_id=request.partner_id,
        request_id=request.request_id,
        holder_id=holder_id,
        declines_at=min(act.now + pause, request.expires_at - _LAST_MOMENT),
    )
    if act.uow.requests.set_aside(aside):
        act.uow.jobs.add(_job(act, aside, request))


def take_up(act: Act, request: Request, session_hash: bytes) -> bool:
    """Answer the request after all; return whether it was set aside for this holder and still open.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
    """
    return act.uow.requests.take_up(request.request_id, _holder_id(act, session_hash))


def _holder_id(act: Act, session_hash: bytes) -> HolderId:
    return find_bound(session_hash, stored=act.uow, now=act.now).holder.holder_id


def decline_set_aside(leased: LeasedJob, *, services: Services) -> Fate:
    """Decline a request whose pause is over, unless its holder took it up.

    Raises:
        LeaseLost: another worker does it; nothing was written.
    """
    return services.perform(SYSTEM, _decline, leased, environment=services.deployment.mode.value)


def _decline(act: Act, leased: LeasedJob, *, environment: str) -> Fate:
    """Decline and end the job; write nothing if there is nothing to decline, or not yet."""
    aside = act.uow.requests.set_aside_of(RequestId(leased.job.key))
    request = None if aside is None else act.uow.requests.get(aside.partner_id, aside.request_id)
    holder = None if aside is None else act.uow.holders.get(aside.holder_id)
    if aside is None or request is None or holder is None:
        return Fate.DROPPED
    if aside.declines_at is not None and act.now < aside.declines_at:
        # A clock that was set right meanwhile may have called it before its time.
        return Fate.POSTPONED
    try:
        partner, scene = find_asker(request, stored=act.uow)
    except (RequestFinished, NotFound):
        # A partner that was suspended meanwhile gets no answer of any kind.
        return Fate.DROPPED
    if not act.uow.requests.begin_declining(aside, now=act.now):
        return Fate.DROPPED
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
    answer = RequestAnswer(
        request=request,
        partner=partner,
        scene=scene,
        holder=holder,
        decided=Decided(Outcome.DECLINED, REFUSED_BEFORE),
        allowed=frozenset(),
        environment=environment,
    )
    finish_request(act, answer)
    flow = act.uow.eid_flows.of_request(request.request_id)
    if flow is not None:
        sequence = new_id(act, "seq")
        refused = FlowTry(at=act.now, sequence=sequence, code=EidCode.NOT_FINISHED)
        act.uow.eid_flows.save(replace(flow, tries=(*flow.tries, refused), ending=EidEnding()))
    return Fate.NOTED


def _job(act: Act, aside: SetAside, request: Request) -> Job:
    return Job(
        job_id=new_id(act, "job"),
        kind=JobKind.REFUSAL,
        key=request.request_id,
        holder_id=aside.holder_id,
        created_at=act.now,
        next_attempt_at=aside.declines_at or act.now,
        expires_at=request.expires_at,
    )
