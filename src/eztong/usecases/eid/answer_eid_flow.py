"""Answer an eid flow: the request's answer, with the live-person factor, the intention and the identity's release."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from eztong.domain.canonical_json import parse_document, render_canonical
from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.eid_flow import (
    REASON_NOT_LIVE,
    REASON_NOT_SAME_PERSON,
    EidCode,
    EidEnding,
    EidFlow,
    FlowSettings,
    FlowTry,
    Recipient,
    code_of,
    may_release,
)
from eztong.domain.eid.identity_envelope import SESSION_KEY_BYTES, IdentityEnvelope, ReleasedIdentity, seal_identity
from eztong.domain.eid.intention import SALT_BYTES, Intention, check_intention, render_evidence
from eztong.domain.eid.live_person import LivePersonFinding
from eztong.domain.errors import HolderNotUsable, NotFound
from eztong.domain.holder import Holder
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.standing import check_may_show_code
from eztong.gm.sm2 import PublicKey
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, SignPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.contact.cooling import check_contact_settled
from eztong.usecases.eid.expected_person import find_difference
from eztong.usecases.eid.open_eid_flow import Confirmed, open_settings, seal_confirmed
from eztong.usecases.naming import new_id
from eztong.usecases.requests.answer_request import AnswerRequest, answer_request
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEidFlow:
    """The holder's act.

    ``findings`` are the looks of the live-person factor, at least one for an approval; ``confirmations`` what was
    confirmed of the intention, step by step; ``release_identity`` the separate switch for name and number.
    """

    answer: AnswerRequest
    findings: Sequence[LivePersonFinding]
    confirmations: Sequence[str] = ()
    release_identity: bool = False


def answer_eid_flow(act: Act, command: AnswerEidFlow) -> Answered:
    """Record the holder's answer.

    1. An approval confirms the intention, step by step; otherwise nothing is answered.
    2. State, live person and the merchant's expectation may each end the flow as not passed.
    3. The request is answered as any other.
    4. What the merchant will read is made once: signature, envelope (if the merchant may have it), evidence of the
       intention.

    Raises:
        NotFound: the request is no eid flow.
        SessionMissing, DeviceNotBound: this session may not.
        ContactCooling: name and number are not released while the phone is being changed; nothing was answered.
        IntentionNotConfirmed, RequestFinished, HolderNotUsable, Locked, AgreementNotAccepted: nothing was answered.
    """
    flow = act.uow.eid_flows.of_request(command.answer.request.request_id)
    if flow is None:
        raise NotFound
    holder = find_bound(command.answer.session_hash, stored=act.uow, now=act.now).holder
    settings = open_settings(flow, keys=act.keys)
    reason = None
    if command.answer.approve:
        if settings.intention is not None:
            check_intention(settings.intention, command.confirmations)
        reason = _objection(command, settings, holder, keys=act.keys, now=act.now)
    answer = replace(command.answer, refused_because=reason, match_number=command.answer.request.match_number)
    answered = answer_request(act, answer)
    code = code_of(answered.verification.outcome, answered.verification.reason)
    ending = EidEnding()
    if command.answer.approve and settings.intention is not None:
        ending = _confirmed(act, settings.intention, command.confirmations, flow)
    if answered.verification.outcome is Outcome.PASSED:
        may_go = command.release_identity and may_release(settings, guarded=is_guarded(flow, stored=act.uow))
        recipient = settings.recipient if may_go else None
        if recipient is not None:
            check_contact_settled(holder.holder_id, stored=act.uow, now=act.now)
        ending = _with_identity(ending, holder, answered, recipient, keys=act.keys, entropy=act.entropy)
    tries = flow.tries + _tries(act, command, code)
    act.uow.eid_flows.save(replace(flow, tries=tries, ending=ending))
    return answered


def answer_any_request(act: Act, command: AnswerEidFlow) -> Answered:
    """Record the answer of an eid flow or of an ordinary request, whichever it is; the latter is ``answer`` alone.

    Raises:
        EztongError: as :func:`answer_eid_flow` and :func:`~eztong.usecases.requests.answer_request.answer_request` say.
    """
    if act.uow.eid_flows.of_request(command.answer.request.request_id) is None:
        return answer_request(act, command.answer)
    return answer_eid_flow(act, command)


def is_guarded(flow: EidFlow, *, stored: Repositories) -> bool:
    """Say whether the flow's merchant is set to guarded release, now."""
    merchant = stored.merchants.get(flow.merchant_id)
    return merchant is not None and merchant.options.guarded_release


def _objection(
    command: AnswerEidFlow, settings: FlowSettings, holder: Holder, *, keys: Keys, now: datetime
) -> str | None:
    try:
        check_may_show_code(holder)
    except HolderNotUsable as why:
        return why.code
    last = command.findings[-1].code
    if last is not EidCode.PASSED:
        return REASON_NOT_LIVE if last is EidCode.NOT_LIVE else REASON_NOT_SAME_PERSON
    if settings.expected is None:
        return None
    return find_difference(
        settings.expected,
        vault=open_vault(holder, keys=keys),
        sealed_number=holder.sealed_number or b"",
        sealed_name=holder.sealed_name or b"",
        today=service_date(now),
    )


def _tries(act: Act, command: AnswerEidFlow, code: EidCode) -> tuple[FlowTry, ...]:
    earlier = [finding.code for finding in command.findings[:-1]] if command.answer.approve else []
    return tuple(FlowTry(at=act.now, sequence=new_id(act, "seq"), code=one) for one in (*earlier, code))


def _confirmed(act: Act, intention: Intention, confirmations: Sequence[str], flow: EidFlow) -> EidEnding:
    """Attest salted commitments to what was shown and confirmed, and seal what opens them."""
    salt = act.entropy.token(SALT_BYTES)
    evidence = render_canonical(render_evidence(intention, confirmations, request_id=flow.request_id, salt=salt))
    leaf = act.uow.attest(evidence)
    confirmed = Confirmed(salt, tuple(confirmations))
    return EidEnding(
        confirmed=True,
        sealed_confirmations=seal_confirmed(confirmed, flow.eid_token, keys=act.keys, entropy=act.entropy),
        evidence=evidence,
        evidence_batch=leaf.batch_id,
        evidence_leaf=leaf.index,
    )


def _with_identity(
    ending: EidEnding,
    holder: Holder,
    answered: Answered,
    recipient: Recipient | None,
    *,
    keys: Keys,
    entropy: Entropy,
) -> EidEnding:
    """Add the signature over the partner code and, for a recipient, the envelope."""
    ending = replace(ending, eid_sign=sign_partner_code(answered, keys=keys))
    if recipient is None:
        return ending
    envelope = _envelope(holder, recipient, keys=keys, entropy=entropy)
    return replace(ending, des_key=envelope.des_key, user_info=envelope.user_info)


def sign_partner_code(answered: Answered, *, keys: Keys) -> str:
    """Return the base64 signature over the partner code of an answer, as the merchant gets it."""
    partner_code = str(parse_document(answered.result)["partner_code"])
    return base64.b64encode(keys.sign(SignPurpose.RESULTS, partner_code.encode("ascii")).signature).decode()


def _envelope(holder: Holder, recipient: Recipient, *, keys: Keys, entropy: Entropy) -> IdentityEnvelope:
    vault = open_vault(holder, keys=keys)
    identity = ReleasedIdentity(
        name=vault.open("sealed_name", holder.sealed_name or b"").decode(),
        number=vault.open("sealed_number", holder.sealed_number or b"").decode(),
        type_code=(holder.document_type or DocumentType.RESIDENT_ID).value,
    )
    return seal_identity(
        identity,
        to=PublicKey.from_spki(recipient.public_key),
        session_key=entropy.token(SESSION_KEY_BYTES),
        point_prefix=recipient.point_prefix,
    )
