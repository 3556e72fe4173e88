"""Verify a presented code: the one thing everything else exists for (clause 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from eztong.domain.agreements import SALT_BYTES
from eztong.domain.canonical_json import render_canonical
from eztong.domain.claims import PERSON_ALONE, Claim
from eztong.domain.codes.presentation_code import (
    Asking,
    CodeState,
    PresentationCode,
    PresentedCode,
    Turn,
    check_qr,
    hash_asking,
    judge_try,
)
from eztong.domain.codes.refused_try import CodeAttempt, refused_try_document
from eztong.domain.codes.verification import Outcome, Question
from eztong.domain.errors import (
    CodeAlreadyUsed,
    CodeCancelled,
    CodeExpired,
    CodeForged,
    CodeUnknown,
    EztongError,
    NotFound,
    StateConflict,
)
from eztong.domain.grants import granted_claims
from eztong.domain.identifiers import VerificationId
from eztong.domain.partners.partner import Caller, Scene
from eztong.domain.partners.quota import check_quota
from eztong.domain.standing import Verifiable
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.codes.codes import AttestedTry
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Needs
from eztong.usecases.codes.check_asking import check_asking
from eztong.usecases.codes.conclude_verification import Answered, Decided, conclude, decide, open_result
from eztong.usecases.idempotency import IdempotencyKey, find_earlier, remember
from eztong.usecases.naming import new_id
from eztong.usecases.notices.warn_holder import warn_of_replay
from eztong.usecases.partners.authenticate_partner import SeenKey, check_still
from eztong.usecases.refusal import Refused

_REFUSALS: Final = (CodeAlreadyUsed, CodeCancelled, CodeExpired)
_READINGS: Final = 3


class VerifyCode(msgspec.Struct, frozen=True, kw_only=True):
    """A partner presents a code whose form already holds. ``asker`` is the desk's session; none is the API key.

    ``handles`` are the code's :func:`handles_of`, made once where it was presented: that was after it was issued, so
    they have it under whichever key that was.
    """

    caller: Caller
    presented: PresentedCode
    handles: tuple[bytes, ...]
    scene: str
    desk: str | None
    wants: frozenset[Claim]
    environment: str
    idempotency: IdempotencyKey | None = None
    asker: str | None = None

    @property
    def asking_hash(self) -> bytes:
        """What this try has in common with a repeat of it."""
        return hash_asking(
            Asking(
                partner_id=self.caller.partner.partner_id,
                asker=self.asker or self.caller.key.key_id,
                scene=self.scene,
                desk=self.desk,
                wants=self.wants,
            )
        )


def handles_of(presented: PresentedCode, *, keys: Keys) -> tuple[bytes, ...]:
    """Return the keyed hashes under which a code may be stored: of the active key, then of retiring ones."""
    return tuple(keys.macs(MacPurpose.CODE_HANDLE, presented.digits.encode()))


def needs_of(command: VerifyCode) -> Needs:
    """Return what :func:`verify_code` will read."""
    return Needs(
        partner_id=command.caller.partner.partner_id,
        method=command.presented.method,
        handles=command.handles,
        key_hash=None if command.idempotency is None else command.idempotency.key_hash,
    )


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


def verify_seen(act: Act, command: VerifyCode, seen: SeenKey) -> Answered | Refused:
    """Verify for a key that was seen before: it must be live still.

    Raises:
        KeyUnknown, KeyRevoked, PartnerSuspended: no answer for this key any more.
        EztongError: as :func:`verify_code` says.
    """
    check_still(act, seen)
    return verify_code(act, command)


def verify_code(act: Act, command: VerifyCode) -> Answered | Refused:
    """Authenticate the holder behind a code and answer the partner.

    1. The same idempotency key and body gives the same answer again.
    2. The partner may use the scene, the desk and the claims.
    3. The code is known by its keyed hash. The same question again within its life gets the first answer again.
    4. The holder's state, the scene's assurance and the holder's switch decide.
    5. One conditional UPDATE gives the code its one verification, whatever was decided; who loses it starts at 3.
    6. Result, leaf, verification and idempotency record are stored together.

    Returns:
        The answer, or a remembered refusal for a known code that could not be used.

    Raises:
        CodeUnknown, CodeClockSkew, IdempotencyConflict, SceneNotAllowed, DeskUnknown, ClaimNotAllowed: nothing was
            changed.
    """
    partner = command.caller.partner
    earlier = find_earlier(command.idempotency, partner_id=partner.partner_id, stored=act.uow)
    if earlier is not None:
        return read_again(VerificationId(earlier), caller=command.caller, stored=act.uow, keys=act.keys)
    scene = check_asking(command.caller, scene=command.scene, desk=command.desk, wants=command.wants, stored=act.uow)
    trying = _Try(command, command.asking_hash, scene)
    for _ in range(_READINGS):
        code = _find(command.handles, stored=act.uow)
        try:
            if judge_try(code, asking_hash=trying.asking_hash, now=act.now) is Turn.REPEAT:
                return read_again(_verification_of(code), caller=command.caller, stored=act.uow, keys=act.keys)
            answer = _verify_first(act, trying, code)
        except _REFUSALS as why:
            return _refuse(act, trying, code, why)
        if answer is not None:
            remember(
                act, command.idempotency, partner_id=partner.partner_id, resource_id=answer.verification.verification_id
            )
            return answer
    # A code only moves on, so another writer cannot take it away more often than it has states.
    raise StateConflict


def read_again(verification_id: VerificationId, *, caller: Caller, stored: Repositories, keys: Keys) -> Answered:
    """Return an earlier answer of this partner.

    Raises:
        NotFound: there is none.
    """
    verification = stored.verifications.get(caller.partner.partner_id, verification_id)
    if verification is None:
        raise NotFound
    holder = None
    if verification.result is None and verification.holder_id is not None:
        holder = stored.holders.get(verification.holder_id)
    return Answered(verification, open_result(verification, holder=holder, keys=keys), None)


def _find(handles: Sequence[bytes], *, stored: Repositories) -> PresentationCode:
    for handle in handles:
        code = stored.codes.by_hash(handle)
        if code is not None:
            return code
    raise CodeUnknown


def _verification_of(code: PresentationCode) -> VerificationId:
    if code.verification_id is None:
        raise NotFound
    return code.verification_id


class _Try(msgspec.Struct, frozen=True):
    """The command, what a repeat of it has in common with it, and its scene."""

    command: VerifyCode
    asking_hash: bytes
    scene: Scene


def _verify_first(act: Act, trying: _Try, code: PresentationCode) -> Answered | None:
    """Make the code's one verification; None if another writer was faster.

    Raises:
        QuotaUsedUp: the partner's quota of this month is; the code stays as it was.
        CodeCancelled: cancelled, and nothing else stands against the holder: a device was removed or signed out.
    """
    command, partner = trying.command, trying.command.caller.partner
    check_quota(partner.quota_until, now=act.now)
    holder = act.uow.holders.to_verify(code.holder_id)
    if holder is None:
        raise CodeUnknown
    verification_id = VerificationId(new_id(act, "ver"))
    decided = decide(holder, partner_id=partner.partner_id, scene=trying.scene, stored=act.uow, now=act.now)
    if not _settle(act, trying, code, decided, verification_id=verification_id):
        return None
    asked = Question(
        partner=partner,
        scene=trying.scene,
        desk=command.desk,
        method=command.presented.method,
        wants=command.wants,
        environment=command.environment,
        verification_id=verification_id,
        now=act.now,
        api_key_id=command.caller.key.key_id,
        code_id=code.code_id,
    )
    granted = _granted(command.wants, holder, asked, stored=act.uow)
    return conclude(act, asked, decided, holder=holder, granted=granted)


def _settle(
    act: Act, trying: _Try, code: PresentationCode, decided: Decided, *, verification_id: VerificationId
) -> bool:
    if code.state is not CodeState.CANCELLED:
        return act.uow.codes.consume(code.code_id, verification_id, asking_hash=trying.asking_hash, now=act.now)
    # A code that died with its account's freeze must not tell the partner so: it makes its one verification like any
    # other, which does not pass.
    if decided.outcome is not Outcome.NOT_PASSED:
        raise CodeCancelled
    return act.uow.codes.settle_cancelled(code.code_id, verification_id, asking_hash=trying.asking_hash)


def _refuse(act: Act, trying: _Try, code: PresentationCode, why: EztongError) -> Refused:
    command, partner = trying.command, trying.command.caller.partner
    attempt = CodeAttempt(
        holder_id=code.holder_id,
        attempt_id=new_id(act, "att"),
        code_id=code.code_id,
        partner_id=partner.partner_id,
        scene=trying.scene.scene,
        desk=command.desk,
        reason=why.code,
        at=act.now,
    )
    # The same refused try again is already in the holder's list: it leaves no row and warns nobody.
    is_new = act.uow.codes.add_attempt(attempt)
    if is_new:
        _attest_try(act, attempt, environment=command.environment)
    holder = act.uow.holders.get(code.holder_id) if is_new and isinstance(why, CodeAlreadyUsed) else None
    if holder is not None:
        warn_of_replay(act, code, holder, partner)
    return Refused(why, is_new=is_new)


def _attest_try(act: Act, attempt: CodeAttempt, *, environment: str) -> None:
    """Make the try a leaf, so that its holder can prove it (clause 2.15). Only a stored one leaves a leaf."""
    salt = act.entropy.token(SALT_BYTES)
    document = render_canonical(refused_try_document(attempt, environment=environment, salt=salt))
    leaf = act.uow.attest(document)
    attested = AttestedTry(document=document, salt=salt, batch_id=leaf.batch_id, leaf_index=leaf.index)
    act.uow.codes.attest_attempt(attempt.holder_id, attempt.attempt_id, attested)


def _granted(wants: frozenset[Claim], holder: Verifiable, asked: Question, *, stored: Repositories) -> frozenset[Claim]:
    if wants <= PERSON_ALONE:
        return frozenset()
    grants = stored.grants.list(holder.holder_id, asked.partner.partner_id, asked.scene.scene)
    return granted_claims(list(grants), now=asked.now)
