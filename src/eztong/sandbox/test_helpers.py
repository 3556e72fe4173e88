"""``/v1/test_helpers``: drive the holder's side, the clock and the authority from an integrator's CI. Sandbox only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Channel
from eztong.domain.eid.intention import passing_answers
from eztong.domain.eid.live_person import LivePersonFinding
from eztong.domain.errors import NotFound
from eztong.domain.identifiers import HolderId, RequestId
from eztong.domain.operators.operator import LONGEST_NAME
from eztong.domain.portal.person import LONGEST_LOGIN
from eztong.domain.requests.request import Request as PartnerRequest
from eztong.http.committing import commit
from eztong.http.cookies import CONSOLE_COOKIE, HOLDER_COOKIE, PORTAL_COOKIE, Cookies, new_token
from eztong.ports.act import HOLDER, OPERATOR, PARTNER, Act
from eztong.ports.sandbox import AuthorityFault, FaceOutcome, SandboxControls
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.eid.answer_eid_flow import AnswerEidFlow, answer_any_request
from eztong.usecases.eid.open_eid_flow import open_settings
from eztong.usecases.requests.answer_request import AnswerRequest
from eztong.usecases.requests.open_request import start_request
from eztong.usecases.sandbox.demo_operators import sign_in_operator_as
from eztong.usecases.sandbox.demo_people import sign_in_person_as
from eztong.usecases.sandbox.play_persona import (
    act_as,
    check_sandbox,
    freeze,
    play_account,
    play_registration,
    show_code,
    sign_in_as,
)

HOLDER_PATTERN = r"^hld_[0-9A-HJKMNP-TV-Z]{26}$"
# A request by its id, or an E证通 flow by its EidToken.
REQUEST_PATTERN = r"^(req_[0-9A-HJKMNP-TV-Z]{26}|[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12})$"
# P01 to P32 and X1 to X6 have stories; S0, S1, S2 ... are synthetic citizens for whom all goes well.
PERSONA_PATTERN = r"^(P[0-9]{2}|X[0-9]|S[0-9]{1,8})$"
IDENTITY: Final = "identity"
_TEN_YEARS = 10 * 366 * 86_400
HolderPath = Annotated[str, Path(pattern=HOLDER_PATTERN, examples=["hld_01KF0000000000000000000000"])]
PersonPath = Annotated[str, Path(max_length=LONGEST_LOGIN, examples=["demo-admin@hotel"])]
OperatorPath = Annotated[str, Path(max_length=LONGEST_NAME, examples=["demo-li"])]
RequestPath = Annotated[str, Path(pattern=REQUEST_PATTERN, examples=["req_01KF0000000000000000000000"])]

# How a failure looks is described once for all calls, by the application.
_FAILURES: dict[int | str, dict[str, Any]] = {
    403: {"description": "The persona's story does not allow it."},
    404: {"description": "There is no such persona, account or request."},
    409: {"description": "The state does not allow it; `code` says which."},
    413: {"description": "The body is longer than any request needs."},
    422: {"description": "The body, a field or the persona's number cannot be understood."},
    503: {"description": "Not available now; nothing was decided. See Retry-After."},
}
router = APIRouter(prefix="/v1/test_helpers", tags=["Test helpers (sandbox)"], responses=_FAILURES)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HolderBody(_Body):
    """Who to register."""

    persona: Annotated[str, Field(pattern=PERSONA_PATTERN, examples=["P01"])]


class HolderAnswer(BaseModel):
    """The account, and what the persona's story leads to."""

    id: str
    persona: str
    state: str
    reason: str | None
    expected: str
    new: bool


class CodeBody(_Body):
    """How the code is shown."""

    channel: Channel = Channel.SCREEN


class CodeAnswer(BaseModel):
    """A fresh code, as the holder's screen shows it."""

    number: str
    qr: str | None
    expires_at: datetime


class SessionAnswer(BaseModel):
    """A session of the holder for a browser: the cookie to set. The device is bound and unlocked."""

    cookie: str
    token: str


class AnswerBody(_Body):
    """Who answers a request, and what stays switched on (all that is wanted if left out).

    `identity` stands for name and number of an E证通 flow. `face` are the looks of the simulated face check, one for
    each try; the last decides. `confirm` are the answers to an intention; left out, they are the right ones.
    """

    persona: Annotated[str, Field(pattern=PERSONA_PATTERN)] = "P01"
    allow: list[Claim | Literal["identity"]] | None = None
    face: Annotated[list[FaceOutcome], Field(min_length=1, max_length=5)] = [FaceOutcome.PASSED]
    confirm: Annotated[list[Annotated[str, Field(max_length=250)]], Field(max_length=10)] | None = None


class RequestAnswer(BaseModel):
    """The request's outcome."""

    id: str
    outcome: str
    verification_id: str


class StartBody(_Body):
    """Who opens a request; opening is the same for everybody."""

    persona: Annotated[str, Field(pattern=PERSONA_PATTERN)] = "P01"


class StartedRequest(BaseModel):
    """A request after an act."""

    id: str
    state: str


class ClockBody(_Body):
    """How far to move."""

    advance_seconds: Annotated[int, Field(ge=0, le=_TEN_YEARS)]


class ClockAnswer(BaseModel):
    """The service's time now."""

    now: datetime


class FaultBody(_Body):
    """What shall go wrong at the authority."""

    fault: AuthorityFault


class HolderState(BaseModel):
    """An account after an act."""

    id: str
    state: str


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _controls(request: Request) -> SandboxControls:
    controls: SandboxControls = request.app.state.sandbox
    return controls


@router.post("/holders", status_code=201)
def create_holder(request: Request, body: HolderBody) -> HolderAnswer:
    """Register a persona completely, or report the outcome that its story states."""
    persona = _controls(request).persona(body.persona)
    played = play_registration(persona, services=_services(request))
    return HolderAnswer(
        id=played.holder.holder_id,
        persona=persona.key,
        state=played.holder.standing,
        reason=played.holder.reason,
        expected=persona.expected,
        new=played.is_new,
    )


@router.post("/holders/{holder_id}/codes", status_code=201)
async def create_code(request: Request, holder_id: HolderPath, body: CodeBody | None = None) -> CodeAnswer:
    """Show a code on the holder's device."""
    channel = body.channel if body is not None else Channel.SCREEN
    services = _services(request)
    check_sandbox(services)
    shown = (await commit(services.store, services.job(HOLDER, show_code, HolderId(holder_id), channel))).value
    services.observer.code_issued(channel.value)
    return CodeAnswer(number=shown.number, qr=shown.qr, expires_at=shown.expires_at)


@router.post("/holders/{holder_id}/sessions", status_code=201)
def create_session(request: Request, holder_id: HolderPath) -> SessionAnswer:
    """Sign a browser in as the holder, so that a test can open the pages at once."""
    services = _services(request)
    token = new_token(entropy=services.entropy)
    sign_in_as(HolderId(holder_id), hash_session(token, keys=services.keys), services=services)
    cookies = Cookies(services.deployment.is_secure, HOLDER_COOKIE)
    return SessionAnswer(cookie=cookies.session_name, token=token)


@router.post("/operators/{name}/sessions", status_code=201)
def create_operator_session(request: Request, name: OperatorPath) -> SessionAnswer:
    """Sign a browser in at the console as an operator, so that a test can open its pages at once."""
    services = _services(request)
    token = new_token(entropy=services.entropy)
    services.perform(replace(OPERATOR, name=name), sign_in_operator_as, token)
    cookies = Cookies(services.deployment.is_secure, CONSOLE_COOKIE)
    return SessionAnswer(cookie=cookies.session_name, token=token)


@router.post("/people/{name}/sessions", status_code=201)
def create_portal_session(request: Request, name: PersonPath) -> SessionAnswer:
    """Sign a browser in at the partner portal as a person, so that a test can open its pages at once."""
    services = _services(request)
    token = new_token(entropy=services.entropy)
    services.perform(replace(PARTNER, name=name), sign_in_person_as, token)
    cookies = Cookies(services.deployment.is_secure, PORTAL_COOKIE)
    return SessionAnswer(cookie=cookies.session_name, token=token)


@router.post("/holders/{holder_id}/freeze")
def freeze_account(request: Request, holder_id: HolderPath) -> HolderState:
    """Freeze the account as its holder would."""
    holder = freeze(HolderId(holder_id), services=_services(request))
    return HolderState(id=holder.holder_id, state=holder.standing)


@router.post("/requests/{request_id}/start")
def start(request: Request, request_id: RequestPath, body: StartBody | None = None) -> StartedRequest:
    """Open a request's link as a persona would: it is being worked on."""
    services = _services(request)
    persona = (body or StartBody()).persona
    _controls(request).persona(persona)
    opened = services.perform(HOLDER, _start, request_id)
    return StartedRequest(id=opened.request_id, state=opened.state.value)


@router.post("/requests/{request_id}/approve")
def approve_request(request: Request, request_id: RequestPath, body: AnswerBody | None = None) -> RequestAnswer:
    """Open and approve a request as a persona would."""
    return _answer(request, request_id, body or AnswerBody(), approve=True)


@router.post("/requests/{request_id}/decline")
def decline_request(request: Request, request_id: RequestPath, body: AnswerBody | None = None) -> RequestAnswer:
    """Open and decline a request as a persona would."""
    return _answer(request, request_id, body or AnswerBody(), approve=False)


@router.post("/clock")
def move_clock(request: Request, body: ClockBody) -> ClockAnswer:
    """Move the service's clock forward: codes, requests, limits and ages follow."""
    return ClockAnswer(now=_controls(request).advance_clock(body.advance_seconds))


@router.post("/authority")
def switch_authority(request: Request, body: FaultBody) -> FaultBody:
    """Make the identity authority fail, or well again with `none`."""
    _controls(request).set_fault(body.fault)
    return body


def _start(act: Act, request_id: str) -> PartnerRequest:
    return start_request(act, _found(request_id, stored=act.uow).as_of(act.now))


def _found(request_id: str, *, stored: Repositories) -> PartnerRequest:
    flow = stored.eid_flows.find(request_id)
    found = stored.requests.find(RequestId(request_id) if flow is None else flow.request_id)
    if found is None:
        raise NotFound
    return found


def _answer(request: Request, request_id: str, body: AnswerBody, *, approve: bool) -> RequestAnswer:
    services, controls = _services(request), _controls(request)
    holder, now = play_account(controls.persona(body.persona), services=services), services.clock.now()
    wish = _Wish(
        approve=approve,
        body=body,
        findings=[controls.face(outcome).look(unlocked_until=now + UNLOCK_LIFE, now=now) for outcome in body.face],
        environment=services.deployment.mode.value,
    )
    opened, answered = services.perform(HOLDER, _answer_as, holder.holder_id, request_id, wish)
    verification = answered.verification
    return RequestAnswer(
        id=opened.request_id, outcome=verification.outcome.value, verification_id=verification.verification_id
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """How the persona is to answer."""

    approve: bool
    body: AnswerBody
    findings: Sequence[LivePersonFinding]
    environment: str


def _answer_as(act: Act, holder_id: HolderId, request_id: str, wish: _Wish) -> tuple[PartnerRequest, Answered]:
    opened, body = _found(request_id, stored=act.uow).as_of(act.now).opened(now=act.now), wish.body
    answer = AnswerRequest(
        request=opened,
        session_hash=act_as(act, holder_id),
        approve=wish.approve,
        allowed=opened.claims if body.allow is None else frozenset(c for c in body.allow if c != IDENTITY),
        match_number=opened.match_number,
        environment=wish.environment,
    )
    flow = act.uow.eid_flows.of_request(opened.request_id)
    intention = None if flow is None else open_settings(flow, keys=act.keys).intention
    willing = () if intention is None else passing_answers(intention)
    command = AnswerEidFlow(
        answer=answer,
        findings=wish.findings,
        confirmations=willing if body.confirm is None else tuple(body.confirm),
        release_identity=body.allow is None or IDENTITY in body.allow,
    )
    return opened, answer_any_request(act, command)
