"""Verify a presented code: the one thing everything else exists for (clause 2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.claims import Claim
from eztong.domain.errors import CodeAlreadyUsed, CodeForged, CodeUnknown, EztongError, NotFound
from eztong.domain.grant import granted_claims
from eztong.domain.holder import Holder
from eztong.domain.identifiers import VerificationId
from eztong.domain.partner import Caller, Scene
from eztong.domain.presentation_code import CodeState, PresentationCode, PresentedCode, check_consumable, check_qr
from eztong.domain.verification import Outcome
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.records import CodeAttempt
from eztong.ports.storage import UnitOfWork
from eztong.usecases.check_asking import check_asking
from eztong.usecases.conclude_verification import Answered, Asked, Decided, conclude, decide, open_result
from eztong.usecases.idempotency import IdempotencyKey, find_earlier, remember
from eztong.usecases.naming import new_id
from eztong.usecases.refusal import Refused
from eztong.usecases.warn_holder import warn_of_replay


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyCode:
    """A partner presents a code whose form already holds."""

    caller: Caller
    presented: PresentedCode
    scene: str
    desk: str | None
    wants: frozenset[Claim]
    environment: str
    idempotency: IdempotencyKey | None = None


def check_genuine(presented: PresentedCode, *, keys: Keys, now: datetime) -> None:
    """Refuse junk before any look-up in the store.

    Raises:
        CodeForged: the QR tag was not made here.
        CodeClockSkew: issued in the future.
    """

    def tag(key_number: int, head: bytes) -> bytes:
        try:
            return keys.mac_with(MacPurpose.QR_TAG, key_number, head)
        except NotFound as error:
            raise CodeForged from error

    check_qr(presented, now=now, tag=tag)


def verify_code(
    command: VerifyCode, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime
) -> Answered | Refused:
    """Authenticate the holder behind a code and answer the partner.

    1. The same idempotency key and body gives the same answer again.
    2. The partner may use the scene, the desk and the claims.
    3. The code is known by its keyed hash, still issued, within its life.
    4. One conditional UPDATE consumes it; whoever loses that race was a replay.
    5. The holder's state, the scene's assurance and the holder's switch decide.
    6. Result, leaf, verification and idempotency record are stored together.

    Returns:
        The answer, or a remembered refusal for a known code that could not be used.

    Raises:
        CodeUnknown, IdempotencyConflict, SceneNotAllowed, DeskUnknown, ClaimNotAllowed: nothing was changed.
    """
    partner = command.caller.partner
    earlier = find_earlier(command.idempotency, partner_id=partner.partner_id, uow=uow)
    if earlier is not None:
        return read_again(VerificationId(earlier), caller=command.caller, uow=uow, keys=keys)
    scene = check_asking(command.caller, scene=command.scene, desk=command.desk, wants=command.wants, stored=uow)
    code = _find(command.presented, uow=uow, keys=keys)
    holder = uow.holders.get(code.holder_id)
    if holder is None:
        raise CodeUnknown
    verification_id = VerificationId(new_id("ver", now=now, entropy=entropy))
    decided = decide(holder, partner_id=partner.partner_id, floor=scene.floor, uow=uow)
    try:
        _consume(code, decided, verification_id, uow=uow, now=now)
    except EztongError as why:
        known = _KnownCode(code, holder, scene)
        return _refuse(command, known, why, uow=uow, keys=keys, entropy=entropy, now=now)
    asked = Asked(
        partner=partner,
        scene=scene,
        desk=command.desk,
        method=command.presented.method,
        wants=command.wants,
        environment=command.environment,
        verification_id=verification_id,
        now=now,
        api_key_id=command.caller.key.key_id,
        code_id=code.code_id,
    )
    granted = _granted(command.wants, holder, asked, uow=uow)
    answer = conclude(asked, decided, holder=holder, granted=granted, uow=uow, keys=keys, entropy=entropy)
    remember(command.idempotency, partner_id=partner.partner_id, resource_id=verification_id, uow=uow, now=now)
    return answer


def read_again(verification_id: VerificationId, *, caller: Caller, uow: UnitOfWork, keys: Keys) -> Answered:
    """Return an earlier answer of this partner.

    Raises:
        NotFound: there is none.
    """
    verification = uow.verifications.get(caller.partner.partner_id, verification_id)
    if verification is None:
        raise NotFound
    holder = None
    if verification.result is None and verification.holder_id is not None:
        holder = uow.holders.get(verification.holder_id)
    return Answered(verification, open_result(verification, holder=holder, keys=keys), None)


def _find(presented: PresentedCode, *, uow: UnitOfWork, keys: Keys) -> PresentationCode:
    for digits_hash in keys.macs(MacPurpose.CODE_HANDLE, presented.digits.encode()):
        code = uow.codes.by_hash(digits_hash)
        if code is not None:
            return code
    raise CodeUnknown


def _consume(
    code: PresentationCode, decided: Decided, verification_id: VerificationId, *, uow: UnitOfWork, now: datetime
) -> None:
    # A code that died with its account's freeze must not tell the partner so: it ends as a plain «not passed».
    if code.state is CodeState.CANCELLED and decided.outcome is not Outcome.PASSED and now < code.expires_at:
        return
    check_consumable(code, now=now)
    if not uow.codes.consume(code.code_id, verification_id, now=now):
        raise CodeAlreadyUsed


@dataclass(frozen=True, slots=True)
class _KnownCode:
    """A code that was found, its account, and the scene it was presented in."""

    code: PresentationCode
    holder: Holder
    scene: Scene


def _refuse(
    command: VerifyCode,
    known: _KnownCode,
    why: EztongError,
    *,
    uow: UnitOfWork,
    keys: Keys,
    entropy: Entropy,
    now: datetime,
) -> Refused:
    uow.codes.add_attempt(
        CodeAttempt(
            holder_id=known.holder.holder_id,
            attempt_id=new_id("att", now=now, entropy=entropy),
            code_id=known.code.code_id,
            partner_id=command.caller.partner.partner_id,
            scene=known.scene.scene,
            desk=command.desk,
            reason=why.code,
            at=now,
        )
    )
    if isinstance(why, CodeAlreadyUsed):
        warn_of_replay(known.holder, command.caller.partner, uow=uow, keys=keys, entropy=entropy, now=now)
    return Refused(why)


def _granted(wants: frozenset[Claim], holder: Holder, asked: Asked, *, uow: UnitOfWork) -> frozenset[Claim]:
    if wants <= {Claim.IS_PERSON}:
        return frozenset()
    grants = uow.requests.grants(holder.holder_id, asked.partner.partner_id, asked.scene.scene)
    return granted_claims(list(grants), now=asked.now)
