"""Answer an eid flow with what stands in its way, where that is an expired document and the holder wants it told."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.eid_flow import FlowTry, code_of
from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.identifiers import HolderId
from eztong.domain.requests.request import Request
from eztong.domain.restrictions.mark import Cause, open_marks
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.codes.conclude_verification import Answered, decide
from eztong.usecases.naming import new_id
from eztong.usecases.requests.answer_request import RequestAnswer, find_asker, finish_request


def may_tell_expired(request: Request, holder_id: HolderId, *, stored: Repositories) -> bool:
    """Say whether this is an eid flow that an expired document keeps from passing: then its merchant has a code."""
    marks = open_marks(stored.restrictions.list(holder_id))
    is_expired = bool(marks) and marks[0].cause is Cause.DOCUMENT_EXPIRED
    return is_expired and stored.eid_flows.of_request(request.request_id) is not None


def tell_expired(act: Act, request: Request, session_hash: bytes, *, environment: str) -> Answered:
    """End the flow as not passed, so that the merchant reads 302 instead of waiting or of a refusal.

    1. The request is open, an eid flow, and its merchant still approved; the session is live on a bound device. Nothing
       of the person is told but that, so it takes no unlock.
    2. An expired document, and nothing else, keeps it from passing now.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
        NotFound, RequestFinished: there is no such flow, or it has its answer.
        StateConflict: it could pass, or something else keeps it from passing.
    """
    request.check_open(now=act.now)
    flow = act.uow.eid_flows.of_request(request.request_id)
    if flow is None:
        raise NotFound
    holder = find_bound(session_hash, stored=act.uow, now=act.now).holder
    partner, scene = find_asker(request, stored=act.uow)
    decided = decide(holder, partner_id=request.partner_id, scene=scene, stored=act.uow, now=act.now)
    if decided.outcome is Outcome.PASSED or decided.reason != Cause.DOCUMENT_EXPIRED:
        raise StateConflict
    answered = finish_request(
        act,
        RequestAnswer(
            request=request,
            partner=partner,
            scene=scene,
            holder=holder,
            decided=decided,
            allowed=frozenset(),
            environment=environment,
        ),
    )
    code = code_of(decided.outcome, decided.reason)
    told = FlowTry(at=act.now, sequence=new_id(act, "seq"), code=code)
    act.uow.eid_flows.save(replace(flow, tries=(*flow.tries, told)))
    return answered
