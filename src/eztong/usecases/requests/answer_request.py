"""Answer a partner's request: approve (with the claims that the holder allows) or decline. Both are normal answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from eztong.domain.access.unlock import check_unlocked
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.verification import Outcome, Question
from eztong.domain.errors import MatchNumberMissing, NotFound, RequestFinished
from eztong.domain.grants import Grant, GrantState
from eztong.domain.holder import Holder
from eztong.domain.identifiers import GrantId, VerificationId
from eztong.domain.partners.partner import Partner, PartnerState, Scene
from eztong.domain.requests.request import MATCH_NUMBER_WRONG, Request, RequestState
from eztong.domain.standing import check_may_show_code
from eztong.domain.webhooks.news import request_was_answered
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SignedIn, find_bound
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.codes.conclude_verification import Answered, Decided, conclude, decide
from eztong.usecases.naming import new_id
from eztong.usecases.webhooks.announce import announce


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRequest:
    """The holder's act. ``allowed`` are the claims left switched on; ``match_number`` is what the holder picked.

    Agreeing takes a session that is freshly unlocked, refusing never does. ``refused_because`` is a reason found
    before that ends an approval as not passed.
    """

    request: Request
    session_hash: bytes
    approve: bool
    allowed: frozenset[Claim]
    match_number: int | None
    environment: str
    refused_because: str | None = None


def answer_request(act: Act, command: AnswerRequest) -> Answered:
    """Record the holder's answer as a verification, with a grant for what was allowed beyond the result.

    1. The request is open, the partner still approved; nothing is approved for a desk that was ended meanwhile.
    2. The session is live on the account's bound device; for an approval it is unlocked, and account and consent carry
       it.
    3. The match number is the one that the partner shows (anti-relay). A wrong pick ends the request as declined: of
       three numbers nobody gets a second guess.
    4. State, assurance, consent and switch decide; declining is ``declined``.
    5. Grant, verification and the request's end are stored together.

    Raises:
        RequestFinished, SessionMissing, HolderNotUsable, Locked, AgreementNotAccepted, MatchNumberMissing: nothing was
            answered.
    """
    command.request.check_open(now=act.now)
    partner, scene = find_asker(command.request, stored=act.uow)
    signed_in = find_bound(command.session_hash, stored=act.uow, now=act.now)
    holder = signed_in.holder
    decided = Decided(Outcome.DECLINED)
    if command.approve:
        _check_desk(command.request, stored=act.uow)
        decided = _approved(act, command, signed_in, scene=scene)
    allowed: frozenset[Claim] = frozenset()
    if decided.outcome is Outcome.PASSED:
        # A claim that the scene lost while the request was open does not leave.
        allowed = command.allowed & command.request.claims & (scene.claims | {Claim.IS_PERSON})
    answer = RequestAnswer(
        request=command.request,
        partner=partner,
        scene=scene,
        holder=holder,
        decided=decided,
        allowed=allowed,
        environment=command.environment,
    )
    return finish_request(act, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer:
    """How an open request ends: who asked, who answers, and what was decided."""

    request: Request
    partner: Partner
    scene: Scene
    holder: Holder
    decided: Decided
    allowed: frozenset[Claim]
    environment: str


def finish_request(act: Act, answer: RequestAnswer) -> Answered:
    """Store grant, verification and the request's end together; every answer of a request ends here.

    Raises:
        RequestFinished: it has an answer, or its time is over.
    """
    request, holder = answer.request, answer.holder
    verification_id = VerificationId(new_id(act, "ver"))
    if answer.allowed - {Claim.IS_PERSON}:
        _grant(act, answer)
    asked = Question(
        partner=answer.partner,
        scene=answer.scene,
        desk=request.desk,
        method=Method.REQUEST,
        wants=request.claims,
        environment=answer.environment,
        verification_id=verification_id,
        now=act.now,
        request_id=request.request_id,
    )
    answered = conclude(act, asked, answer.decided, holder=holder, granted=answer.allowed)
    finished = request.finished(now=act.now, holder_id=holder.holder_id, verification_id=verification_id)
    if not act.uow.requests.advance(finished, expected=[RequestState.DOING, RequestState.INIT]):
        raise RequestFinished
    told = request_was_answered(finished, verification_id=verification_id, outcome=answer.decided.outcome, now=act.now)
    announce(act, request.partner_id, told)
    return answered


def _check_desk(request: Request, *, stored: Repositories) -> None:
    if request.desk is not None and not stored.partners.has_desk(request.partner_id, request.desk):
        raise RequestFinished


def _approved(act: Act, command: AnswerRequest, signed_in: SignedIn, *, scene: Scene) -> Decided:
    holder = signed_in.holder
    if command.refused_because is None:
        check_may_show_code(holder)
    check_unlocked(signed_in.session.unlocked_until, now=act.now)
    check_consent(holder.holder_id, stored=act.uow)
    if command.match_number is None:
        raise MatchNumberMissing
    if command.match_number != command.request.match_number:
        return Decided(Outcome.DECLINED, MATCH_NUMBER_WRONG)
    decided = decide(holder, partner_id=command.request.partner_id, scene=scene, stored=act.uow, now=act.now)
    if decided.outcome is Outcome.PASSED and command.refused_because is not None:
        return Decided(Outcome.NOT_PASSED, command.refused_because)
    return decided


def find_asker(request: Request, *, stored: Repositories) -> tuple[Partner, Scene]:
    """Return who asks and for what.

    Raises:
        NotFound: partner or scene is gone.
        RequestFinished: the partner gets no answers now.
    """
    partner = stored.partners.get(request.partner_id)
    scene = stored.partners.scene(request.partner_id, request.scene)
    if partner is None or scene is None:
        raise NotFound
    if partner.state is not PartnerState.APPROVED:
        raise RequestFinished
    return partner, scene


def _grant(act: Act, answer: RequestAnswer) -> None:
    request = answer.request
    act.uow.grants.add(
        Grant(
            grant_id=GrantId(new_id(act, "grt")),
            holder_id=answer.holder.holder_id,
            partner_id=request.partner_id,
            scene=answer.scene.scene,
            claims=answer.allowed,
            purpose=answer.scene.purpose,
            # Zero days means «for this time only»: the grant is on record, but covers nothing after it.
            state=GrantState.GRANTED if request.grant_days else GrantState.LAPSED,
            granted_at=act.now,
            expires_at=act.now + timedelta(days=request.grant_days),
            request_id=request.request_id,
        )
    )
