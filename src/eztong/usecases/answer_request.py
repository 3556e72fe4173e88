"""Answer a partner's request: approve (with the claims that the holder allows) or decline. Both are normal answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from eztong.domain.claims import Claim
from eztong.domain.device import check_bound
from eztong.domain.errors import HolderNotActive, MatchNumberWrong, NotFound, RequestFinished
from eztong.domain.grant import Grant, GrantState
from eztong.domain.holder import Assurance, Holder, check_may_show_code
from eztong.domain.identifiers import DeviceId, GrantId, HolderId, VerificationId
from eztong.domain.partner import Partner, PartnerState, Scene
from eztong.domain.presentation_code import Method
from eztong.domain.request import Request, RequestState
from eztong.domain.unlock import check_unlocked
from eztong.domain.verification import Outcome
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage import UnitOfWork
from eztong.usecases.conclude_verification import Answered, Asked, Decided, conclude, decide
from eztong.usecases.issue_code import check_agreements
from eztong.usecases.naming import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRequest:
    """The holder's act. ``allowed`` are the claims left switched on; ``match_number`` is what the holder picked.

    ``unlocked_until`` is the asking session's unlock; agreeing needs it, refusing never does. ``refused_because`` is
    a reason found before that ends an approval as not passed.
    """

    request: Request
    holder_id: HolderId
    device_id: DeviceId
    unlocked_until: datetime | None
    approve: bool
    allowed: frozenset[Claim]
    match_number: int | None
    environment: str
    refused_because: str | None = None


def answer_request(command: AnswerRequest, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime) -> Answered:
    """Record the holder's answer as a verification, with a grant for what was allowed beyond the result.

    1. The request is open, and the partner still approved.
    2. The account, its device and its agreements carry an approval, and the session is unlocked for it.
    3. The match number is the one that the partner shows (anti-relay).
    4. State, assurance and switch decide; declining is ``declined``.
    5. Grant, verification and the request's end are stored together.

    Raises:
        RequestFinished, HolderNotUsable, Locked, AgreementNotAccepted, MatchNumberWrong: nothing was answered.
    """
    command.request.check_open(now=now)
    partner, scene = _asker(command.request, uow=uow)
    holder = uow.holders.get(command.holder_id)
    if holder is None:
        raise HolderNotActive
    check_bound(uow.devices.get(command.holder_id, command.device_id))
    decided = Decided(Outcome.DECLINED)
    allowed: frozenset[Claim] = frozenset()
    if command.approve:
        if command.refused_because is None:
            check_may_show_code(holder)
        check_unlocked(command.unlocked_until, now=now)
        check_agreements(command.holder_id, stored=uow)
        if command.match_number != command.request.match_number:
            raise MatchNumberWrong
        decided = _decided(command, holder, floor=scene.floor, uow=uow)
        # A claim that the scene lost while the request was open does not leave.
        allowed = command.allowed & command.request.claims & (scene.claims | {Claim.IS_PERSON})
    verification_id = VerificationId(new_id("ver", now=now, entropy=entropy))
    if decided.outcome is Outcome.PASSED and allowed - {Claim.IS_PERSON}:
        _grant(command, scene, allowed, uow=uow, entropy=entropy, now=now)
    asked = Asked(
        partner=partner,
        scene=scene,
        desk=command.request.desk,
        method=Method.REQUEST,
        wants=command.request.claims,
        environment=command.environment,
        verification_id=verification_id,
        now=now,
        request_id=command.request.request_id,
    )
    answer = conclude(asked, decided, holder=holder, granted=allowed, uow=uow, keys=keys, entropy=entropy)
    finished = command.request.finished(now=now, holder_id=command.holder_id, verification_id=verification_id)
    if not uow.requests.advance(finished, expected=[RequestState.INIT, RequestState.DOING]):
        raise RequestFinished
    return answer


def _decided(command: AnswerRequest, holder: Holder, *, floor: Assurance, uow: UnitOfWork) -> Decided:
    decided = decide(holder, partner_id=command.request.partner_id, floor=floor, uow=uow)
    if decided.outcome is Outcome.PASSED and command.refused_because is not None:
        return Decided(Outcome.NOT_PASSED, command.refused_because)
    return decided


def _asker(request: Request, *, uow: UnitOfWork) -> tuple[Partner, Scene]:
    partner = uow.partners.get(request.partner_id)
    scene = uow.partners.scene(request.partner_id, request.scene)
    if partner is None or scene is None:
        raise NotFound
    if partner.state is not PartnerState.APPROVED:
        raise RequestFinished
    return partner, scene


def _grant(
    command: AnswerRequest,
    scene: Scene,
    allowed: frozenset[Claim],
    *,
    uow: UnitOfWork,
    entropy: Entropy,
    now: datetime,
) -> None:
    days = command.request.grant_days
    uow.requests.add_grant(
        Grant(
            grant_id=GrantId(new_id("grt", now=now, entropy=entropy)),
            holder_id=command.holder_id,
            partner_id=command.request.partner_id,
            scene=scene.scene,
            claims=allowed,
            purpose=scene.purpose,
            # Zero days means «for this time only»: the grant is on record, but covers nothing after it.
            state=GrantState.GRANTED if days else GrantState.LAPSED,
            granted_at=now,
            expires_at=now + timedelta(days=days),
            request_id=command.request.request_id,
        )
    )
